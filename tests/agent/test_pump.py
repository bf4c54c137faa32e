"""The pump with machines and lines made for the test, under a virtual clock."""

from __future__ import annotations

import random
from collections import deque

import pytest

from agent.pump import CHUNK_BYTES, Pump
from protocols.errors import LinkLost
from protocols.pmp.link import Link, LinkClosed, LinkEvent, LinkOpened, LinkSettings, MessageReceived, Role
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
