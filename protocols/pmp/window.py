"""The two halves of the sliding window of a pmp link: what is under way, and what arrived out of order.

Sequence numbers count DATA frames modulo 65,536; the window is at most 32, so the nearer half of the circle decides
what is old and what is new.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

from protocols.errors import RemoteProtocolError
from protocols.pmp.handshake import LinkSettings
from protocols.pmp.wire import MAX_WINDOW, SEQUENCE_MODULUS

MAX_SENDINGS = 9
MIN_TIMEOUT = 0.2
MAX_TIMEOUT = 8.0


def distance(start: int, end: int) -> int:
    """Return how many steps lie from ``start`` forward to ``end`` on the circle of sequence numbers."""
    return (end - start) % SEQUENCE_MODULUS


@dataclass(slots=True)
class _Outgoing:
    payload: bytes
    more: bool
    due: bool = True
    sendings: int = 0
    sent_at: float = 0.0
    order: int = 0
    """Counts all sendings, so that it tells which frame was sent last before another."""
    arrived: bool = False
    """The peer's latest bitmap has it, so its timer rests."""
    measured: bool = False
    """Some bitmap had it before, so its round trip was taken and it counts no more as progress."""


class Sender:
    """Frames on their way out, until they are acknowledged.

    Args:
        settings: Frame size, window and first time-out agreed by the handshake.
    """

    def __init__(self, settings: LinkSettings) -> None:
        self._settings = settings
        self._base = 0
        self._flying: dict[int, _Outgoing] = {}
        self._waiting: deque[tuple[bytes, bool]] = deque()
        self._smoothed: float | None = None
        self._variation = 0.0
        self._timeout = settings.initial_timeout
        self._sendings = 0
        self._latest = 0  # the order of the latest sending that is known to have arrived
        self._expiries = 0  # of the oldest frame, since the peer last acknowledged anything new
        self.retransmissions = 0
        """How many frames were sent more than once, counted each time."""

    @property
    def next_sequence(self) -> int:
        """The number that the next new DATA frame will have."""
        return (self._base + len(self._flying)) % SEQUENCE_MODULUS

    @property
    def idle(self) -> bool:
        """True where everything was acknowledged."""
        return not self._flying and not self._waiting

    def queue(self, message: bytes) -> None:
        """Cut a message into frames and line them up."""
        size = self._settings.frame_payload
        for at in range(0, len(message), size):
            self._waiting.append((message[at : at + size], at + size < len(message)))

    def next_due(self, now: float) -> tuple[int, bytes, bool] | None:
        """Return the next frame to put on the line now as (sequence, payload, more), lost ones first, or None."""
        for sequence, frame in self._flying.items():
            if frame.due:
                return self._send(sequence, frame, now)
        if not self._waiting or len(self._flying) >= self._settings.window:
            return None
        payload, more = self._waiting.popleft()
        sequence = self.next_sequence
        self._flying[sequence] = frame = _Outgoing(payload, more)
        return self._send(sequence, frame, now)

    def _send(self, sequence: int, frame: _Outgoing, now: float) -> tuple[int, bytes, bool]:
        frame.due = False
        frame.sendings += 1
        frame.sent_at = now
        self._sendings += 1
        frame.order = self._sendings
        self.retransmissions += frame.sendings > 1
        return sequence, frame.payload, frame.more

    def acknowledge(self, expected: int, bitmap: int | None, now: float) -> None:
        """Take the peer's acknowledgement.

        Args:
            expected: The next sequence number it waits for.
            bitmap: Bit n set where ``expected + 1 + n`` has arrived already; None where the peer did not say.
            now: The present time in seconds.
        """
        confirmed = distance(self._base, expected)
        if confirmed > len(self._flying):
            return  # an acknowledgement of the future or of a past that is over: worth nothing
        for _ in range(confirmed):
            self._arrive(self._flying.pop(self._base), now)
            self._base = (self._base + 1) % SEQUENCE_MODULUS
        if bitmap is None:
            if self._base in self._flying:
                self._flying[self._base].arrived = False  # the peer waits for it
            return
        for sequence, frame in self._flying.items():
            place = distance(expected, sequence)
            # The latest bitmap alone counts: whatever a peer took back is sent again.
            frame.arrived = place > 0 and bool(bitmap >> (place - 1) & 1)
            if frame.arrived:
                frame.due = False
                self._arrive(frame, now)
        for frame in self._flying.values():
            # A line keeps the order: what was sent earlier than something that arrived is lost.
            if not frame.arrived and frame.order < self._latest and frame.sendings < MAX_SENDINGS:
                frame.due = True

    def deadline(self) -> float | None:
        """Return when the oldest frame under way has to be sent again, or None."""
        running = [each.sent_at for each in self._flying.values() if not each.due and not each.arrived]
        return min(running) + self._timeout if running else None

    def expire(self, now: float) -> bool:
        """Mark what was not acknowledged in time for another sending.

        Returns:
            False where the oldest frame went unanswered nine times and nothing else arrived: the peer is gone.
        """
        late = {
            sequence: each
            for sequence, each in self._flying.items()
            if not each.due and not each.arrived and now >= each.sent_at + self._timeout
        }
        if self._base in late:
            self._expiries += 1
            if self._expiries >= MAX_SENDINGS:
                return False
            self._timeout = min(MAX_TIMEOUT, max(self._timeout, self._settings.initial_timeout / 2) * 2)
        for each in late.values():
            each.due = True
        return True

    def _arrive(self, frame: _Outgoing, now: float) -> None:
        # Soon after a frame was sent again, it is an earlier sending that is acknowledged.
        if frame.sendings == 1 or now - frame.sent_at >= (self._smoothed or 0.0) / 2:
            self._latest = max(self._latest, frame.order)
        self._measure(frame, now)

    def _measure(self, frame: _Outgoing, now: float) -> None:
        """Learn from a round trip (RFC 6298, section 2), once a frame and never from one that was sent twice (Karn)."""
        if frame.measured:
            return
        frame.measured = True
        self._expiries = 0
        if frame.sendings != 1:
            return
        trip = max(0.0, now - frame.sent_at)
        if self._smoothed is None:
            self._smoothed, self._variation = trip, trip / 2
        else:
            self._variation = 0.75 * self._variation + 0.25 * abs(self._smoothed - trip)
            self._smoothed = 0.875 * self._smoothed + 0.125 * trip
        self._timeout = min(MAX_TIMEOUT, max(MIN_TIMEOUT, self._smoothed + 4 * self._variation))


