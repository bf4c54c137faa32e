"""What the note pmp.md promises a peer that is not ours, seen from the wire."""

from __future__ import annotations

from collections.abc import Callable
from itertools import product
from random import Random

import pytest

from protocols.pmp.escape import is_clean
from protocols.pmp.handshake import ALL_CAPABILITIES, Capability, LinkSettings, hello_of
from protocols.pmp.link import (
    Lane,
    Link,
    LinkClosed,
    LinkOpened,
    MessageReceived,
    SpeedChange,
    SpeedSettled,
)
from protocols.pmp.speed import SPEED, SpeedNote, Step
from protocols.pmp.wire import Frame, FrameKind, build_frame
from tests.protocols.pmp import rig
from tests.protocols.pmp.smallest import SmallestTerminal

SERIAL = LinkSettings(frame_payload=64, window=8, initial_timeout=0.5, baud=9600, highest_baud=115_200)
FAST = 115_200


def switch(link: Link, now: float) -> list[int]:
    """Do what the link asks of the line."""
    changes = [event.baud for event in rig.events(link) if isinstance(event, SpeedChange)]
    for _ in changes:
        link.speed_changed(now)
    return changes


def at_agreed_speed() -> tuple[Link, Link]:
    """Return both sides of a link that has agreed on another speed at the time 0."""
    near, far = rig.opened(SERIAL)
    near.propose_speed(FAST, 0.0)
    far.receive_bytes(near.bytes_to_send(), 0.0)
    near.receive_bytes(far.bytes_to_send(), 0.0)
    assert switch(near, 0.0) == switch(far, 0.0) == [FAST]
    rig.exchange(near, far, 0.0)
    assert SpeedSettled(FAST) in rig.events(near)
    assert SpeedSettled(FAST) in rig.events(far)
    return near, far


@pytest.mark.parametrize("capabilities", range(1 << 6))
def test_hello_never_has_a_byte_that_a_line_eats(capabilities: int) -> None:
    if capabilities & ~ALL_CAPABILITIES:
        assert capabilities & 16
        return
    for payload, window in product((64, 125, 0x1111, 0x137D, 0x1193, 16_384), (1, 17, 19, 125, 128)):
        link = rig.agent(LinkSettings(payload, window, capabilities=Capability(capabilities)))
        link.start(0.0)
        assert is_clean(link.bytes_to_send())


def test_sizes_give_way_to_bytes_that_a_line_eats() -> None:
    assert (hello_of(LinkSettings(0x1111, 17)).frame_payload, hello_of(LinkSettings(64, 17)).window) == (0x10FF, 16)
    assert hello_of(LinkSettings(0x1020, 18)).frame_payload == 0x1020


def test_a_lost_word_of_new_room_is_asked_for() -> None:
    _near, far = rig.opened()
    far.receive_bytes(rig.control(FrameKind.ACK, payload=b"\x00\x00"), 0.0)
    far.send_message(b"waits", 0.0)
    assert far.bytes_to_send() == b""
    for _ in range(3):
        deadline = far.next_deadline()
        assert deadline is not None, "nobody would ever ask"
        far.handle_timeout(deadline)
        assert rig.kinds(far.bytes_to_send()) == [FrameKind.PING]
    far.receive_bytes(rig.control(FrameKind.ACK, payload=b"\x00\x01"), 9.0)
    assert rig.kinds(far.bytes_to_send()) == [FrameKind.DATA]


def test_an_agreed_speed_is_kept_by_pings_though_nothing_is_waited_for() -> None:
    near, far = at_agreed_speed()
    now = 0.0
    for _ in range(20):
        due = near.next_deadline()
        assert due is not None
        now = due
        far.handle_timeout(now)
        near.handle_timeout(now)
        rig.exchange(near, far, now)
    assert (near.baud, far.baud) == (FAST, FAST)
    assert now > 10


def test_nobody_is_woken_for_a_ping_while_a_speed_is_agreed() -> None:
    near, far = rig.opened(SERIAL)
    near.send_message(b"asks", 0.0)
    rig.exchange(near, far, 0.0)
    near.propose_speed(FAST, 4.5)
    wakings = 0
    while not any(isinstance(event, SpeedSettled) for event in rig.events(near)):
        due = near.next_deadline()
        assert due is not None
        near.handle_timeout(due)
        near.bytes_to_send()
        wakings += 1
        assert wakings < 10, "turns on the spot"


