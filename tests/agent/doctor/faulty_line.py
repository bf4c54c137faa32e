"""A line with faults of every shape between the agent's end and a terminal, all in virtual time."""

from __future__ import annotations

import heapq
from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random

from protocols.errors import LinkLost
from protocols.pmp import commands
from protocols.pmp.commands import Header, build_message, split_message
from protocols.pmp.facts import MessageKind
from protocols.pmp.link import Link, LinkSettings, MessageReceived, Role, SpeedChange
from protocols.terminal import Status
from tests.agent.cli.test_inspection import IDENTITY, STATUS
from tests.agent.virtual_time import Clock

BITS = 10
PIECE = 64
FLOW = b"\x11\x13\x91\x93"


@dataclass
class Faults:
    """What is wrong with a line.

    Args:
        error_rate: Chance that a bit is turned, each way.
        burst_rate: Chance a byte that a burst of noise begins there.
        burst_bytes: How long such a burst is.
        slips: Chance that a byte vanishes.
        latency: Seconds on the way, each way.
        held: Chance that the next piece is held back, for ``hold`` seconds.
        hold: See there.
        buffer: The terminal loses what is more than so many bytes in one go; 0: none.
        our_buffer: The same at the agent's end.
        eats_flow: XON and XOFF vanish, each way.
        puts_flow: So many XON a second come out at the agent's end.
        echo: What is sent comes back at once.
        garbage: So many random bytes a second come out at the agent's end.
        greeting: Comes out at once.
        hangs_up: The line is gone after the greeting.
        cut_after: The line is gone after so many bytes were sent; 0: never.
        good_baud: Most that the line carries; anything above is garbage. 0: no limit.
    """

    error_rate: float = 0.0
    burst_rate: float = 0.0
    burst_bytes: int = 24
    slips: float = 0.0
    latency: float = 0.0
    held: float = 0.0
    hold: float = 0.0
    buffer: int = 0
    our_buffer: int = 0
    eats_flow: bool = False
    puts_flow: float = 0.0
    echo: bool = False
    garbage: float = 0.0
    greeting: bytes = b""
    hangs_up: bool = False
    cut_after: int = 0
    good_baud: int = 0


class EchoTerminal:
    """A terminal that answers IDENTIFY, STATUS and ECHO, on the real link.

    Args:
        baud: Speed of its port; None for TCP.
        think: Seconds before it answers.
        status: What it says of itself.
        highest_baud: Most that it agrees to.
    """

    def __init__(self, baud: int | None, think: float = 0.0, status: Status = STATUS, highest_baud: int = 0) -> None:
        self.baud = baud
        self.asked: list[str] = []
        self._think = think
        self._status = status
        # As for_line(escaped=True): it can keep XON and XOFF out, where it is asked to.
        settings = LinkSettings.for_line(baud, highest_baud=highest_baud, escaped=True)
        self._link = Link(Role.TERMINAL, settings, boot_id=7)
        self._answers: list[tuple[float, bytes]] = []

    def receive(self, data: bytes, now: float) -> None:
        self._link.receive_bytes(data, now)
        self._serve(now)

    def handle_timeout(self, now: float) -> None:
        self._link.handle_timeout(now)
        self._serve(now)

    def deadline(self) -> float | None:
        times = [self._link.next_deadline(), self._answers[0][0] if self._answers else None]
        return min((each for each in times if each is not None), default=None)

    def to_send(self) -> bytes:
        return self._link.bytes_to_send()

    def _serve(self, now: float) -> None:
        while (event := self._link.next_event()) is not None:
            if isinstance(event, SpeedChange):
                self.switching = event.baud
            elif isinstance(event, MessageReceived):
                header, body = split_message(event.data)
                spec = {each.id: each for each in (commands.IDENTIFY, commands.STATUS, commands.ECHO)}[header.command]
                self.asked.append(spec.name)
                answer = {"IDENTIFY": IDENTITY, "STATUS": self._status}.get(spec.name) or spec.request.parse(body)
                reply = Header(MessageKind.RESPONSE, header.command, header.tag, 0)
                self._answers.append((now + self._think, build_message(reply, spec.response.build(answer))))
            else:
                self._answers.clear()
        while self._answers and self._answers[0][0] <= now:
            self._link.send_message(self._answers.pop(0)[1], now)

    switching: int | None = None

    def switched(self, now: float) -> None:
        assert self.switching is not None
        self.baud, self.switching = self.switching, None
        self._link.speed_changed(now)


@dataclass
class Way:
    """One direction."""

    faults: Faults
    random: Random
    buffer: int
    free_at: float = 0.0
    _run: int = 0
    _burst: int = 0

    def carry(self, data: bytes, now: float, baud: int | None) -> tuple[float, bytes]:
        """Return when it has come out, and as what."""
        if baud is not None:
            if now > self.free_at + 0.001:
                self._run = 0
            self.free_at = max(now, self.free_at) + len(data) * BITS / baud
        else:
            self.free_at = max(self.free_at, now)
        out = bytearray()
        for each in data:
            self._run += 1
            if self.buffer and self._run > self.buffer:
                continue
            if self.faults.eats_flow and each in FLOW:
                continue
            if self.faults.slips and self.random.random() < self.faults.slips:
                continue
            out.append(self._suffer(each))
        late = self.faults.hold if self.random.random() < self.faults.held else 0.0
        at = self.free_at + self.faults.latency + late
        self.free_at += late
        return at, bytes(out)

    def _suffer(self, each: int) -> int:
        faults = self.faults
        if self._burst:
            self._burst -= 1
            return self.random.randrange(256)
        if faults.burst_rate and self.random.random() < faults.burst_rate:
            self._burst = faults.burst_bytes
        if faults.error_rate and self.random.random() < 8 * faults.error_rate:
            return each ^ 1 << self.random.randrange(8)
        return each


