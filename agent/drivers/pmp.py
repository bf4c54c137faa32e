"""The driver of the family pmp."""

from __future__ import annotations

import hashlib
from collections.abc import Callable

from agent.clearance import WipeClearance, WipeTarget
from agent.drivers.base import ParameterReading, PreparedWipe, WipePlan
from agent.drivers.pmp_dataset import BITS_A_BYTE, USUAL_PACKING, Dataset, piece_bytes
from agent.drivers.pmp_journal import PmpJournal
from agent.drivers.pmp_receipts import PmpReceipts
from agent.drivers.pmp_ymodem import EXPECTED
from agent.errors import PreconditionNotMet
from agent.parameters import may_leave, shown_value
from agent.privacy import PLAIN, LinkFacts, PrivateChannels, facts_of
from agent.pump import Keeper, Pump
from agent.session import MAX_EVENTS, Authorisation, Session
from agent.transport.base import Transport
from protocols.errors import DeviceRefused, LocalProtocolError, RemoteProtocolError
from protocols.pmp import commands, facts, messages
from protocols.pmp.layouts import TEXT_ENCODING
from protocols.pmp.link import Link, LinkSettings, Role
from protocols.pmp.records import parse_parameters
from protocols.terminal import Binding, Identity, KeySlot, Region, Screen, Status, WipeProgress, WipeStatus
from protocols.words import Key

MAX_PARAMETERS_BYTES = 1 << 20

SPEEDS = (921_600, 460_800, 230_400, 115_200)
"""Speeds that are worth asking for, bits per second."""

WORTH_SECONDS = 15
"""Another speed is asked for where reading would take the line longer than this."""