def test_hello_of_another_session_ends_the_agreed_speed_and_the_next_one_is_answered() -> None:
    _near, far = at_agreed_speed()
    hello = hello_of_another()
    far.receive_bytes(hello, 1.0)
    assert far.bytes_to_send() == b""
    assert switch(far, 1.0) == [9600]
    far.receive_bytes(hello, 1.8)
    assert rig.kinds(far.bytes_to_send()) == [FrameKind.ACCEPT]
    assert [type(event) for event in rig.events(far)].count(LinkOpened) == 1
    assert (far.session, far.baud) == (rig.frames(hello)[0].session, 9600)


def hello_of_another() -> bytes:
    """Return the HELLO of another agent."""
    other = rig.agent(SERIAL, session=rig.SESSION + 100)
    other.start(0.0)
    return other.bytes_to_send()


def test_the_way_back_is_told_as_soon_as_the_line_has_its_first_speed() -> None:
    _near, far = at_agreed_speed()
    far.handle_timeout(60.0)
    assert switch(far, 60.0) == [9600]
    assert rig.events(far) == [SpeedSettled(9600)]


def test_a_speed_that_the_line_cannot_have_is_over_at_once_for_the_terminal() -> None:
    near, far = rig.opened(SERIAL)
    far.receive_bytes(build_frame(Frame(FrameKind.SPEED, near.session, 0, 0, note_of(Step.PROPOSE))), 0.0)
    assert rig.events(far) == [SpeedChange(FAST)]
    far.speed_refused(0.0)
    assert rig.events(far) == [SpeedSettled(9600)]
    far.send_message(b"goes on", 0.0)
    assert FrameKind.DATA in rig.kinds(far.bytes_to_send())


def note_of(step: Step) -> bytes:
    """Return the payload of a SPEED frame."""
    return SPEED.build(SpeedNote(step, FAST))


@pytest.mark.parametrize("size", [1, rig.SETTINGS.frame_payload])
def test_i10_a_peer_that_heeds_no_credit_fills_no_memory(size: int) -> None:
    _near, far = rig.opened()
    message = bytes(size)
    for sequence in range(20_000):
        far.receive_bytes(rig.data_frame(sequence, message), 0.0)
    (answer,) = [frame for frame in rig.frames(far.bytes_to_send()) if frame.kind is FrameKind.ACK]
    assert size == 1 or answer.payload[1] == 0
    held = rig.messages(far)
    assert answer.acknowledged == len(held)
    assert 8 < len(held) < 5000
    far.receive_bytes(rig.data_frame(answer.acknowledged, b"when there is room again"), 1.0)
    assert rig.messages(far) == [b"when there is room again"]


# ------------------------------------------------------------------------------------- a terminal from the note alone
class Bench:
    """Our agent's link and the smallest terminal on a line that loses, spoils and doubles frames."""

    def __init__(self, seed: int, spoilt: float, settings: LinkSettings = rig.SETTINGS) -> None:
        self.random, self.spoilt = Random(seed), spoilt
        self.near = rig.agent(settings)
        self.far = SmallestTerminal(rig.BOOT, lambda message: message[::-1])
        self.now = 0.0
        self.messages: list[bytes] = []
        self.closed: list[LinkClosed] = []
        self.settings: list[LinkSettings] = []

    def carry(self, data: bytes) -> bytes:
        """Return what comes out of the line for what went in."""
        out = bytearray()
        for frame in rig.split_frames(data):
            piece = bytearray(frame)
            if self.random.random() < self.spoilt:
                how = self.random.randrange(3)
                if how == 0:
                    piece[self.random.randrange(len(piece))] ^= 1 << self.random.randrange(8)
                elif how == 1:
                    del piece[self.random.randrange(len(piece)) :]
                else:
                    piece[0:0] = self.random.randbytes(5)
                    piece += bytes(piece)
            out += piece
        return bytes(out)

    def run(self, until: Callable[[], bool]) -> None:
        """Turn the clock until the condition holds."""
        back = b""
        while not until():
            out = self.carry(self.near.bytes_to_send())
            back += self.far.receive(out, self.now) if out else b""
            if not back and not out:
                times = [each for each in (self.near.next_deadline(), self.far.deadline) if each is not None]
                assert times, "nothing would ever happen again"
                self.now = max(self.now + 0.001, min(times))
                assert self.now < 3600
                self.near.handle_timeout(self.now)
                back = self.far.tick(self.now)
            self.now += 0.001
            self.near.receive_bytes(self.carry(back), self.now)
            back = b""
            for event in rig.events(self.near):
                if isinstance(event, MessageReceived):
                    self.messages.append(event.data)
                elif isinstance(event, LinkClosed):
                    self.closed.append(event)
                elif isinstance(event, LinkOpened):
                    self.settings.append(event.settings)