class FaultyLine:
    """A transport with no descriptor; reading passes the time of the virtual clock."""

    descriptor: int | None = None
    description = "faulty"

    def __init__(
        self,
        clock: Clock,
        terminal: EchoTerminal | None,
        faults: Faults | None = None,
        *,
        baud: int | None = 115_200,
        highest_baud: int = 0,
        escaped: bool = False,
        seed: int = 1,
    ) -> None:
        self.faults = faults or Faults()
        self.clock, self.terminal = clock, terminal
        self.baud, self.highest_baud, self.escaped = baud, highest_baud, escaped
        self.closed = False
        self.sent_bytes = 0
        random = Random(seed)
        self._random = random
        self._there = Way(self.faults, Random(random.random()), self.faults.buffer)
        self._back = Way(self.faults, Random(random.random()), self.faults.our_buffer)
        self._to_terminal: list[tuple[float, int, bytes, int | None]] = []
        self._to_agent: list[tuple[float, int, bytes, int | None]] = []
        self._count = 0
        self._drop_at = clock()
        self._push(self._to_agent, clock(), self.faults.greeting)

    # ------------------------------------------------------------------ transport
    def read(self, max_bytes: int, timeout_seconds: float) -> bytes:
        until = self.clock() + timeout_seconds
        while True:
            self._serve()
            data = self._arrived(max_bytes)
            if data:
                self.clock.advance(0.0002)
                return data
            if self.faults.hangs_up or (self.faults.cut_after and self.sent_bytes >= self.faults.cut_after):
                raise LinkLost("gone by the test")
            due = self._next(until)
            if due >= until:
                self.clock.time = max(self.clock.time, until) + 1e-6
                self._serve()
                return self._arrived(max_bytes)
            self.clock.time = max(self.clock.time, due) + 1e-6

    def write(self, data: bytes) -> None:
        if self.closed:
            raise LinkLost("closed")
        self.sent_bytes += len(data)
        for at in range(0, len(data), PIECE):
            piece = data[at : at + PIECE]
            when, out = self._there.carry(piece, self.clock(), self.baud)
            if self.faults.echo:
                self._push(self._to_agent, when, piece)
            if self.terminal is not None:
                self._push(self._to_terminal, when, out, self.baud)

    def read_now(self, max_bytes: int) -> bytes:
        return self.read(max_bytes, 0)

    def write_now(self, data: bytes) -> int:
        self.write(data)
        return len(data)

    def set_baud(self, baud: int) -> bool:
        if self.baud is None or baud > self.highest_baud:
            return False
        self.clock.time = max(self.clock.time, self._there.free_at)
        self.baud = baud
        return True

    def close(self) -> None:
        self.closed = True

    # ------------------------------------------------------------------ helpers
    def _push(self, heap: list, when: float, data: bytes, baud: int | None = None) -> None:
        if data:
            self._count += 1
            heapq.heappush(heap, (when, self._count, data, baud))

    def _next(self, until: float) -> float:
        times = [until]
        times += [heap[0][0] for heap in (self._to_terminal, self._to_agent) if heap]
        deadline = None if self.terminal is None else self.terminal.deadline()
        if deadline is not None:
            times.append(deadline)
        if self.faults.garbage or self.faults.puts_flow:
            times.append(self._drop_at)
        return min(times)

    def _serve(self) -> None:
        now = self.clock()
        self._drops(now)
        terminal = self.terminal
        if terminal is None:
            return
        while self._to_terminal and self._to_terminal[0][0] <= now:
            _, _, data, baud = heapq.heappop(self._to_terminal)
            terminal.receive(self._at(data, baud, terminal.baud), now)
        terminal.handle_timeout(now)
        out = terminal.to_send()
        for at in range(0, len(out), PIECE):
            when, data = self._back.carry(out[at : at + PIECE], now, terminal.baud)
            self._push(self._to_agent, when, data, terminal.baud)
        if terminal.switching is not None and now >= self._back.free_at:
            terminal.switched(now)

    def _drops(self, now: float) -> None:
        rate = self.faults.garbage or self.faults.puts_flow
        while rate and self._drop_at <= now:
            data = b"\x11" if self.faults.puts_flow else self._random.randbytes(6)
            self._push(self._to_agent, self._drop_at, data)
            self._drop_at += len(data) / rate

    def _at(self, data: bytes, sent: int | None, wanted: int | None) -> bytes:
        """Return what bytes become at an end with another speed, or beyond what the line carries."""
        limit = self.faults.good_baud
        if sent != wanted or (limit and sent is not None and sent > limit):
            return self._random.randbytes(max(1, len(data) // 2))
        return data

    def _arrived(self, max_bytes: int) -> bytes:
        out = b""
        now = self.clock()
        while self._to_agent and self._to_agent[0][0] <= now and len(out) < max_bytes - PIECE:
            _, _, data, baud = heapq.heappop(self._to_agent)
            out += data if baud is None else self._at(data, baud, self.baud)
        return out


@dataclass
class Examined:
    """A line, a terminal and a clock, ready to be examined."""

    clock: Clock = field(default_factory=Clock)
    steps: list[tuple[str, int, int]] = field(default_factory=list)

    def numbers(self) -> Callable[[], int]:
        drawn = iter(range(0x3C71, 0xFFFF))
        return lambda: next(drawn)
