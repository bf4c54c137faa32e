"""A private session opens with its channel, carries records alone, and ends with a code where that fails."""

from __future__ import annotations

from dataclasses import replace

import pytest

from protocols.errors import LocalProtocolError
from protocols.pmp.channel import OpenChannel
from protocols.pmp.handshake import Capability
from protocols.pmp.link import (
    SECURING_SECONDS,
    Lane,
    Link,
    LinkClosed,
    LinkOpened,
    LinkState,
    MessageReceived,
    Role,
)
from protocols.pmp.wire import Frame, FrameKind, build_frame
from tests.protocols.pmp.fake_channel import ALERT, FakeChannel
from tests.protocols.pmp.rig import (
    BOOT,
    SESSION,
    SETTINGS,
    closed,
    events,
    exchange,
    frames,
    kinds,
    messages,
)


def ends(near: OpenChannel | None, far: OpenChannel | None) -> tuple[Link, Link]:
    """Return an agent that has said HELLO, and a terminal."""
    links = (
        Link(Role.AGENT, SETTINGS, session=SESSION, channel=near),
        Link(Role.TERMINAL, SETTINGS, boot_id=BOOT, channel=far),
    )
    links[0].start(0.0)
    return links


def client(refuses: str = "") -> OpenChannel:
    """Return what makes the agent's end."""
    return lambda: FakeChannel(client=True, refuses=refuses)


def server(refuses: str = "") -> OpenChannel:
    """Return what makes the terminal's end."""
    return lambda: FakeChannel(client=False, refuses=refuses)


def private_pair() -> tuple[Link, Link]:
    """Return both ends of an open private session."""
    near, far = ends(client(), server())
    exchange(near, far, 0.0)
    for link in (near, far):
        assert isinstance(link.next_event(), LinkOpened)
    return near, far


def test_both_ends_open_when_the_channel_is_established_and_with_the_same_binding() -> None:
    near, far = ends(client(), server())
    states = set()
    for _ in range(200):
        for link, other in ((near, far), (far, near)):
            other.receive_bytes(link.bytes_to_send(1), 0.0)
            states.add((link.role, link.state))
    assert states >= {(role, state) for role in Role for state in (LinkState.SECURING, LinkState.OPEN)}
    openings = [events(link) for link in (near, far)]
    assert openings[0] == openings[1]
    (opening,) = openings[0]
    assert isinstance(opening, LinkOpened)
    assert len(opening.binding) == 32
    assert Capability.PRIVATE in opening.settings.capabilities


def test_messages_go_both_ways_in_both_lanes() -> None:
    near, far = private_pair()
    near.send_message(b"question", 1.0)
    near.send_message(bytes(20_000), 1.0, Lane.BULK)
    far.send_message(b"answer", 1.0)
    exchange(near, far, 1.0)
    assert messages(far) == [b"question", bytes(20_000)]
    assert messages(near) == [b"answer"]


def test_nothing_can_be_said_before_it_is_open() -> None:
    near, far = ends(client(), server())
    far.receive_bytes(near.bytes_to_send(), 0.0)
    near.receive_bytes(far.bytes_to_send(), 0.0)
    for link in (near, far):
        assert link.state is LinkState.SECURING
        with pytest.raises(LocalProtocolError, match="securing"):
            link.send_message(b"too early", 0.0)


@pytest.mark.parametrize(("near", "far"), [(client(), None), (None, server()), (None, None)])
def test_where_one_side_has_no_channel_the_session_is_plain_and_says_so(
    near: OpenChannel | None, far: OpenChannel | None
) -> None:
    links = ends(near, far)
    exchange(*links, 0.0)
    for link in links:
        (opening,) = events(link)
        assert isinstance(opening, LinkOpened)
        assert opening.binding == b""
        assert Capability.PRIVATE not in opening.settings.capabilities
        assert link.state is LinkState.OPEN


def test_private_is_offered_by_having_a_channel_and_by_nothing_else() -> None:
    link = Link(Role.AGENT, replace(SETTINGS, capabilities=Capability.PRIVATE), session=SESSION)
    link.start(0.0)
    (hello,) = frames(link.bytes_to_send())
    assert not int.from_bytes(hello.payload[-4:], "big") & Capability.PRIVATE


@pytest.mark.parametrize("code", ["certificate-unknown", "certificate-expired", "certificate-revoked"])
@pytest.mark.parametrize("role", Role)
def test_a_side_that_refuses_says_why_and_the_other_learns_of_it(role: Role, code: str) -> None:
    near, far = ends(client(code if role is Role.AGENT else ""), server(code if role is Role.TERMINAL else ""))
    exchange(near, far, 0.0)
    link, other = (near, far) if role is Role.AGENT else (far, near)
    assert closed(link).refusal == code
    end = closed(other)
    assert end.refusal == "handshake"
    assert near.state is LinkState.CLOSED
    assert far.state is LinkState.IDLE
    assert not [event for link in (near, far) for event in events(link) if isinstance(event, LinkOpened)]