class Receiver:
    """Frames as they arrive, put in order and joined to messages.

    Args:
        max_message: Most bytes a message may have.
    """

    def __init__(self, max_message: int) -> None:
        self.expected = 0
        self._max_message = max_message
        self._early: dict[int, tuple[bytes, bool]] = {}
        self._message = bytearray()

    def take(self, sequence: int, payload: bytes, more: bool) -> list[bytes]:
        """Take one DATA frame.

        Args:
            sequence: Its number.
            payload: Its bytes.
            more: True where the message goes on.

        Returns:
            The messages that are whole now, in order.

        Raises:
            RemoteProtocolError: The frame is empty or has changed since it came first, or its message is too long.
        """
        if not payload:
            raise RemoteProtocolError("DATA frame without payload")
        if distance(self.expected, sequence) >= MAX_WINDOW:
            return []  # old, or far outside the window
        if self._early.setdefault(sequence, (payload, more)) != (payload, more):
            raise RemoteProtocolError("DATA frame changed when it was sent again")
        messages = []
        while (frame := self._early.pop(self.expected, None)) is not None:
            self.expected = (self.expected + 1) % SEQUENCE_MODULUS
            self._message += frame[0]
            if len(self._message) > self._max_message:
                raise RemoteProtocolError(f"message over {self._max_message} bytes")
            if not frame[1]:
                messages.append(bytes(self._message))
                self._message.clear()
        return messages

    def bitmap(self) -> int:
        """Return bit n set for each frame ``expected + 1 + n`` that arrived early."""
        bits = 0
        for sequence in self._early:
            bits |= 1 << (distance(self.expected, sequence) - 1)
        return bits
