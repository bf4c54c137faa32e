"""The pump with machines and lines made for the test, under a virtual clock."""

from __future__ import annotations

import random
from collections import deque
from collections.abc import Callable

import pytest

from agent.pacing import AHEAD_SECONDS
from agent.pump import CHUNK_BYTES, LONG_SETTLE_SECONDS, SHORT_SETTLE_SECONDS, STUCK_SECONDS, Pump
from protocols.errors import LinkLost
from protocols.machine import SpeedChange
from protocols.pmp.link import (
    Lane,
    Link,
    LinkClosed,
    LinkEvent,
    LinkOpened,
    LinkSettings,
    MessageReceived,
    Role,
    SpeedSettled,
)
from tests.agent.paced_line import STEP, PacedLine
from tests.agent.virtual_time import Clock, MemoryLine


class ByteMachine:
    """A machine whose every received byte is an event, and that answers each chunk."""

    def __init__(self) -> None:
        self.events: deque[int] = deque()
        self.out = b""
        self.deadline: float | None = None
        self.timeouts: list[float] = []

    def receive_bytes(self, data: bytes, now: float) -> None:
        self.events.extend(data)
        self.out += b"!"

    def bytes_to_send(self, limit: int | None = None) -> bytes:
        out, self.out = self.out, b""
        return out

    def next_event(self) -> int | None:
        return self.events.popleft() if self.events else None

    def next_deadline(self) -> float | None:
        return self.deadline

    def handle_timeout(self, now: float) -> None:
        if self.deadline is not None and now >= self.deadline:
            self.timeouts.append(now)
            self.deadline = None


class Buffer:
    """A peer that says what it was given and keeps what it hears."""

    def __init__(self, *chunks: bytes) -> None:
        self.chunks = list(chunks)
        self.heard: list[bytes] = []

    def feed(self, data: bytes) -> None:
        self.heard.append(data)

    def take(self) -> bytes:
        return self.chunks.pop(0) if self.chunks else b""


def pumped(*chunks: bytes) -> tuple[Pump[int], ByteMachine, MemoryLine, Buffer, Clock]:
    clock, peer, machine = Clock(), Buffer(*chunks), ByteMachine()
    line = MemoryLine(clock, peer)
    return Pump(line, machine, clock), machine, line, peer, clock


def test_an_event_is_returned_before_the_time_is_up() -> None:
    pump, _, _, _, clock = pumped(b"a")
    assert pump.wait(clock.time + 10) == ord("a")
    assert clock.time < 1001


def test_nothing_comes_until_the_time_is_up() -> None:
    pump, _, _, _, clock = pumped()
    until = clock.time + 10
    assert pump.wait(until) is None
    assert until <= clock.time < until + 1


def test_a_time_that_has_passed_takes_what_is_there() -> None:
    pump, _, _, _, clock = pumped(b"a")
    assert pump.wait(clock.time - 5) == ord("a")
    assert pump.wait(clock.time - 5) is None


def test_the_answer_is_on_the_line_before_the_event_is_handed_over() -> None:
    pump, _, _, peer, clock = pumped(b"a")
    pump.wait(clock.time + 1)
    assert peer.heard == [b"!"]


def test_i10_the_line_is_not_read_while_events_wait() -> None:
    pump, machine, line, peer, clock = pumped(b"abc", b"def")
    assert [pump.wait(clock.time) for _ in range(3)] == list(b"abc")
    assert line.reads == [CHUNK_BYTES]
    assert not machine.events
    assert peer.chunks == [b"def"]


def test_the_machine_is_woken_when_it_asked_for_it() -> None:
    pump, machine, _, _, clock = pumped()
    machine.deadline = clock.time + 2
    assert pump.wait(clock.time + 5) is None
    assert len(machine.timeouts) == 1
    assert 1002 <= machine.timeouts[0] < 1003


def test_a_lost_line_is_told() -> None:
    pump, _, line, _, clock = pumped()
    line.cut = True
    with pytest.raises(LinkLost):
        pump.wait(clock.time + 1)


class LinkPeer:
    """A terminal's link as the other end, over a line that loses and garbles chunks by a seed."""

    def __init__(self, clock: Clock, seed: int, loss: float) -> None:
        self.link = Link(Role.TERMINAL, LinkSettings(frame_payload=256), boot_id=1)
        self.got: list[bytes] = []
        self._clock = clock
        self._random = random.Random(seed)
        self._loss = loss

    def _garbled(self, data: bytes) -> bytes:
        if data and self._random.random() < self._loss:
            place = self._random.randrange(len(data))
            return data[:place] + bytes([data[place] ^ 0x55]) + data[place + 1 :]
        return data

    def feed(self, data: bytes) -> None:
        self.link.receive_bytes(self._garbled(data), self._clock())

    def take(self) -> bytes:
        deadline = self.link.next_deadline()
        if deadline is not None and deadline <= self._clock():
            self.link.handle_timeout(self._clock())
        while (event := self.link.next_event()) is not None:
            if isinstance(event, MessageReceived):
                self.got.append(event.data)
                self.link.send_message(event.data[::-1], self._clock())
        return self._garbled(self.link.bytes_to_send())


