"""Receiving a dataset by YMODEM or its kin, on the line of a pmp session (note pmp.md, section Datasets by YMODEM)."""

from __future__ import annotations

from collections import deque
from collections.abc import Generator
from contextlib import closing

from agent.errors import LinkFault, PreconditionNotMet
from agent.session import Session
from protocols.errors import DeadlineExceeded, DeviceRefused, LinkLost, ProtocolError
from protocols.pmp import commands, messages
from protocols.pmp.facts import Refusal, SendProtocol
from protocols.pmp.handshake import Capability
from protocols.pmp.link import Link
from protocols.ymodem.codes import SENDER_SECONDS, Variant
from protocols.ymodem.events import DataReceived, ReceiverEvent, TransferCancelled, TransferDone, TransferFailed
from protocols.ymodem.receiver import Receiver

VARIANTS = {
    SendProtocol.YMODEM: Variant.YMODEM,
    SendProtocol.YMODEM_G: Variant.YMODEM_G,
    SendProtocol.XMODEM_1K: Variant.XMODEM_1K,
}
"""In the order in which they are asked for: first the one that survives noise and tells the length."""

EXPECTED = {
    "ymodem": SendProtocol.YMODEM,
    "ymodem-g": SendProtocol.YMODEM_G,
    "xmodem-1k": SendProtocol.XMODEM_1K,
}
"""What a profile calls them."""

QUIET_SECONDS = 1.0
"""After a failure the line is left alone until it has been quiet for so long."""

LONGEST_QUIET = 10.0
"""Longest time to wait for that."""


class DatasetLine:
    """Receives on a line that still carries the link's last frames; a `protocols.machine.Machine`.

    Until the first block is there, the terminal may not have heard that its answer arrived, so the link is served as
    well. After a failure the rest of what the terminal sends is dropped, for it is nothing to the session.

    Args:
        link: The session's link.
        variant: The protocol.
        size: Bytes of the dataset.
    """

    def __init__(self, link: Link, variant: Variant, size: int) -> None:
        self._link = link
        self._receiver = Receiver(variant, size, size)
        self._events: deque[ReceiverEvent] = deque()
        self._failure: TransferFailed | None = None
        self._begun = False
        self._started = False
        self._quiet_since = 0.0
        self._failed_at = 0.0

    def give_up(self) -> None:
        """Tell the terminal that nobody wants the rest."""
        self._receiver.cancel()

    def receive_bytes(self, data: bytes, now: float) -> None:
        """Take bytes from the line; see `protocols.machine.Machine`."""
        if self._failure is not None:
            self._quiet_since = now
            return
        if not self._begun:
            self._link.receive_bytes(data, now)
        self._receiver.receive_bytes(data, now)
        self._collect(now)

    def bytes_to_send(self, limit: int | None = None) -> bytes:
        """Return what has to go on the line now; see `protocols.machine.Machine`."""
        link = b"" if self._begun or self._failure is not None else self._link.bytes_to_send(limit)
        return link + self._receiver.bytes_to_send()

    def next_event(self) -> ReceiverEvent | None:
        """Return the oldest event that was not taken yet, or None."""
        return self._events.popleft() if self._events else None

    def next_deadline(self) -> float | None:
        """Return when `handle_timeout` is wanted, or None where all is over."""
        if self._failure is not None:
            return min(self._quiet_since + QUIET_SECONDS, self._failed_at + LONGEST_QUIET)
        if not self._started:
            return 0.0
        deadlines = [self._receiver.next_deadline()]
        if not self._begun:
            deadlines.append(self._link.next_deadline())
        return min((each for each in deadlines if each is not None), default=None)

    def handle_timeout(self, now: float) -> None:
        """Ask for the file, ask again, give up, or tell of the failure; see `protocols.machine.Machine`."""
        if self._failure is not None:
            if now >= min(self._quiet_since + QUIET_SECONDS, self._failed_at + LONGEST_QUIET):
                self._events.append(self._failure)
                self._failure = None
                self._begun = True
            return
        if not self._started:
            self._started = True
            self._receiver.start(now)
        if not self._begun:
            self._link.handle_timeout(now)
        self._receiver.handle_timeout(now)
        self._collect(now)

    def _collect(self, now: float) -> None:
        while (event := self._receiver.next_event()) is not None:
            if isinstance(event, TransferFailed):
                self._failure, self._failed_at, self._quiet_since = event, now, now
            else:
                self._begun = True
                self._events.append(event)


def receive_dataset(
    session: Session, handle: int, size: int, expected: SendProtocol | None = None
) -> Generator[bytes, None, None]:
    """Have a dataset sent by whatever protocol the terminal has for it.

    Args:
        session: The session.
        handle: The open dataset.
        size: Its bytes.
        expected: The protocol that is asked for first; the safest one where None.

    Yields:
        Its bytes in order, up to 1,024 at a time.

    Raises:
        PreconditionNotMet: ``dataset-not-private`` on a private link, ``dataset-not-raw`` on a line that does not
            carry every byte as it is: nothing was asked for.
        DeviceRefused: The terminal has none of the protocols.
        LinkFault: ``dataset-cancelled``: the terminal gave up half-way.
        ProtocolError: The line or the terminal failed. The session goes on, unless it is `LinkLost`.
    """
    if session.agreed(Capability.PRIVATE):
        raise PreconditionNotMet("dataset-not-private")
    if session.agreed(Capability.ESCAPED):
        raise PreconditionNotMet("dataset-not-raw")
    variant = _ask(session, handle, expected)
    lines: list[DatasetLine] = []

    def machine(link: Link) -> DatasetLine:
        lines.append(DatasetLine(link, variant, size))
        return lines[0]

    with closing(session.lend(machine)) as events:
        try:
            for event in events:
                if isinstance(event, DataReceived):
                    yield event.data
                elif isinstance(event, TransferFailed):
                    raise _fault(event.fault)
                elif isinstance(event, TransferDone):
                    return
        finally:
            for line in lines:
                line.give_up()


def _ask(session: Session, handle: int, expected: SendProtocol | None) -> Variant:
    """Ask the terminal for each protocol in turn, until it grants one."""
    refused: DeviceRefused | None = None
    for protocol in sorted(VARIANTS, key=lambda each: each is not expected):  # the others stay in their order
        try:
            session.call(commands.DATASET_SEND, messages.DatasetSend(handle, protocol))
        except DeviceRefused as fault:
            if fault.code not in (Refusal.UNKNOWN_COMMAND, Refusal.BAD_REQUEST):
                raise
            refused = fault
        else:
            return VARIANTS[protocol]
    assert refused is not None
    raise refused


def _fault(fault: ProtocolError) -> Exception:
    if isinstance(fault, TransferCancelled):
        return LinkFault("dataset-cancelled")
    if isinstance(fault, LinkLost):  # of the transfer alone: the line and the session are there
        return DeadlineExceeded(commands.DATASET_SEND.name, SENDER_SECONDS)
    return fault
