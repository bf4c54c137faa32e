"""A serial line in virtual time between an agent's pump and a terminal's link: it carries bytes at its speed."""

from __future__ import annotations

from collections import deque
from random import Random

from agent.pacing import BITS_A_BYTE
from protocols.errors import LinkLost
from protocols.pmp.link import Link, LinkEvent, LinkSettings, MessageReceived, Role, SpeedChange
from tests.agent.virtual_time import Clock

KERNEL_BYTES = 18_432
STEP = 0.001
AHEAD = 512


class Wire:
    """One direction: what was written comes out at the line's speed."""

    def __init__(self) -> None:
        self.empty_at = 0.0
        self.under_way: deque[tuple[float, bytes, int]] = deque()

    def put(self, data: bytes, now: float, baud: int) -> None:
        size = max(8, baud // BITS_A_BYTE // 200)
        for at in range(0, len(data), size):
            piece = data[at : at + size]
            self.empty_at = max(self.empty_at, now) + len(piece) * BITS_A_BYTE / baud
            self.under_way.append((self.empty_at, piece, baud))

    def out(self, now: float, baud: int) -> bytes:
        """Return what has come out; at another speed than it was sent with it is garbage."""
        out = b""
        while self.under_way and self.under_way[0][0] <= now:
            _, piece, sent_at = self.under_way.popleft()
            out += piece if sent_at == baud else Random(piece).randbytes(len(piece))
        return out

    @property
    def waiting(self) -> int:
        return sum(len(piece) for _, piece, _ in self.under_way)


class PacedLine:
    """A transport with a descriptor that nobody polls: `rest` stands for the system's poll and passes the time."""

    description = "paced"
    escaped = False
    descriptor: int | None = 1_000_000

    def __init__(self, clock: Clock, baud: int = 115_200, highest_baud: int = 0) -> None:
        self.clock = clock
        self.baud: int | None = baud
        self.highest_baud = highest_baud
        self.far = Link(Role.TERMINAL, LinkSettings.for_line(baud, highest_baud=4_000_000), boot_id=7)
        self.far_baud = baud
        self.far_events: list[tuple[float, LinkEvent]] = []
        self.there, self.back = Wire(), Wire()
        self.most_waiting = 0
        self.rests = 0
        self.reads = 0
        self.cut_off = 0
        """Bytes that were still on their way when the speed was changed."""
        self.stuck = False
        self.gone = False
        self.refuses_speed = False
        self.closed = False
        self._inbox = b""

    # ------------------------------------------------------------------ agent.transport.base.Transport
    def read_now(self, max_bytes: int) -> bytes:
        if self.gone:
            raise LinkLost("unplugged by the test")
        assert self.baud is not None
        self._inbox += self.back.out(self.clock(), self.baud)
        data, self._inbox = self._inbox[:max_bytes], self._inbox[max_bytes:]
        self.reads += bool(data)
        return data

    def write_now(self, data: bytes) -> int:
        if self.stuck:
            return 0
        assert self.baud is not None
        taken = max(0, min(len(data), KERNEL_BYTES - self.there.waiting))
        self.there.put(data[:taken], self.clock(), self.baud)
        self.most_waiting = max(self.most_waiting, self.there.waiting)
        return taken

    def set_baud(self, baud: int) -> bool:
        self.cut_off += self.there.waiting
        if self.refuses_speed or baud > self.highest_baud:
            return False
        self.baud = baud
        return True

    def read(self, max_bytes: int, timeout_seconds: float) -> bytes:
        raise AssertionError("a line with a descriptor is read without waiting")

    def write(self, data: bytes) -> None:
        assert self.write_now(data) == len(data)

    def close(self) -> None:
        self.closed = True

    # ------------------------------------------------------------------ what the system does
    def rest(self, descriptor: int | None, seconds: float, room: bool) -> bool:
        """Pass the time until there is something to read, or room, or the time is over."""
        self.rests += 1
        until = self.clock() + min(seconds, 3600.0)
        while True:
            self.serve_far()
            if descriptor is not None and (self._readable() or self.gone or (room and not self._full())):
                return True
            if self.clock() >= until:
                return False
            self.clock.time = min(until, max(self._next(), self.clock.time + STEP))

    def serve_far(self) -> None:
        """Let the terminal do what it has to do by now."""
        now, far = self.clock(), self.far
        arrived = self.there.out(now, self.far_baud)
        if arrived:
            far.receive_bytes(arrived, now)
        far.handle_timeout(now)
        while (event := far.next_event()) is not None:
            self.far_events.append((now, event))
            if isinstance(event, SpeedChange):
                self.back.put(far.bytes_to_send(), now, self.far_baud)
                self.far_baud = event.baud
                far.speed_changed(now)
        room = AHEAD - self.back.waiting
        if room > 0:
            self.back.put(far.bytes_to_send(room), now, self.far_baud)

    def received(self) -> list[tuple[float, bytes]]:
        """Return the messages that the terminal got, and when."""
        return [(at, event.data) for at, event in self.far_events if isinstance(event, MessageReceived)]

    def _next(self) -> float:
        """Return when something happens on the line or to the terminal."""
        times = [wire.under_way[0][0] for wire in (self.there, self.back) if wire.under_way]
        deadline = self.far.next_deadline()
        return min([*times, *([] if deadline is None else [deadline])], default=float("inf"))

    def _readable(self) -> bool:
        return bool(self._inbox) or bool(self.back.under_way and self.back.under_way[0][0] <= self.clock())

    def _full(self) -> bool:
        return self.stuck or self.there.waiting >= KERNEL_BYTES
