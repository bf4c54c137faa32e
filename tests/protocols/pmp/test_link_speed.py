"""A link and the owners of its line agree on another speed, and no message is lost by it."""

from __future__ import annotations

from dataclasses import replace
from random import Random

import pytest

from protocols.errors import LocalProtocolError
from protocols.pmp.escape import FORBIDDEN
from protocols.pmp.handshake import Capability, LinkSettings
from protocols.pmp.link import (
    Lane,
    Link,
    LinkEvent,
    LinkOpened,
    LinkState,
    MessageReceived,
    Role,
    SpeedChange,
    SpeedSettled,
)
from protocols.pmp.noise import CLEAN
from protocols.pmp.wire import FrameKind
from tests.protocols.pmp.paced import Paced
from tests.protocols.pmp.rig import (
    SETTINGS,
    Drive,
    Noise,
    Owner,
    agent,
    control,
    events,
    exchange,
    frames,
    opened,
    terminal,
)

SLOW = 115_200
FAST = 921_600
SERIAL = LinkSettings.for_line(SLOW, highest_baud=FAST)
KIB = 1024


def settled(line: Paced, role: Role) -> list[int]:
    """Return the speeds that a side was told of."""
    return [event.baud for _, event in line.events[role] if isinstance(event, SpeedSettled)]


def opened_line(**changed: float) -> Paced:
    """Return an open line that both sides can raise."""
    line = Paced(baud=SLOW, near_settings=SERIAL, far_settings=SERIAL, latency=0.005, **changed)  # type: ignore[arg-type]
    line.open()
    return line


def agree(near: Link, far: Link) -> list[LinkEvent]:
    """Raise a line without any time going by, and return what the agent was told."""
    near.propose_speed(FAST, 0.0)
    told: list[LinkEvent] = []
    for _ in range(10):
        exchange(near, far, 0.0)
        for link in (near, far):
            for event in events(link):
                if isinstance(event, SpeedChange):
                    link.speed_changed(0.0)
                elif link is near:
                    told.append(event)
    assert near.baud == far.baud == FAST
    return told


def test_what_was_under_way_is_sent_again_at_once() -> None:
    near, far = opened(SERIAL)
    far.send_message(b"lost in the change", 0.0)
    far.bytes_to_send()
    assert MessageReceived(b"lost in the change") in agree(near, far)
    assert far.idle


def test_a_faster_line_carries_what_waited_and_what_comes_after() -> None:
    line = opened_line()
    data = Random(1).randbytes(100 * KIB)
    line.far.send_message(data, line.now, Lane.BULK)
    line.run(lambda: False, line.now + 1.0)
    line.near.propose_speed(FAST, line.now)
    line.run(lambda: bool(line.received(Role.AGENT)))
    assert [message for _, message in line.received(Role.AGENT)] == [data]
    assert settled(line, Role.AGENT) == settled(line, Role.TERMINAL) == [FAST]
    assert line.near.baud == line.far.baud == line.near.settings.baud == FAST
    assert line.now < 0.6 * len(data) * 10 / SLOW


def test_a_line_too_fast_for_its_cable_comes_back_and_loses_nothing() -> None:
    line = opened_line(fastest=SLOW)
    data = Random(2).randbytes(30 * KIB)
    line.near.propose_speed(FAST, line.now)
    line.far.send_message(data, line.now, Lane.BULK)
    line.run(lambda: bool(line.received(Role.AGENT)), line.now + 60)
    assert [message for _, message in line.received(Role.AGENT)] == [data]
    assert line.near.baud == line.far.baud == SLOW
    assert settled(line, Role.AGENT) == [SLOW]
    assert not line.closed()


def test_a_line_that_gets_worse_later_is_left_for_the_first_speed_and_nothing_is_lost() -> None:
    line = opened_line()
    line.near.propose_speed(FAST, line.now)
    line.run(lambda: bool(settled(line, Role.AGENT) and settled(line, Role.TERMINAL)), line.now + 60)
    line.fastest = SLOW  # a cable that was moved
    data = Random(3).randbytes(30 * KIB)
    line.far.send_message(data, line.now, Lane.BULK)
    line.near.send_message(b"question", line.now)
    line.run(lambda: bool(line.received(Role.AGENT)) and bool(line.received(Role.TERMINAL)), line.now + 60)
    assert [message for _, message in line.received(Role.AGENT)] == [data]
    assert [message for _, message in line.received(Role.TERMINAL)] == [b"question"]
    assert settled(line, Role.AGENT) == settled(line, Role.TERMINAL) == [FAST, SLOW]


