"""The sliding window of a pmp link: what is under way, what arrived out of order (note pmp.md, section Window).

Sequence numbers count DATA frames modulo 65,536; the window is at most 128, so the nearer half of the circle decides
what is old and what is new.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from protocols.errors import RemoteProtocolError
from protocols.pmp.fec import STRONGEST
from protocols.pmp.handshake import Capability, LinkSettings
from protocols.pmp.lanes import Piece, Source
from protocols.pmp.noise import CLEAN, best_frame, caution
from protocols.pmp.wire import OVERHEAD_BYTES, SEQUENCE_MODULUS

MAX_SENDINGS = 9
MIN_TIMEOUT = 0.2
MAX_TIMEOUT = 8.0
PROBE_INTERVAL = 1.0
PEER_MEMORY = 0.9
FIRST_FRAMES = 4
"""Frames under way before the first acknowledgement: nobody knows yet what lies between the two sides."""


def distance(start: int, end: int) -> int:
    """Return how many steps lie from ``start`` forward to ``end`` on the circle of sequence numbers."""
    return (end - start) % SEQUENCE_MODULUS


class Sending(NamedTuple):
    """A frame that is to go on the line now: its number, what it carries, and its level of error correction."""

    sequence: int
    piece: Piece
    level: int


@dataclass(slots=True)
class _Outgoing:
    piece: Piece
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
        source: Where the payloads come from, one when a frame is to be sent.
    """

    def __init__(self, settings: LinkSettings, source: Source) -> None:
        self._settings = settings
        self._source = source
        self._correction = Capability.CORRECTION in settings.capabilities
        self._base = 0
        self._flying: dict[int, _Outgoing] = {}
        self._smoothed: float | None = None
        self._variation = 0.0
        self._timeout = settings.initial_timeout
        self._sendings = 0
        self._latest = 0  # the order of the latest sending that is known to have arrived
        self._expiries = 0  # of the oldest frame, since the peer last acknowledged anything new
        # Where the speed is known, whoever serves the line keeps it from running full; else acknowledgements do.
        self._allowed = settings.window if settings.baud else FIRST_FRAMES
        self._credit = settings.window
        self._quality = CLEAN
        self._carried = 0
        self._probe_at: float | None = None
        self._peer_bytes = 0.0  # of the longest frame that the peer has sent of late
        self.byte_seconds = settings.byte_seconds
        """Seconds that the line takes for a byte; 0 where that is not known."""
        self.retransmissions = 0
        """How many frames were sent more than once, counted each time."""

    @property
    def next_sequence(self) -> int:
        """The number that the next new DATA frame will have."""
        return (self._base + len(self._flying)) % SEQUENCE_MODULUS

    @property
    def idle(self) -> bool:
        """True where everything was acknowledged."""
        return not self._flying and self._source.empty

    @property
    def frame(self) -> tuple[int, int]:
        """Bytes of payload and level of error correction that the next new frame will have."""
        if not self._settings.baud and self._quality == CLEAN:
            # TCP carries what it is given; behind it may be a device server and a noisy line, but it says so first.
            return self._settings.frame_payload, 0
        assumed = caution(self._carried)
        return best_frame(self._quality, assumed, self._settings.frame_payload, self._correction)

    @property
    def round_trip(self) -> float | None:
        """Seconds of a round trip, the time on the line of the frame itself left out; None before one was measured."""
        return self._smoothed

    def next_due(self, now: float) -> Sending | None:
        """Return the next frame to put on the line now, lost ones first, or None."""
        for sequence, frame in self._flying.items():
            if frame.due:
                return self._send(sequence, frame, now)
        if len(self._flying) >= min(self._settings.window, self._allowed, self._credit):
            if self._starved and self._probe_at is None:
                self._probe_at = now + self._patience  # what the peer says when it has room may be lost
            return None
        if self._source.empty:
            return None  # before the size of a frame is worked out, for a side that only listens is asked all the time
        piece = self._source.next_piece(self.frame[0])
        if piece is None:
            return None
        sequence = self.next_sequence
        self._flying[sequence] = frame = _Outgoing(piece)
        return self._send(sequence, frame, now)

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
            frame = self._flying.pop(self._base)
            self._carried += len(frame.piece.data)
            self._allowed += 1
            self._arrive(frame, now)
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

    def hear(self, quality: int | None, credit: int) -> None:
        """Take what the peer says of itself.

        Args:
            quality: How noisy the line is to it (`protocols.pmp.noise`), or None where it does not say.
            credit: How many frames beyond those acknowledged it has room for.
        """
        if quality is not None:
            self._quality = quality
        self._credit = credit

    def deadline(self) -> float | None:
        """Return when to send again what nothing was heard of, or to ask a peer that has no room; or None.

        A line keeps the order, so that while frames follow each other their acknowledgements tell what was lost. Time
        counts only from the one that was sent last: one acknowledgement may be lost without harm.
        """
        if not self._flying or any(frame.due for frame in self._flying.values()):
            return self._probe_at
        running = [self._line_time(each) + each.sent_at for each in self._flying.values() if not each.arrived]
        return max(running) + self._timeout + self._peer_bytes * self.byte_seconds if running else None

    def expire(self, now: float) -> bool:
        """Mark the oldest frame for another sending where nothing was acknowledged in time.

        Returns:
            False where that went unanswered nine times and nothing else arrived: the peer is gone.
        """
        deadline = self.deadline()
        if not self._flying or deadline is None or now < deadline:
            return True
        self._expiries += 1
        if self._expiries >= MAX_SENDINGS:
            return False
        self._timeout = min(MAX_TIMEOUT, max(self._timeout, self._settings.initial_timeout / 2) * 2)
        self._allowed = max(FIRST_FRAMES, min(self._allowed, self._settings.window) // 2)
        next(frame for frame in self._flying.values() if not frame.arrived).due = True
        return True

    def wants_probe(self, now: float) -> bool:
        """Tell whether the peer should be asked now for room that it had none of; it may have told, and been lost."""
        if not self._starved:
            self._probe_at = None
            return False
        due = self._probe_at is not None and now >= self._probe_at
        if due or self._probe_at is None:
            self._probe_at = now + self._patience
        return due

    @property
    def unanswered(self) -> int:
        """How often the oldest frame's time ran out since anything new was acknowledged."""
        return self._expiries

    @property
    def _patience(self) -> float:
        """Seconds between two questions for room; a slow line has better to do than to carry more of them."""
        return max(self._timeout, PROBE_INTERVAL)

    @property
    def _starved(self) -> bool:
        """Whether something waits, nothing is under way, and the peer has no room."""
        return not (self._flying or self._credit or self._source.empty)

    def start_over(self) -> None:
        """Send again all that is not acknowledged, under fresh timers: the line has another speed."""
        self._timeout = self._settings.initial_timeout
        self._smoothed = None
        self._quality = CLEAN
        self._carried = 0
        self._expiries = 0
        for frame in self._flying.values():
            frame.due = not frame.arrived

    def _send(self, sequence: int, frame: _Outgoing, now: float) -> Sending:
        frame.due = False
        frame.sendings += 1
        frame.sent_at = now
        self._sendings += 1
        frame.order = self._sendings
        level = self.frame[1]
        if frame.sendings > 1:
            self.retransmissions += 1
            if self._correction:
                level = min(level + frame.sendings - 1, STRONGEST)  # to lose it again costs more than parity
        return Sending(sequence, frame.piece, level)

    def hear_frame(self, payload: int) -> None:
        """Take note of a DATA frame of the peer: an acknowledgement may ride on its like, or wait behind it.

        Args:
            payload: Its bytes.
        """
        self._peer_bytes = max(float(payload + OVERHEAD_BYTES), self._peer_bytes * PEER_MEMORY)

    def _line_time(self, frame: _Outgoing) -> float:
        return (len(frame.piece.data) + OVERHEAD_BYTES) * self.byte_seconds

    def _arrive(self, frame: _Outgoing, now: float) -> None:
        # Soon after a frame was sent again, it is an earlier sending that is acknowledged.
        if frame.sendings == 1 or now - frame.sent_at - self._line_time(frame) >= (self._smoothed or 0.0) / 2:
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
        trip = max(0.0, now - frame.sent_at - self._line_time(frame))
        if self._smoothed is None:
            self._smoothed, self._variation = trip, trip / 2
        else:
            self._variation = 0.75 * self._variation + 0.25 * abs(self._smoothed - trip)
            self._smoothed = 0.875 * self._smoothed + 0.125 * trip
        self._timeout = min(MAX_TIMEOUT, max(MIN_TIMEOUT, self._smoothed + 4 * self._variation))


class Receiver:
    """Frames as they arrive, put in order.

    Args:
        window: How far ahead of the awaited frame others are kept.
    """

    def __init__(self, window: int) -> None:
        self.expected = 0
        self._window = window
        self._early: dict[int, Piece] = {}

    def take(self, sequence: int, piece: Piece) -> list[Piece]:
        """Take one DATA frame.

        Args:
            sequence: Its number.
            piece: What it carries.

        Returns:
            What is in order now.

        Raises:
            RemoteProtocolError: The frame has changed since it came first.
        """
        if distance(self.expected, sequence) >= self._window:
            return []  # old, or outside the window
        if self._early.setdefault(sequence, piece) != piece:
            raise RemoteProtocolError("DATA frame changed when it was sent again")
        ordered = []
        while (waiting := self._early.pop(self.expected, None)) is not None:
            self.expected = (self.expected + 1) % SEQUENCE_MODULUS
            ordered.append(waiting)
        return ordered

    def bitmap(self) -> int:
        """Return bit n set for each frame ``expected + 1 + n`` that arrived early."""
        bits = 0
        for sequence in self._early:
            bits |= 1 << (distance(self.expected, sequence) - 1)
        return bits