class PmpDriver:
    """One terminal that speaks pmp; see `agent.drivers.base.TerminalDriver`.

    Args:
        session: The open session.
        baud: Bits per second of a serial line, or None.
        highest_baud: Most that the line may be raised to; 0 where its speed stays.
        link: How private the link is.
    """

    family: str = "pmp"

    def __init__(self, session: Session, baud: int | None, highest_baud: int = 0, link: LinkFacts = PLAIN) -> None:
        self.link = link
        self._session = session
        self._baud = baud
        self._speeds = [speed for speed in SPEEDS if baud is not None and baud < speed <= highest_baud]
        self._datasets: dict[facts.Dataset, Dataset] = {}
        self._expected: facts.SendProtocol | None = None
        self._memory_read = 0

    # ------------------------------------------------------------------ what it is
    def identity(self) -> Identity:
        """Ask who it is."""
        return self._session.call(commands.IDENTIFY, messages.Empty())

    def status(self) -> Status:
        """Ask for its state."""
        return self._session.call(commands.STATUS, messages.Empty())

    def bindings(self) -> tuple[Binding, ...]:
        """Ask for its bindings."""
        return self._session.call(commands.BINDINGS, messages.Empty()).bindings

    def key_slots(self) -> tuple[KeySlot, ...]:
        """Ask for its key slots."""
        return self._session.call(commands.KEY_SLOTS, messages.Empty()).slots

    def memory_map(self) -> tuple[Region, ...]:
        """Ask for its regions."""
        return self._session.call(commands.MEMORY_MAP, messages.Empty()).regions

    # ------------------------------------------------------------------ its display and keys
    def screen(self) -> Screen:
        """Ask what the display shows."""
        return self._session.call(commands.SCREEN_READ, messages.Empty())

    def press(self, keys: tuple[Key, ...], on: Screen) -> None:
        """Press keys together on the screen ``on``."""
        self._session.call(commands.KEY_PRESS, messages.KeyPress(on.serial, keys))

    def next_screen(self, after: Screen, timeout: float) -> Screen | None:
        """Wait for a screen later than ``after``; see `agent.drivers.base.TerminalDriver`."""
        newest: Screen | None = None
        until = self._session.now() + timeout
        for _ in range(MAX_EVENTS):  # a terminal that floods us with screens must not keep us here
            # Once one is there, only those that came together with it are worth taking.
            patience = until - self._session.now() if newest is None else 0
            event = self._session.wait_event(commands.EventId.SCREEN_CHANGED, max(0.0, patience))
            if event is None:
                break
            if isinstance(event, Screen) and event.serial > after.serial:
                newest = event
        return newest

    # ------------------------------------------------------------------ its data
    def expect_datasets(self, how: str) -> None:
        """Take note of how the profile says that datasets are handed over; see `agent.drivers.base.TerminalDriver`."""
        self._expected = EXPECTED.get(how)

    def open_journal(self) -> PmpJournal:
        """Freeze a view of the journal and begin to read it."""
        return PmpJournal(self._open(facts.Dataset.JOURNAL))

    def open_receipts(self) -> PmpReceipts | None:
        """Freeze a view of the receipts and begin to read it; None where the terminal keeps none."""
        try:
            return PmpReceipts(self._open(facts.Dataset.RECEIPTS))
        except DeviceRefused as fault:
            # Firmware older than the dataset cannot read its number.
            if fault.code in (facts.Refusal.NO_SUCH_DATASET, facts.Refusal.BAD_REQUEST):
                return None
            raise

    def read_parameters(self) -> ParameterReading:
        """Read the parameters; those that may not leave are dropped here (I4).

        Raises:
            ProtocolError: The line or the data failed.
        """
        dataset = self._open(facts.Dataset.PARAMETERS)
        if dataset.size > MAX_PARAMETERS_BYTES:
            raise RemoteProtocolError(f"parameters of {dataset.size} bytes, at most {MAX_PARAMETERS_BYTES}")
        data = b"".join(dataset.pieces())
        values: dict[str, str] = {}
        count = 0
        try:
            for count, parameter in enumerate(parse_parameters(data), 1):  # noqa: B007 - the count outlives the loop
                if may_leave(parameter.name):
                    values[parameter.name] = shown_value(parameter.name, parameter.value.decode(TEXT_ENCODING))
        except UnicodeError:
            raise RemoteProtocolError("Parameter: text is not in its character set") from None
        except RemoteProtocolError as fault:
            raise RemoteProtocolError(fault.reason, offset=fault.offset) from None
        if count != dataset.records:
            raise RemoteProtocolError(f"{count} parameters, {dataset.records} announced")
        return ParameterReading(values, hashlib.sha256(data).hexdigest(), dataset.totals())

    def _open(self, name: facts.Dataset) -> Dataset:
        """Open a dataset, after closing a view of the same one that was left half read: a terminal holds few."""
        left = self._datasets.pop(name, None)
        if left is not None:
            left.close()
        self._datasets[name] = dataset = Dataset(self._session, name)
        self._raise_speed(dataset.size // USUAL_PACKING)
        dataset.baud = self._baud
        dataset.expected = self._expected
        return dataset

    def _raise_speed(self, size: int) -> None:
        """Make the line faster, once, where so many bytes on it are worth that."""
        if self._baud is None or size * BITS_A_BYTE / self._baud < WORTH_SECONDS:
            return
        while self._speeds:
            wanted = self._speeds.pop(0)
            self._baud = self._session.raise_speed(wanted)
            if self._baud == wanted:
                self._speeds.clear()

    # ------------------------------------------------------------------ its wipe
    def prepare_wipe(self, plan: WipePlan) -> PreparedWipe:
        """Make the terminal ready for a wipe; nothing is erased yet."""
        regions = tuple(messages.RegionNumber(region) for region in plan.regions)
        request = messages.WipePrepare(plan.nonce, plan.technique, plan.erase_keys, regions)
        ready = self._session.call(commands.WIPE_PREPARE, request)
        return PreparedWipe(ready.token, ready.boot_count, ready.blocks, ready.estimated_seconds)

    def start_wipe(self, prepared: PreparedWipe, clearance: WipeClearance, target: WipeTarget) -> None:
        """Start the wipe, spending the clearance (I2).

        Raises:
            LocalProtocolError: The clearance is spent or for another target, or the terminal started anew since.
        """
        if prepared.boot_count != target.boot_count:
            raise LocalProtocolError("the wipe was prepared at another start of the terminal")
        self._session.call(commands.WIPE_START, messages.WipeStart(prepared.token), Authorisation(clearance, target))

    def wipe_status(self) -> WipeStatus:
        """Ask where the wipe is."""
        return self._session.call(commands.WIPE_STATUS, messages.Empty())

    def next_wipe_progress(self, timeout: float) -> WipeProgress | None:
        """Wait for news of the running wipe; see `agent.drivers.base.TerminalDriver`."""
        event = self._session.wait_event(commands.EventId.WIPE_PROGRESS, timeout)
        return event if isinstance(event, WipeProgress) else None

    def read_memory(self, region: int, offset: int, length: int) -> bytes:
        """Read bytes of an erased region, in pieces that suit the line."""
        # Memory is read back region by region: who has read so much will read as much again.
        self._memory_read += length
        self._raise_speed(self._memory_read)
        step, end = piece_bytes(self._baud), offset + length
        requests = [messages.MemoryRead(region, at, min(step, end - at)) for at in range(offset, end, step)]
        data = bytearray()
        for wanted, answer in zip(requests, self._session.call_ahead(commands.MEMORY_READ, requests), strict=True):
            if answer.offset != wanted.offset or len(answer.data) != wanted.length:
                raise RemoteProtocolError("MEMORY_READ: another piece than was asked for")
            data += answer.data
        return bytes(data)

    def memory_digest(self, region: int, offset: int, length: int, key: bytes) -> bytes:
        """Ask for HMAC-SHA-256 under ``key`` (32 bytes) over bytes of a region."""
        return self._session.call(commands.MEMORY_DIGEST, messages.MemoryDigest(region, offset, length, key)).digest

    def fillable_regions(self) -> tuple[int, ...]:
        """Ask which regions can be filled after a wipe; none where the terminal knows no filling."""
        try:
            return tuple(each.region for each in self._session.call(commands.FILL_REGIONS, messages.Empty()).regions)
        except DeviceRefused as fault:
            if fault.code != facts.Refusal.UNKNOWN_COMMAND:
                raise
            return ()

    def fill_memory(
        self, nonce: bytes, region: int, size: int, content: Callable[[int], bytes], progress: Callable[[int], None]
    ) -> None:
        """Fill a region that was wiped, in pieces that suit the line; see `agent.drivers.base.TerminalDriver`."""
        most = self._session.call(commands.FILL_REGIONS, messages.Empty()).piece
        self._raise_speed(size)
        step = min(most, piece_bytes(self._baud))
        for at in range(0, size, step):
            piece = content(min(step, size - at))
            self._session.call(commands.MEMORY_FILL, messages.MemoryFill(nonce, region, at, piece))
            progress(len(piece))

    def erase_fill(self, nonce: bytes) -> None:
        """Begin to erase whatever was filled; the wipe's status tells when it is done."""
        self._session.call(commands.FILL_ERASE, messages.FillErase(nonce))

    def attest(self, *, after_wipe: bool, nonce: bytes) -> bytes:
        """Ask for an attestation over a nonce of 32 bytes."""
        phase = facts.Phase.POST if after_wipe else facts.Phase.PRE
        return self._session.call(commands.ATTEST, messages.Attest(phase, nonce)).token

    def close(self) -> None:
        """End the session and free the line."""
        self._session.close()


def open_driver(
    transport: Transport,
    clock: Callable[[], float],
    session_number: int,
    channel: PrivateChannels | None = None,
    keeper: Keeper | None = None,
) -> PmpDriver:
    """Shake hands with a terminal on an open line.

    Args:
        transport: The line; the driver owns it from now on.
        clock: Seconds that only grow.
        session_number: A random number, 0 to 65,535, that keeps this session apart from those before.
        channel: Makes the link private; None for a plain link.
        keeper: Serves the line among others; None where the thread that waits does.

    Raises:
        LinkLost: There is no such terminal; see `agent.session.Session.open`. The line is left open.
        PreconditionNotMet: ``link-not-private``: see `agent.privacy.facts_of`.
    """
    settings = LinkSettings.for_line(transport.baud, highest_baud=transport.highest_baud, escaped=transport.escaped)
    link = Link(Role.AGENT, settings, session=session_number, channel=channel)
    session = Session(Pump(transport, link, clock, keeper), link)
    opened = session.open()
    try:
        facts = facts_of(opened.binding, channel)
    except PreconditionNotMet:
        session.close()
        raise
    return PmpDriver(session, transport.baud, transport.highest_baud, facts)