def test_the_alert_goes_out_before_the_end() -> None:
    near, far = ends(client(), server("certificate-unknown"))
    far.receive_bytes(near.bytes_to_send(), 0.0)
    near.receive_bytes(far.bytes_to_send(), 0.0)
    while far.state is LinkState.SECURING:
        far.receive_bytes(near.bytes_to_send(), 0.0)
        out = far.bytes_to_send()
        near.receive_bytes(out, 0.0)
    alert, reset = [frame for frame in frames(out) if frame.kind is not FrameKind.ACK]
    assert alert.kind is FrameKind.DATA
    assert alert.payload[0] == ALERT
    assert reset.kind is FrameKind.RESET


def test_a_record_that_was_changed_on_the_way_ends_the_session_with_its_code() -> None:
    near, far = private_pair()
    near.send_message(b"pay 1", 1.0)
    (frame,) = [frame for frame in frames(near.bytes_to_send()) if frame.kind is FrameKind.DATA]
    changed = frame._replace(payload=frame.payload.replace(b"pay 1", b"pay 9"))
    far.receive_bytes(build_frame(changed), 1.0)
    got = events(far)
    assert [event.refusal for event in got if isinstance(event, LinkClosed)] == ["record"]
    assert not [event for event in got if isinstance(event, MessageReceived)]
    assert FrameKind.RESET in kinds(far.bytes_to_send())


def test_a_plain_message_within_a_private_session_ends_it() -> None:
    _near, far = private_pair()
    data = Frame(FrameKind.DATA, far.session, 16, 0, b"", more=False)
    for sequence in range(64):
        far.receive_bytes(build_frame(data._replace(sequence=sequence)), 1.0)
    assert "records alone" in closed(far).reason


@pytest.mark.parametrize("role", Role)
def test_a_channel_that_is_not_established_in_time_ends_the_session(role: Role) -> None:
    near, far = ends(client(), server())
    far.receive_bytes(near.bytes_to_send(), 0.0)
    near.receive_bytes(far.bytes_to_send(), 0.0)
    link, other = (near, far) if role is Role.AGENT else (far, near)
    now, told = 0.0, b""
    while link.state is LinkState.SECURING and now <= SECURING_SECONDS:
        # Its peer acknowledges and lives, and says nothing of the channel's.
        link.receive_bytes(build_frame(Frame(FrameKind.PING, link.session, 0, 1)), now)
        link.bytes_to_send()
        due = link.next_deadline()
        assert due is not None
        now = max(now + 0.001, due)
        link.handle_timeout(now)
        told = link.bytes_to_send()
    assert now == pytest.approx(SECURING_SECONDS, abs=0.1)
    assert kinds(told)[-1] is FrameKind.RESET
    end = closed(link)
    assert (end.reason, end.refusal) == ("the private channel was not established in time", "handshake")
    other.receive_bytes(told, now)
    assert closed(other).refusal == "handshake"


def test_each_session_has_a_channel_of_its_own() -> None:
    near, far = private_pair()
    near.close()
    second = Link(Role.AGENT, SETTINGS, session=SESSION + 100, channel=client())
    second.start(5.0)
    exchange(second, far, 5.0)
    second.send_message(b"from the second", 5.0)
    exchange(second, far, 5.0)
    assert messages(far) == [b"from the second"]


def test_a_plain_session_may_follow_a_private_one_and_the_other_way_round() -> None:
    far = Link(Role.TERMINAL, SETTINGS, boot_id=BOOT, channel=server())
    for number, channel in enumerate((client(), None, client())):
        near = Link(Role.AGENT, SETTINGS, session=100 * number, channel=channel)
        near.start(float(number))
        exchange(near, far, float(number))
        (opening,) = [event for event in events(far) if isinstance(event, LinkOpened)]
        assert bool(opening.binding) == (channel is not None)
        assert near.state is far.state is LinkState.OPEN


def test_no_speed_is_talked_about_before_the_session_is_open() -> None:
    near, far = ends(client(), server())
    far.receive_bytes(near.bytes_to_send(), 0.0)
    assert far.state is LinkState.SECURING
    far.bytes_to_send()
    propose = bytes.fromhex("01 000e1000 0000")
    far.receive_bytes(build_frame(Frame(FrameKind.SPEED, far.session, 0, 0, propose)), 0.0)
    assert FrameKind.SPEED not in kinds(far.bytes_to_send())