@pytest.mark.parametrize("seed", range(12))
@pytest.mark.parametrize("spoilt", [0.0, 0.2])
def test_the_smallest_terminal_made_from_the_note_alone_works(seed: int, spoilt: float) -> None:
    bench = Bench(seed, spoilt, LinkSettings(frame_payload=1024, window=64))
    bench.near.start(0.0)
    bench.run(lambda: bool(bench.settings))
    agreed = bench.settings[0]
    assert (agreed.frame_payload, agreed.window, agreed.capabilities) == (64, 1, Capability(0))
    asked = [bench.random.randbytes(size) for size in (1, 64, 65, 700)]
    for count, message in enumerate(asked, 1):
        bench.near.send_message(message, bench.now, bench.random.choice(list(Lane)))
        bench.run(lambda count=count: len(bench.messages) == count)  # type: ignore[misc]
    assert bench.messages == [message[::-1] for message in asked]
    assert bench.closed == []
    assert bench.far.longest_held < 64 + 17
    if not spoilt:
        assert bench.near.statistics.retransmissions == 0


class EatingBench(Bench):
    """A line that eats XON and XOFF, and puts some of its own in."""

    def carry(self, data: bytes) -> bytes:
        """Return what comes out of the line for what went in."""
        assert not set(data) & {0x11, 0x13, 0x91, 0x93}
        out = bytearray()
        for byte in data:
            out.append(byte)
            if self.random.random() < self.spoilt:
                out.append(self.random.choice((0x11, 0x13)))
        return bytes(out)


@pytest.mark.parametrize("seed", range(5))
def test_the_smallest_terminal_works_on_a_line_that_eats_bytes(seed: int) -> None:
    capabilities = Capability.CORRECTION | Capability.ESCAPED
    bench = EatingBench(seed, 0.0, LinkSettings(1024, 64, capabilities=capabilities))
    bench.near.start(0.0)
    bench.run(lambda: bool(bench.settings))
    assert bench.settings[0].capabilities == Capability.ESCAPED
    bench.spoilt = 0.1
    every = bytes(range(256))
    bench.near.send_message(every, bench.now)
    bench.run(lambda: bool(bench.messages))
    assert bench.messages == [every[::-1]]


def test_the_smallest_terminal_forgets_what_is_taken_back() -> None:
    bench = Bench(0, 0.0)
    bench.near.start(0.0)
    bench.run(lambda: bool(bench.settings))
    bench.near.send_message(bytes(1000), bench.now, Lane.BULK, key=1)
    bench.near.bytes_to_send()
    bench.near.cancel(1)
    bench.near.send_message(b"next", bench.now, Lane.BULK)
    bench.run(lambda: bool(bench.messages))
    assert bench.messages == [b"txen"]


def test_a_restart_of_the_smallest_terminal_shows() -> None:
    bench = Bench(0, 0.0)
    bench.near.start(0.0)
    bench.run(lambda: bool(bench.settings))
    bench.far = SmallestTerminal(rig.BOOT + 1, bytes)
    bench.near.send_message(b"asks", bench.now)
    bench.run(lambda: bool(bench.closed))
    assert bench.closed[0].reason == "reset by the peer"
    assert bench.now < 1.0