@pytest.mark.parametrize("cannot", Role)
def test_an_owner_whose_line_cannot_says_so_and_all_goes_on(cannot: Role) -> None:
    owners = {role: Owner(switches=role is not cannot) for role in Role}
    drive = Drive(agent(SERIAL), terminal(SERIAL), Random(1), Noise(), owners=owners)
    drive.near.start(0.0)
    drive.run(lambda: drive.near.state is LinkState.OPEN)
    drive.near.propose_speed(FAST, drive.now)
    drive.near.send_message(b"question", drive.now)
    drive.run(lambda: drive.near.idle and bool(drive.settled[Role.AGENT]), 60.0)
    assert drive.received[Role.TERMINAL] == [b"question"]
    assert drive.settled[Role.AGENT][-1] == drive.near.baud == drive.far.baud == SLOW
    assert drive.ends == []


def test_a_speed_is_proposed_only_where_it_was_agreed_that_it_may_be() -> None:
    without = replace(SERIAL, capabilities=SERIAL.capabilities & ~Capability.SPEED)
    near, _far = opened(SERIAL, without)
    with pytest.raises(LocalProtocolError):
        near.propose_speed(FAST, 0.0)
    with pytest.raises(LocalProtocolError):
        agent(SERIAL).propose_speed(FAST, 0.0)
    near, far = opened(SERIAL)
    with pytest.raises(LocalProtocolError):
        far.propose_speed(FAST, 0.0)


def test_the_noise_of_one_speed_is_not_that_of_another() -> None:
    near, far = opened(SERIAL)

    def quality() -> int:
        far.receive_bytes(control(FrameKind.PING), 0.0)
        (answer,) = frames(far.bytes_to_send())
        return answer.payload[0]

    spoilt = bytearray(control(FrameKind.PING))
    spoilt[2] ^= 0x40
    far.receive_bytes(bytes(spoilt), 0.0)
    before = quality()
    agree(near, far)
    assert before != CLEAN
    assert quality() == CLEAN


def test_an_agents_end_takes_the_terminal_back_to_the_first_speed() -> None:
    line = opened_line()
    line.near.propose_speed(FAST, line.now)
    line.run(lambda: bool(settled(line, Role.AGENT) and settled(line, Role.TERMINAL)), line.now + 60)
    line.near.close()
    line.run(lambda: False, line.now + 10)
    assert line.far.state is LinkState.IDLE
    assert line.speeds[Role.TERMINAL] == line.far.baud == SLOW


def test_an_agent_that_vanished_leaves_a_terminal_that_is_back_in_time_for_the_next_one() -> None:
    far = terminal(SERIAL)
    first = agent(SERIAL)
    first.start(0.0)
    exchange(first, far, 0.0)
    agree(first, far)
    due = far.next_deadline()
    assert due is not None
    far.handle_timeout(due)
    assert SpeedChange(SLOW) in events(far)
    far.speed_changed(due)
    second = agent(SERIAL, session=9)
    second.start(due)
    exchange(second, far, due)
    assert [event.session for event in events(far) if isinstance(event, LinkOpened)] == [second.session]
    assert due < 4.0, "sooner than a handshake is given up"


# ----------------------------------------------------------------------------------- lines with flow control of bytes
ESCAPED = replace(SETTINGS, capabilities=Capability.ESCAPED | Capability.CORRECTION)


@pytest.mark.parametrize("session", range(0, 256, 5))
def test_on_a_line_that_acts_on_bytes_none_of_them_is_sent(session: int) -> None:
    near, far = agent(ESCAPED, session), terminal(ESCAPED)
    near.start(0.0)
    sent = near.bytes_to_send()
    far.receive_bytes(sent, 0.0)
    sent += (answer := far.bytes_to_send())
    near.receive_bytes(answer, 0.0)
    for link, other in ((near, far), (far, near)):
        link.send_message(bytes(range(256)), 0.0)
        while data := link.bytes_to_send():
            sent += data
            other.receive_bytes(bytes([0x13]) + data + bytes([0x11]), 0.0)  # the line adds some of its own
            sent += (answer := other.bytes_to_send())
            link.receive_bytes(answer, 0.0)
        assert link.idle
    assert not set(sent) & set(FORBIDDEN)


def test_a_terminal_that_cannot_escape_is_refused_on_such_a_line() -> None:
    near, far = agent(ESCAPED), terminal(SETTINGS)
    near.start(0.0)
    exchange(near, far, 0.0)
    assert near.state is LinkState.CLOSED