class ShortLine(MemoryLine):
    """A line that is read in steps of a tenth of a second, so that both ends' clocks run."""

    def read(self, max_bytes: int, timeout_seconds: float) -> bytes:
        return super().read(max_bytes, min(timeout_seconds, 0.1))


@pytest.mark.parametrize("loss", [0.0, 0.1])
def test_two_links_over_a_bad_line(loss: float) -> None:
    clock = Clock()
    peer = LinkPeer(clock, seed=5, loss=loss)
    link = Link(Role.AGENT, LinkSettings(frame_payload=256), session=9)
    pump: Pump[LinkEvent] = Pump(ShortLine(clock, peer), link, clock)
    link.start(clock.time)
    assert isinstance(pump.wait(clock.time + 20), LinkOpened), "seed 5"
    for number in range(20):
        sent = bytes([number]) * 3000 + b"end"
        link.send_message(sent, clock.time)
        event = pump.wait(clock.time + 60)
        assert event == MessageReceived(sent[::-1]), f"seed 5, message {number}"
    assert len(peer.got) == 20


def test_a_silent_peer_ends_the_link() -> None:
    clock = Clock()
    link = Link(Role.AGENT, LinkSettings(), session=9)
    pump: Pump[LinkEvent] = Pump(MemoryLine(clock, Buffer()), link, clock)
    link.start(clock.time)
    event = pump.wait(clock.time + 60)
    assert isinstance(event, LinkClosed)
    assert not event.answered


# ---------------------------------------------------------------------- serial lines


def paced(baud: int = 115_200, highest_baud: int = 0) -> tuple[Pump[LinkEvent], Link, PacedLine, Clock]:
    """Return the two sides of a serial line that have shaken hands."""
    clock = Clock()
    line = PacedLine(clock, baud, highest_baud)
    link = Link(Role.AGENT, LinkSettings.for_line(baud, highest_baud=highest_baud), session=9)
    pump: Pump[LinkEvent] = Pump(line, link, clock, rest=line.rest)
    link.start(clock.time)
    assert isinstance(pump.wait(clock.time + 20), LinkOpened)
    return pump, link, line, clock


def serve_until(pump: Pump[LinkEvent], clock: Clock, done: Callable[[], bool], seconds: float = 120) -> None:
    """Serve the line until something is true."""
    until = clock.time + seconds
    while not done():
        assert clock.time < until, "it never came"
        pump.wait(clock.time + 0.05)


@pytest.mark.parametrize("baud", [9600, 115_200, 921_600])
def test_a_line_is_filled_and_no_more_is_handed_over_than_a_frame_beyond(baud: int) -> None:
    pump, link, line, clock = paced(baud)
    size, started = 3 * baud // 16, clock.time
    data = random.Random(3).randbytes(size)
    for at in range(0, size, 50_000):
        link.send_message(data[at : at + 50_000], clock.time, Lane.BULK)
    assert pump.wait(clock.time + 6) is None  # woken by nobody
    assert b"".join(got for _, got in line.received()) == data
    assert size * 10 / baud / (line.received()[-1][0] - started) > 0.9
    largest = LinkSettings.for_line(baud).frame_payload + 17
    assert (
        line.most_waiting <= largest + AHEAD_SECONDS * baud / 10 + 200
    )  # an acknowledgement, what the line is carrying now


def test_an_urgent_message_waits_for_the_frame_under_way_alone() -> None:
    pump, link, line, clock = paced()
    for _ in range(4):
        link.send_message(bytes(100_000), clock.time, Lane.BULK)
    pump.wait(clock.time + 1)
    pressed = clock.time
    link.send_message(b"key", clock.time)
    serve_until(pump, clock, lambda: any(got == b"key" for _, got in line.received()))
    arrived = next(at for at, got in line.received() if got == b"key")
    assert arrived - pressed < (2 * 8209) * 10 / 115_200 + AHEAD_SECONDS


def test_reading_wakes_up_for_many_bytes_at_once() -> None:
    pump, _, line, clock = paced()
    before = line.reads
    line.far.send_message(bytes(50_000), clock.time, Lane.BULK)
    event = pump.wait(clock.time + 30)
    assert isinstance(event, MessageReceived)
    reads = line.reads - before
    assert 50_000 / reads > 0.85 * (LONG_SETTLE_SECONDS - STEP) * 11_520


