"""What the workflow can ask of any terminal, whatever its family speaks."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Protocol

from agent.clearance import WipeClearance, WipeTarget
from agent.privacy import LinkFacts
from agent.receipt import Receipt
from agent.transaction import Transaction
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
from protocols.words import Key, Technique


@dataclass(frozen=True)
class TerminalTotals:
    """What the terminal itself says of a dataset.

    Args:
        records: Number of records.
        digest: SHA-256 of the dataset's bytes, lower-case hex.
        totals: Count and sum per kind and scheme.
    """

    records: int
    digest: str
    totals: tuple[KindTotal, ...]


class JournalReading(Protocol):
    """The journal being read out: a stream of whitelisted transactions, hashed on the way."""

    records: int
    """How many records the terminal announced."""
    size: int
    """How many bytes the terminal announced."""

    def transactions(self) -> Iterator[Transaction]:
        """Read the whole journal once, in order; nothing that must not be kept ever leaves this (I4).

        Raises:
            ProtocolError: The line or the data failed.
        """

    @property
    def bytes_read(self) -> int:
        """Bytes of the dataset read so far."""

    @property
    def digest(self) -> str:
        """SHA-256 of all bytes read so far, lower-case hex."""

    def terminal_totals(self) -> TerminalTotals:
        """Ask the terminal for its own digest, count and sums."""


class ReceiptReading(Protocol):
    """The receipts being read out: a stream of what may be kept of them, hashed on the way."""

    records: int
    """How many the terminal announced."""
    size: int
    """How many bytes the terminal announced."""

    def receipts(self) -> Iterator[Receipt]:
        """Read all of them once, in order; nothing that must not be kept ever leaves this (I4).

        Raises:
            ProtocolError: The line or the data failed, or there are more or fewer than announced.
        """

    @property
    def bytes_read(self) -> int:
        """Bytes of the dataset read so far."""

    @property
    def digest(self) -> str:
        """SHA-256 of all bytes read so far, lower-case hex."""

    def terminal_totals(self) -> TerminalTotals:
        """Ask the terminal for its own digest and count."""


@dataclass(frozen=True)
class ParameterReading:
    """The parameters as read out.

    Args:
        values: Name and text of every parameter that is no secret.
        digest: SHA-256 of the dataset's bytes as read, lower-case hex.
        totals: What the terminal says of the dataset.
    """

    values: Mapping[str, str]
    digest: str
    totals: TerminalTotals


@dataclass(frozen=True)
class WipePlan:
    """What is to be wiped.

    Args:
        nonce: 32 bytes bound to the case.
        technique: How.
        erase_keys: Erase the key slots first.
        regions: Numbers of the regions, in order.
    """

    nonce: bytes
    technique: Technique
    erase_keys: bool
    regions: tuple[int, ...]


@dataclass(frozen=True)
class PreparedWipe:
    """A wipe that the terminal is ready to start.

    Args:
        token: What the start must show.
        boot_count: The terminal's boot count, which the token is bound to.
        blocks: Erase blocks to do.
        estimated_seconds: How long it will take.
    """

    token: bytes
    boot_count: int
    blocks: int
    estimated_seconds: int


class TerminalDriver(Protocol):
    """One connected terminal. Every method may raise the errors of `protocols.errors`."""

    family: str
    link: LinkFacts
    """How private the link is that is open now."""

    def identity(self) -> Identity:
        """Ask who it is."""

    def status(self) -> Status:
        """Ask for its state."""

    def bindings(self) -> tuple[Binding, ...]:
        """Ask for its bindings."""

    def key_slots(self) -> tuple[KeySlot, ...]:
        """Ask for its key slots."""

    def memory_map(self) -> tuple[Region, ...]:
        """Ask for its regions."""

    def screen(self) -> Screen:
        """Ask what the display shows."""

    def press(self, keys: tuple[Key, ...], on: Screen) -> None:
        """Press keys together; refused by the terminal if it no longer shows ``on``."""

    def next_screen(self, after: Screen, timeout: float) -> Screen | None:
        """Wait for a screen with a later serial.

        Args:
            after: The screen known so far.
            timeout: Seconds to wait.

        Returns:
            The newest screen, or None where the display did not change in time.
        """

    def expect_datasets(self, how: str) -> None:
        """Take note of how the terminal's profile says that datasets are handed over; that is tried first.

        Args:
            how: ``datasets`` of `protocols.profile.LinkDefaults`.
        """

    def open_journal(self) -> JournalReading:
        """Freeze a view of the journal and begin to read it."""

    def read_parameters(self) -> ParameterReading:
        """Read the parameters, without those that are secret."""

    def open_receipts(self) -> ReceiptReading | None:
        """Freeze a view of the receipts and begin to read it; None where the terminal keeps none."""

    def prepare_wipe(self, plan: WipePlan) -> PreparedWipe:
        """Make the terminal ready for a wipe; nothing is erased yet."""

    def start_wipe(self, prepared: PreparedWipe, clearance: WipeClearance, target: WipeTarget) -> None:
        """Start the wipe, spending the clearance (I2).

        Args:
            prepared: From `prepare_wipe`.
            clearance: Leave to do it.
            target: What is about to be wiped; must be what the clearance was given for.
        """

    def wipe_status(self) -> WipeStatus:
        """Ask where the wipe is."""

    def next_wipe_progress(self, timeout: float) -> WipeProgress | None:
        """Wait for news of the running wipe; None where there was none in time (seconds)."""

    def read_memory(self, region: int, offset: int, length: int) -> bytes:
        """Read bytes of an erased region."""

    def memory_digest(self, region: int, offset: int, length: int, key: bytes) -> bytes:
        """Ask for HMAC-SHA-256 under ``key`` (32 bytes) over bytes of a region."""

    def fillable_regions(self) -> tuple[int, ...]:
        """Ask which regions can be filled after a wipe; none where the terminal knows no filling."""

    def fill_memory(
        self, nonce: bytes, region: int, size: int, content: Callable[[int], bytes], progress: Callable[[int], None]
    ) -> None:
        """Fill a region that was wiped, from its start to its end.

        Args:
            nonce: What the wipe was prepared under, 32 bytes.
            region: Number of the region.
            size: Its bytes.
            content: Returns the next so many bytes.
            progress: Called with the number of bytes that the terminal took.
        """

    def erase_fill(self, nonce: bytes) -> None:
        """Begin to erase whatever was filled; the wipe's status tells when it is done."""

    def attest(self, *, after_wipe: bool, nonce: bytes) -> bytes:
        """Ask for an attestation (EAT) over a nonce of 32 bytes."""

    def close(self) -> None:
        """End the session and free the line."""
