"""What the protocol side asks of a simulated device, whatever its model."""

from __future__ import annotations

from typing import Protocol

from protocols.pmp.commands import EventId
from protocols.pmp.facts import Dataset, Phase, Refusal
from protocols.pmp.messages import FillErase, FillRegions, MemoryFill, WipePrepare, WipePrepared
from protocols.terminal import (
    Binding,
    Identity,
    KeySlot,
    KindTotal,
    Region,
    Screen,
    Status,
    WipeProgress,
    WipeStatus,
)
from protocols.words import Key
from simulators.hardware.identity import DeviceIdentity

DeviceEvent = tuple[EventId, Screen | WipeProgress]


class Refused(Exception):
    """The device says no to a command.

    Args:
        code: Why, as the protocol numbers it.
        text: What the terminal says besides, possibly nothing.
    """

    def __init__(self, code: Refusal, text: str = "") -> None:
        super().__init__(code.name)
        self.code = code
        self.text = text


class DatasetView(Protocol):
    """A frozen view of a dataset."""

    @property
    def records(self) -> int:
        """How many records it has."""

    @property
    def size(self) -> int:
        """How many bytes."""

    def read(self, offset: int, length: int) -> bytes:
        """Return bytes of it, fewer where it ends."""

    def digest(self) -> bytes:
        """Return the SHA-256 of all its bytes."""

    def totals(self) -> tuple[KindTotal, ...]:
        """Return count and sum per kind and scheme; nothing where it holds no transactions."""


class Device(Protocol):
    """A terminal without its line. Methods that may refuse raise `Refused`."""

    @property
    def boot_id(self) -> int:
        """The number it drew at its last start, 0 to 2³²-1."""

    def boot(self) -> None:
        """Start: count it, forget what is kept in working memory, find out how the last wipe ended."""

    def identity(self) -> Identity:
        """Say who it is."""

    def status(self) -> Status:
        """Say what state it is in."""

    def bindings(self) -> tuple[Binding, ...]:
        """List its bindings."""

    def key_slots(self) -> tuple[KeySlot, ...]:
        """List its key slots."""

    def memory_map(self) -> tuple[Region, ...]:
        """List its regions."""

    def screen(self) -> Screen:
        """Return what the display shows."""

    def press(self, keys: tuple[Key, ...], now: float) -> None:
        """Press keys together; the screen changes."""

    def panel_screen(self) -> Screen:
        """Return what a person before the terminal sees."""

    def panel_press(self, keys: tuple[Key, ...], now: float) -> None:
        """Press keys together with one's own fingers; the screen changes."""

    def open_dataset(self, dataset: Dataset) -> DatasetView:
        """Freeze a view of a dataset."""

    def prepare_wipe(self, request: WipePrepare) -> WipePrepared:
        """Get ready for a wipe."""

    def start_wipe(self, token: bytes, now: float) -> None:
        """Start the prepared wipe."""

    def wipe_status(self) -> WipeStatus:
        """Say where the last wipe is."""

    def read_memory(self, region: int, offset: int, length: int) -> bytes:
        """Return bytes of an erased region."""

    def memory_digest(self, region: int, offset: int, length: int, key: bytes) -> bytes:
        """Return HMAC-SHA-256 under ``key`` over part of an erased region."""

    def fill_regions(self) -> FillRegions:
        """Say which regions can be filled; UNKNOWN_COMMAND where it knows no filling."""

    def fill_memory(self, request: MemoryFill) -> None:
        """Program the next bytes of a region that its last wipe erased."""

    def erase_fill(self, request: FillErase, now: float) -> None:
        """Begin to erase what was filled."""

    def attest(self, phase: Phase, nonce: bytes, binding: bytes = b"") -> bytes:
        """Return a signed token; ``binding`` is that of the private link that asks, or empty."""

    def channel_identity(self) -> DeviceIdentity:
        """Return key and certificate for private links."""

    def refuse_while_wiping(self) -> None:
        """Refuse with WRONG_STATE while a wipe runs."""

    def take_events(self) -> list[DeviceEvent]:
        """Return the events since the last call, oldest first."""

    def next_deadline(self) -> float | None:
        """Return when `advance` is wanted, or None."""

    def advance(self, now: float) -> None:
        """Do what time brings: erase the next blocks."""

    def close(self) -> None:
        """Let go of all files."""