def test_a_short_answer_waits_little() -> None:
    pump, _, line, clock = paced()
    for _ in range(10):
        line.far.send_message(bytes(200), clock.time)
        asked = clock.time
        assert isinstance(pump.wait(clock.time + 5), MessageReceived)
        carried = (200 + 2 * 17 + 6) * 10 / 115_200  # with an acknowledgement before it
        assert clock.time - asked <= carried + SHORT_SETTLE_SECONDS + 2 * STEP
        pump.wait(clock.time + 0.1)


def test_what_is_there_is_taken_by_a_time_that_has_passed() -> None:
    pump, _, line, clock = paced()
    line.far.send_message(b"1", clock.time)
    assert pump.wait(clock.time + 1) == MessageReceived(b"1")
    line.far.send_message(b"2", clock.time)
    clock.advance(0.001)  # so soon after the last byte that the line would be left alone
    line.serve_far()
    clock.advance(0.003)
    assert pump.wait(clock.time - 1) == MessageReceived(b"2")


def test_the_line_is_switched_when_it_has_carried_what_it_was_given() -> None:
    pump, link, line, clock = paced(highest_baud=921_600)
    link.send_message(bytes(20_000), clock.time, Lane.BULK)
    link.propose_speed(921_600, clock.time)
    event = pump.wait(clock.time + 20)
    while isinstance(event, MessageReceived):
        event = pump.wait(clock.time + 20)
    assert event == SpeedSettled(921_600)
    assert line.baud == line.far_baud == 921_600
    assert line.cut_off == 0
    started, size = clock.time, 150_000
    for _ in range(3):
        link.send_message(bytes(size // 3), clock.time, Lane.BULK)
    serve_until(pump, clock, lambda: sum(len(got) for _, got in line.received()) == 20_000 + size)
    assert clock.time - started < (20_000 + size) * 10 / 921_600 * 1.1


def test_a_line_that_cannot_be_switched_keeps_its_speed_and_goes_on() -> None:
    pump, link, line, clock = paced(highest_baud=921_600)
    line.refuses_speed = True
    link.propose_speed(921_600, clock.time)
    assert pump.wait(clock.time + 60) == SpeedSettled(115_200)
    assert line.baud == line.far_baud == 115_200
    link.send_message(b"still there", clock.time)
    serve_until(pump, clock, lambda: len(line.received()) == 1)


def test_a_line_that_takes_nothing_for_fifteen_seconds_is_lost() -> None:
    pump, link, line, clock = paced()
    line.stuck = True
    stuck_at = clock.time
    link.send_message(bytes(100_000), clock.time, Lane.BULK)
    for _ in range(int(STUCK_SECONDS)):
        pump.wait(clock.time + 0.9)  # whoever waits often is told as soon as who waits once
    with pytest.raises(LinkLost, match="takes no more"):
        pump.wait(clock.time + 60)
    assert stuck_at + STUCK_SECONDS <= clock.time < stuck_at + STUCK_SECONDS + 0.1


def test_a_line_that_is_stuck_for_less_goes_on() -> None:
    pump, link, line, clock = paced()
    line.stuck = True
    link.send_message(b"late", clock.time)
    pump.wait(clock.time + STUCK_SECONDS - 5)
    line.stuck = False
    serve_until(pump, clock, lambda: len(line.received()) == 1)
    line.stuck = True  # and time is counted anew
    link.send_message(b"later", clock.time)
    pump.wait(clock.time + STUCK_SECONDS - 5)
    line.stuck = False
    serve_until(pump, clock, lambda: len(line.received()) == 2)


def test_an_unplugged_line_is_told() -> None:
    pump, _, line, clock = paced()
    line.gone = True
    with pytest.raises(LinkLost, match="unplugged"):
        pump.wait(clock.time + 10)


def test_a_frame_that_was_begun_is_ended_before_anything_else_is_said() -> None:
    pump, link, line, clock = paced()
    for _ in range(5):
        link.send_message(bytes(8000), clock.time, Lane.BULK)

    class Interrupted(BaseException):
        pass

    def interrupted(descriptor: int | None, seconds: float, room: bool) -> bool:
        raise Interrupted

    partly = line.write_now
    line.write_now = lambda data: partly(data[:100])  # type: ignore[method-assign]
    pump._rest = interrupted
    with pytest.raises(Interrupted):
        pump.wait(clock.time + 5)
    line.write_now = partly  # type: ignore[method-assign]
    link.close()
    pump.flush()
    for _ in range(4000):
        clock.advance(STEP)
        line.serve_far()
    assert any(isinstance(event, LinkClosed) for _, event in line.far_events)
    assert line.far.scanner.skipped_bytes == 0


class Switching(ByteMachine):
    """A machine that answers the byte ``s`` by a word at the old speed, and says another at the new one."""

    def __init__(self) -> None:
        super().__init__()
        self.changes: deque[SpeedChange] = deque()
        self.said: list[str] = []
        self.asked_for = False

    def receive_bytes(self, data: bytes, now: float) -> None:
        if data == b"s":
            self.out = b"old"
            self.changes.append(SpeedChange(9600))
        else:
            self.events.extend(data)

    def next_event(self) -> int | None:
        if self.changes:
            self.asked_for = True
            return self.changes.popleft()  # type: ignore[return-value]
        return super().next_event()

    def bytes_to_send(self, limit: int | None = None) -> bytes:
        out = super().bytes_to_send(limit)
        if self.asked_for:
            self.asked_for, self.out = False, b"new"
        return out

    def speed_changed(self, now: float) -> None:
        self.said.append("changed")

    def speed_refused(self, now: float) -> None:
        self.said.append("refused")


class SpeedLine(MemoryLine):
    """Knows at which speed it was given what, and when it was switched."""

    switched_at = 0.0

    def write(self, data: bytes) -> None:
        self.given = [*self.__dict__.get("given", []), (self.baud, data)]

    def set_baud(self, baud: int) -> bool:
        self.switched_at = self.clock.time
        return super().set_baud(baud)


@pytest.mark.parametrize(("highest", "speed", "said"), [(115_200, 9600, "changed"), (0, 1200, "refused")])
def test_what_is_said_for_the_old_speed_goes_at_the_old_speed(highest: int, speed: int, said: str) -> None:
    clock, machine = Clock(), Switching()
    line = SpeedLine(clock, Buffer(b"s"), 1200, highest)
    pump: Pump[int] = Pump(line, machine, clock)
    pump._pacer.handed_over(120, clock.time)  # the line is full, so that nothing goes at once
    started = clock.time
    assert pump.wait(clock.time + 5) is None, "the change of speed is the pump's alone"
    assert line.given == [(1200, b"old"), (speed, b"new")]
    assert machine.said == [said]
    assert line.switched_at - started >= (120 + len(b"old")) * 10 / 1200


class Talker(ByteMachine):
    """A machine that always has something to say."""

    def bytes_to_send(self, limit: int | None = None) -> bytes:
        assert limit is not None
        return bytes(limit)


@pytest.mark.parametrize("baud", [None, 115_200])
def test_i10_a_machine_that_always_has_bytes_does_not_keep_the_line_from_being_read(baud: int | None) -> None:
    clock, machine, peer = Clock(), Talker(), Buffer(b"a")
    pump: Pump[int] = Pump(MemoryLine(clock, peer, baud), machine, clock)
    assert pump.wait(clock.time + 0.02) == ord("a")
    assert pump.wait(clock.time + 0.02) is None


def test_a_line_is_kept_full_though_nobody_answers() -> None:
    clock, peer = Clock(), Buffer()
    pump: Pump[int] = Pump(MemoryLine(clock, peer, 115_200), Talker(), clock)
    assert pump.wait(clock.time + 5) is None
    assert sum(map(len, peer.heard)) == pytest.approx(5 * 11_520, rel=0.02)


class StuckLine(MemoryLine):
    """Has a descriptor, takes nothing, and wakes nobody."""

    descriptor = 1_000_000

    def read_now(self, max_bytes: int) -> bytes:
        return b""

    def write_now(self, data: bytes) -> int:
        return 0

    def rest(self, descriptor: int | None, seconds: float, room: bool) -> bool:
        assert room
        self.clock.advance(seconds)
        return False


def test_whoever_waits_long_on_a_stuck_line_is_told_in_time() -> None:
    clock, machine = Clock(), ByteMachine()
    machine.out = b"word"
    line = StuckLine(clock, Buffer())
    pump: Pump[int] = Pump(line, machine, clock, rest=line.rest)
    with pytest.raises(LinkLost, match="takes no more"):
        pump.wait(clock.time + 60)
    assert clock.time == 1000 + STUCK_SECONDS


def test_another_machine_on_the_same_line() -> None:
    pump, machine, line, buffer, clock = pumped(b"a", b"b")
    other = ByteMachine()
    machine.out = b"first"
    beside = pump.beside(other)
    assert beside.wait(clock() + 1) == ord("a")
    beside.flush()
    assert list(machine.events) == [], "the first one rests"
    assert pump.wait(clock() + 1) == ord("b")
    assert line is pump.transport is beside.transport
    assert b"".join(buffer.heard) == b"!first!"


def test_nobody_waits_again_for_a_line_that_is_known_to_be_stuck() -> None:
    clock, machine = Clock(), ByteMachine()
    machine.out = b"word"
    line = StuckLine(clock, Buffer())
    pump: Pump[int] = Pump(line, machine, clock, rest=line.rest)
    assert pump.wait(clock.time + 1) is None
    ended = clock.time
    with pytest.raises(LinkLost, match="takes no more"):
        pump.flush()
    assert clock.time == ended
