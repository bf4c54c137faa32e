"""The link delivers every byte once and in order, ends when it must, and no peer can make it hang or grow."""

from __future__ import annotations

from dataclasses import replace
from random import Random

import pytest

from protocols.errors import LocalProtocolError
from protocols.machine import Machine
from protocols.pmp.handshake import ACCEPT, HELLO, USUAL, Accept, Capability, Hello
from protocols.pmp.link import (
    FRAME_GAP,
    HELLO_INTERVAL,
    HELLO_TRIES,
    KEEPALIVE_INTERVAL,
    KEEPALIVE_TRIES,
    MAX_MESSAGE,
    Link,
    LinkClosed,
    LinkEvent,
    LinkOpened,
    LinkSettings,
    LinkState,
    MessageReceived,
    Role,
)
from protocols.pmp.window import MAX_SENDINGS
from protocols.pmp.wire import (
    HEADER_BYTES,
    MAX_PAYLOAD,
    Frame,
    FrameKind,
    FrameScanner,
    build_frame,
)
from tests.protocols.pmp import schedules
from tests.protocols.pmp.rig import (
    BOOT,
    SESSION,
    SETTINGS,
    Drive,
    agent,
    closed,
    control,
    data_frame,
    events,
    exchange,
    frames,
    kinds,
    messages,
    opened,
    split_frames,
    terminal,
)

SCHEDULES = 240
PACED = replace(SETTINGS, baud=115_200)
"""Where the speed is known, the whole window may be under way from the start."""


def accept(session: int = SESSION, **changed: int) -> bytes:
    """Build an ACCEPT by hand."""
    fields = {"version": 1, "frame_payload": 64, "window": 8, "capabilities": 0, "boot_id": BOOT} | changed
    return build_frame(Frame(FrameKind.ACCEPT, session, 0, 0, ACCEPT.build(Accept(**fields))))


def hello(session: int = SESSION, **changed: int) -> bytes:
    """Build a HELLO by hand."""
    fields = {"lowest_version": 1, "highest_version": 1, "frame_payload": 64, "window": 8, "capabilities": 0} | changed
    return build_frame(Frame(FrameKind.HELLO, session, 0, 0, HELLO.build(Hello(**fields))))


def test_a_link_is_a_machine() -> None:
    machine: Machine[LinkEvent] = agent()
    assert machine.next_event() is None
    assert machine.next_deadline() is None


# ------------------------------------------------------------------------------------------------------- handshake
def test_handshake_settles_on_the_smaller_of_both() -> None:
    near, far = agent(LinkSettings(2048, 4)), terminal(LinkSettings(512, 16))
    near.start(0.0)
    exchange(near, far, 0.0)
    for link in (near, far):
        event = link.next_event()
        assert isinstance(event, LinkOpened)
        assert (event.session, event.boot_id) == (SESSION, BOOT)
        assert (event.settings.frame_payload, event.settings.window) == (512, 4)
        assert link.state is LinkState.OPEN


def test_handshake_tries_six_times_and_gives_up() -> None:
    link = agent()
    link.start(0.0)
    sent = kinds(link.bytes_to_send())
    while (due := link.next_deadline()) is not None:
        link.handle_timeout(due)
        sent += kinds(link.bytes_to_send())
    assert sent == [FrameKind.HELLO] * HELLO_TRIES
    assert due is None
    end = closed(link)
    assert end == LinkClosed("nobody answered the handshake", answered=False, noise=0)


def test_an_early_timeout_changes_nothing() -> None:
    link = agent()
    link.start(0.0)
    link.bytes_to_send()
    link.handle_timeout(HELLO_INTERVAL / 2)
    assert link.bytes_to_send() == b""


@pytest.mark.parametrize("lost", [(0,), (0, 1, 2, 3, 4)])
def test_handshake_survives_lost_hellos(lost: tuple[int, ...]) -> None:
    near, far = agent(), terminal()
    near.start(0.0)
    for number in range(HELLO_TRIES):
        now = number * HELLO_INTERVAL
        near.handle_timeout(now)
        out = near.bytes_to_send()
        if number not in lost:
            far.receive_bytes(out, now)
        near.receive_bytes(far.bytes_to_send(), now)
    assert near.state is far.state is LinkState.OPEN


def test_handshake_survives_lost_accepts() -> None:
    near, far = agent(), terminal()
    near.start(0.0)
    for number in range(HELLO_TRIES):
        now = number * HELLO_INTERVAL
        near.handle_timeout(now)
        far.receive_bytes(near.bytes_to_send(), now)
        answer = far.bytes_to_send()
        assert kinds(answer) == [FrameKind.ACCEPT]
        if number == HELLO_TRIES - 1:
            near.receive_bytes(answer, now)
    assert near.state is LinkState.OPEN
    assert len([event for event in events(far) if isinstance(event, LinkOpened)]) == 1


def test_only_an_agent_starts_and_only_once() -> None:
    with pytest.raises(LocalProtocolError):
        terminal().start(0.0)
    link = agent()
    link.start(0.0)
    with pytest.raises(LocalProtocolError):
        link.start(0.0)


def test_a_terminal_of_another_version_refuses_at_once() -> None:
    link = terminal()
    link.receive_bytes(hello(lowest_version=2, highest_version=3), 0.0)
    (answer,) = frames(link.bytes_to_send())
    assert (answer.kind, answer.session) == (FrameKind.RESET, SESSION)
    assert link.state is LinkState.IDLE
    near = agent()
    near.start(0.0)
    near.receive_bytes(build_frame(answer), 0.1)
    assert closed(near).answered


def test_a_hello_of_another_version_leaves_the_open_session_alone() -> None:
    near, far = opened()
    far.receive_bytes(hello(0x0BAD, lowest_version=9, highest_version=9), 0.0)
    (answer,) = frames(far.bytes_to_send())
    assert (answer.kind, answer.session) == (FrameKind.RESET, 0x0BAD)
    near.send_message(b"still here", 0.1)
    exchange(near, far, 0.1)
    assert messages(far) == [b"still here"]


@pytest.mark.parametrize("changed", [{"frame_payload": 63}, {"frame_payload": 65535}, {"window": 0}, {"window": 129}])
def test_a_senseless_hello_gets_no_answer(changed: dict[str, int]) -> None:
    link = terminal()
    link.receive_bytes(hello(**changed), 0.0)
    link.receive_bytes(control(FrameKind.HELLO, payload=b"short"), 0.0)
    assert link.bytes_to_send() == b""
    assert link.state is LinkState.IDLE


def test_a_terminal_ignores_capabilities_it_does_not_know() -> None:
    link = terminal()
    link.receive_bytes(hello(capabilities=0xFFFFFFFF), 0.0)
    (answer,) = frames(link.bytes_to_send())
    assert ACCEPT.parse(answer.payload).capabilities == USUAL


@pytest.mark.parametrize(
    "changed",
    [
        {"version": 2},
        {"version": 0},
        {"frame_payload": 65},
        {"frame_payload": 0},
        {"frame_payload": 65535},
        {"window": 9},
        {"window": 0},
        {"window": 255},
        {"capabilities": Capability.PRIVATE},
        {"capabilities": Capability.ESCAPED},
        {"capabilities": 32},
        {"capabilities": 1 << 31},
    ],
)
def test_a_hostile_accept_ends_the_session(changed: dict[str, int]) -> None:
    link = agent()
    link.start(0.0)
    link.bytes_to_send()
    link.receive_bytes(accept(**changed), 0.1)
    assert kinds(link.bytes_to_send()) == [FrameKind.RESET]
    assert closed(link).answered
    assert link.next_deadline() is None


def test_an_accept_of_the_wrong_length_ends_the_session() -> None:
    link = agent()
    link.start(0.0)
    link.receive_bytes(control(FrameKind.ACCEPT, payload=bytes(13)), 0.1)
    assert kinds(link.bytes_to_send())[-1] is FrameKind.RESET
    assert "13 bytes" in closed(link).reason


def test_an_accept_of_another_session_is_ignored() -> None:
    link = agent()
    link.start(0.0)
    link.receive_bytes(accept(session=SESSION ^ 1), 0.1)
    assert link.state is LinkState.OPENING
    assert events(link) == []


def test_an_agent_that_was_not_started_ignores_everything() -> None:
    link = agent()
    for kind in FrameKind:
        link.receive_bytes(control(kind, payload=b"x"), 0.0)
    link.receive_bytes(accept(), 0.0)
    assert link.state is LinkState.IDLE
    assert link.bytes_to_send() == b""
    assert events(link) == []


def test_accept_again_changes_nothing() -> None:
    near, far = opened()
    near.send_message(b"one", 0.0)
    exchange(near, far, 0.0)
    near.receive_bytes(accept(), 0.1)
    near.send_message(b"two", 0.1)
    exchange(near, far, 0.1)
    assert events(near) == []
    assert messages(far) == [b"one", b"two"]


def test_accept_with_another_boot_id_means_that_the_terminal_restarted() -> None:
    near, _far = opened()
    near.receive_bytes(accept(boot_id=BOOT + 1), 0.1)
    assert kinds(near.bytes_to_send()) == [FrameKind.RESET]
    assert closed(near).reason == "the terminal restarted"


def test_hello_of_the_open_session_after_data_changes_nothing() -> None:
    near, far = opened()
    near.send_message(b"one", 0.0)
    exchange(near, far, 0.0)
    far.receive_bytes(hello(), 0.1)
    assert kinds(far.bytes_to_send()) == [FrameKind.ACCEPT]
    near.send_message(b"two", 0.1)
    exchange(near, far, 0.1)
    assert events(far) == [MessageReceived(b"one"), MessageReceived(b"two")]


def test_hello_of_a_new_session_begins_anew_and_drops_what_the_old_one_asked() -> None:
    near, far = opened()
    near.send_message(b"from the old agent", 0.0)
    far.send_message(b"for the old agent", 0.0)
    second = agent(session=SESSION + 1)
    second.start(0.0)
    far.receive_bytes(near.bytes_to_send() + second.bytes_to_send(), 0.0)
    (event,) = events(far)
    assert isinstance(event, LinkOpened)
    assert event.session == SESSION + 1
    exchange(second, far, 0.0)
    second.send_message(b"from the new agent", 0.1)
    exchange(second, far, 0.1)
    assert messages(far) == [b"from the new agent"]
    assert messages(second) == []


def test_an_agent_hears_its_own_echo_as_nobody() -> None:
    link = agent()
    link.start(0.0)
    while (due := link.next_deadline()) is not None:
        link.receive_bytes(link.bytes_to_send(), due)
        link.handle_timeout(due)
    assert not closed(link).answered


def test_noise_alone_is_counted_and_no_answer() -> None:
    link = agent()
    link.start(0.0)
    link.receive_bytes(b"Port already in use\r\n", 0.1)
    while (due := link.next_deadline()) is not None:
        link.handle_timeout(due)
    assert closed(link) == LinkClosed("nobody answered the handshake", answered=False, noise=21)


# ------------------------------------------------------------------------------------------------------- messages
@pytest.mark.parametrize("size", [1, 63, 64, 65, 128, 5000, MAX_MESSAGE])
def test_messages_of_every_size_go_both_ways(size: int) -> None:
    near, far = opened()
    message = Random(size).randbytes(size)
    near.send_message(message, 0.0)
    far.send_message(message[::-1], 0.0)
    exchange(near, far, 0.0)
    assert messages(far) == [message]
    assert messages(near) == [message[::-1]]
    assert near.idle
    assert far.idle


def test_a_message_must_have_a_size_and_the_link_be_open() -> None:
    near, _far = opened()
    for data in (b"", bytes(MAX_MESSAGE + 1)):
        with pytest.raises(LocalProtocolError):
            near.send_message(data, 0.0)
    with pytest.raises(LocalProtocolError):
        agent().send_message(b"x", 0.0)


def test_the_window_bounds_what_is_under_way() -> None:
    near, _far = opened(PACED)
    near.send_message(bytes(5000), 0.0)
    assert len(frames(near.bytes_to_send())) == PACED.window
    assert near.bytes_to_send() == b""
    assert not near.idle


# ------------------------------------------------------------------------------------------- loss and its repair
@pytest.mark.parametrize("block", range(8))
def test_every_message_once_and_in_the_order_of_its_lane_over_bad_lines(block: int) -> None:
    size = SCHEDULES // 8
    outcomes = [schedules.run(seed) for seed in range(block * size, (block + 1) * size)]
    assert sum(outcome.given_up for outcome in outcomes) <= 1


def test_one_lost_frame_is_sent_again_alone() -> None:
    near, far = opened(PACED)
    near.send_message(bytes(range(256)) * 2, 0.0)
    first, *rest = split_frames(near.bytes_to_send())
    far.receive_bytes(b"".join(rest), 0.6)
    (answer,) = frames(far.bytes_to_send())
    assert (answer.kind, answer.acknowledged, answer.payload) == (FrameKind.ACK, 0, bytes([0, 8, 0x7F]))
    near.receive_bytes(build_frame(answer), 0.6)
    assert [frame.sequence for frame in frames(near.bytes_to_send())] == [0]
    far.receive_bytes(first, 0.7)
    assert messages(far) == [bytes(range(256)) * 2]


def test_a_selective_answer_stands_beside_data_of_its_own() -> None:
    near, far = opened()
    far.send_message(b"news", 0.0)
    far.receive_bytes(data_frame(1, b"early"), 0.0)
    assert kinds(far.bytes_to_send()) == [FrameKind.ACK, FrameKind.DATA]
    assert near.state is LinkState.OPEN


def test_a_piggy_backed_answer_needs_no_ack() -> None:
    _near, far = opened()
    far.receive_bytes(data_frame(0, b"ask"), 0.0)
    far.send_message(b"answer", 0.0)
    (frame,) = frames(far.bytes_to_send())
    assert (frame.kind, frame.acknowledged) == (FrameKind.DATA, 1)


def test_a_doubled_frame_is_acknowledged_again_and_delivered_once() -> None:
    _near, far = opened()
    for _ in range(3):
        far.receive_bytes(data_frame(0, b"once"), 0.0)
        assert [frame.acknowledged for frame in frames(far.bytes_to_send())] == [1]
    assert messages(far) == [b"once"]


def test_a_peer_that_stops_acknowledging_ends_the_session() -> None:
    near, _far = opened()
    near.send_message(b"hello?", 0.0)
    near.rest()
    sent = 0
    now = 0.0
    while near.state is LinkState.OPEN:
        sent += kinds(near.bytes_to_send()).count(FrameKind.DATA)
        due = near.next_deadline()
        assert due is not None
        assert due > now
        now = due
        near.handle_timeout(now)
    assert sent == MAX_SENDINGS
    assert closed(near).reason == "the peer stopped acknowledging"
    assert now < 60


def test_a_terminal_forgets_an_agent_that_is_gone_and_takes_the_next() -> None:
    _near, far = opened()
    far.send_message(b"event", 0.0)
    far.bytes_to_send()
    while (due := far.next_deadline()) is not None:
        far.handle_timeout(due)
        far.bytes_to_send()
    assert far.state is LinkState.IDLE
    assert isinstance(closed(far), LinkClosed)
    second = agent(session=7)
    second.start(1000.0)
    exchange(second, far, 1000.0)
    assert second.state is LinkState.OPEN


# ------------------------------------------------------------------------------------------------------ keep-alive
def test_a_line_cut_while_waiting_is_noticed() -> None:
    near, far = opened()
    near.send_message(b"take your time", 0.0)
    exchange(near, far, 0.0)
    pings, now = 0, 0.0
    while (due := near.next_deadline()) is not None:
        now = due
        near.handle_timeout(now)
        pings += kinds(near.bytes_to_send()).count(FrameKind.PING)
    assert pings == KEEPALIVE_TRIES
    assert now == KEEPALIVE_INTERVAL * (KEEPALIVE_TRIES + 1)
    assert closed(near).reason == "the peer fell silent"


def test_a_slow_answer_is_waited_for_while_the_peer_lives() -> None:
    near, far = opened()
    near.send_message(b"digest, please", 0.0)
    exchange(near, far, 0.0)
    now = 0.0
    while now < 55:
        due = near.next_deadline()
        assert due is not None
        now = due
        near.handle_timeout(now)
        exchange(near, far, now)
    far.send_message(b"here it is", now)
    exchange(near, far, now)
    assert messages(near) == [b"here it is"]


def test_an_agent_at_rest_takes_silence_for_nothing() -> None:
    near, far = opened()
    near.send_message(b"ask", 0.0)
    exchange(near, far, 0.0)
    near.rest()
    assert near.next_deadline() is None
    near.handle_timeout(10_000.0)
    near.send_message(b"ask again", 10_000.0)
    assert near.next_deadline() == 10_000.0 + KEEPALIVE_INTERVAL
    exchange(near, far, 10_000.0)
    assert near.state is LinkState.OPEN
    assert messages(far) == [b"ask", b"ask again"]


def test_an_owner_that_slept_through_its_deadlines_does_not_lose_the_line() -> None:
    near, far = opened()
    near.send_message(b"ask", 0.0)
    exchange(near, far, 0.0)
    far.send_message(b"answer", 1.0)
    waiting = far.bytes_to_send()
    near.handle_timeout(3600.0)  # the owner was busy for an hour, the answer is still in the port's buffer
    near.receive_bytes(waiting, 3600.0)
    assert messages(near) == [b"answer"]
    assert near.state is LinkState.OPEN


def test_ping_is_answered() -> None:
    _near, far = opened()
    far.receive_bytes(control(FrameKind.PING), 0.0)
    assert kinds(far.bytes_to_send()) == [FrameKind.ACK]


# ---------------------------------------------------------------------------------------------------- restart, reset
@pytest.mark.parametrize("kind", [FrameKind.DATA, FrameKind.PING])
def test_a_restarted_terminal_says_so_at_the_next_frame(kind: FrameKind) -> None:
    near, _far = opened()
    restarted = terminal(boot_id=BOOT + 1)
    frame = data_frame(0, b"ask") if kind is FrameKind.DATA else control(FrameKind.PING)
    restarted.receive_bytes(frame, 0.0)
    answer = restarted.bytes_to_send()
    near.receive_bytes(answer, 0.0)
    assert closed(near).reason == "reset by the peer"
    assert restarted.state is LinkState.IDLE


@pytest.mark.parametrize("kind", [FrameKind.ACK, FrameKind.ACCEPT, FrameKind.RESET])
def test_a_terminal_without_session_answers_nothing_else(kind: FrameKind) -> None:
    link = terminal()
    link.receive_bytes(control(kind), 0.0)
    assert link.bytes_to_send() == b""
    assert events(link) == []


def test_reset_of_another_session_is_ignored() -> None:
    near, far = opened()
    for link in (near, far):
        link.receive_bytes(control(FrameKind.RESET, session=SESSION ^ 0x8000), 0.0)
        assert link.state is LinkState.OPEN


def test_a_single_bit_error_is_put_right_or_costs_the_frame_and_never_makes_another_of_it() -> None:
    whole = data_frame(0, b"any payload")
    for bit in range(8 * len(whole)):
        near, _far = opened()
        broken = bytearray(whole)
        broken[bit // 8] ^= 1 << bit % 8
        near.receive_bytes(bytes(broken), 0.0)
        assert near.state is LinkState.OPEN
        in_header = bit < 8 * HEADER_BYTES
        assert events(near) == ([MessageReceived(b"any payload")] if in_header else []), f"bit {bit}"


def test_no_two_bit_errors_in_the_header_make_a_reset_of_anything() -> None:
    whole = data_frame(0, b"any payload")
    near, _far = opened()
    bits = 8 * HEADER_BYTES
    for first in range(bits):
        for second in range(first + 1, bits):
            broken = bytearray(whole)
            for bit in (first, second):
                broken[bit // 8] ^= 1 << bit % 8
            near.receive_bytes(bytes(broken) + control(FrameKind.ACK), 0.0)  # the ACK brings it in step again
    assert near.state is LinkState.OPEN
    assert events(near) == []


@pytest.mark.parametrize("role", Role)
def test_close_tells_the_peer(role: Role) -> None:
    near, far = opened()
    link, other = (near, far) if role is Role.AGENT else (far, near)
    link.send_message(b"never sent", 0.0)
    link.close()
    assert closed(link).reason == "closed by us"
    out = link.bytes_to_send()
    assert kinds(out) == [FrameKind.RESET]
    other.receive_bytes(out, 0.0)
    assert closed(other).reason == "reset by the peer"
    assert link.idle
    assert link.next_deadline() is other.next_deadline() is None
    link.close()
    assert link.bytes_to_send() == b""


def test_nothing_moves_a_closed_agent() -> None:
    near, _far = opened()
    near.close()
    events(near)
    near.bytes_to_send()
    for kind in FrameKind:
        near.receive_bytes(control(kind, payload=b"x"), 1.0)
    near.receive_bytes(accept(), 1.0)
    near.handle_timeout(100.0)
    assert near.state is LinkState.CLOSED
    assert near.bytes_to_send() == b""
    assert events(near) == []


# -------------------------------------------------------------------------------------------------- hostile peers
def test_i10_a_message_without_end_is_cut_off() -> None:
    _near, far = opened(LinkSettings(MAX_PAYLOAD, 32))
    for sequence in range(9):
        far.receive_bytes(data_frame(sequence, bytes(MAX_PAYLOAD), more=True), 0.0)
    assert closed(far).reason == f"message over {MAX_MESSAGE} bytes"
    assert FrameKind.RESET in kinds(far.bytes_to_send())


def test_i10_empty_data_frames_are_refused() -> None:
    _near, far = opened()
    far.receive_bytes(data_frame(0, b"", more=True), 0.0)
    assert closed(far).reason == "DATA frame without payload"


def test_i10_frames_from_everywhere_in_the_sequence_are_bounded() -> None:
    _near, far = opened()
    for sequence in (*range(1, 300), *range(300, 65_536, 7)):
        far.receive_bytes(data_frame(sequence, bytes([sequence % 256])), 0.0)
    assert far.state is LinkState.OPEN
    (answer,) = frames(far.bytes_to_send())
    kept = int.from_bytes(answer.payload[2:], "little").bit_count()
    assert kept == SETTINGS.window - 1


def test_i10_acknowledgements_of_what_was_never_sent_are_ignored() -> None:
    near, _far = opened()
    near.send_message(bytes(200), 0.0)
    near.bytes_to_send()
    for acknowledged in (5, 8, 32_768, 65_535):
        near.receive_bytes(control(FrameKind.ACK, acknowledged, bytes.fromhex("0008ff")), 10.0)
        assert near.bytes_to_send() == b""
        assert not near.idle


@pytest.mark.parametrize("payload", [b"", b"\x00", b"\x00\x08\x00\x01", b"\x00\x08" + b"\xff" * 62])
def test_an_ack_that_is_too_short_or_speaks_of_more_than_the_window_is_ignored(payload: bytes) -> None:
    near, _far = opened()
    near.send_message(b"one", 0.0)
    near.bytes_to_send()
    near.receive_bytes(control(FrameKind.ACK, 1, payload), 0.1)
    assert not near.idle


def test_i10_a_bitmap_repeated_for_ever_does_not_make_us_send_for_ever() -> None:
    near, _far = opened()
    near.send_message(bytes(500), 0.0)
    near.rest()
    sent = len(frames(near.bytes_to_send()))
    now = 0.0
    while near.state is LinkState.OPEN and now < 120:
        now += 0.05
        near.receive_bytes(control(FrameKind.ACK, 0, bytes.fromhex("000855")), now)
        near.handle_timeout(now)
        sent += len([frame for frame in frames(near.bytes_to_send()) if frame.kind is FrameKind.DATA])
    assert closed(near).reason == "the peer stopped acknowledging"
    assert sent < 8 * 3 * MAX_SENDINGS


def test_i10_a_bitmap_taken_back_leaves_no_frame_behind() -> None:
    near, far = opened()
    near.send_message(bytes(range(200)), 0.0)
    first, *rest = split_frames(near.bytes_to_send())
    near.receive_bytes(control(FrameKind.ACK, 0, bytes.fromhex("000807")), 0.1)  # claims 1 to 3
    far.receive_bytes(first, 0.1)
    near.receive_bytes(far.bytes_to_send(), 0.2)  # in truth it has none of them
    assert len(rest) == 3
    drive = Drive(near, far, Random(1))
    drive.now = 0.3
    drive.run(lambda: near.idle)
    assert messages(far) + drive.received[Role.TERMINAL] == [bytes(range(200))]


def test_i10_a_flood_of_hellos_is_answered_in_proportion() -> None:
    link = terminal()
    flood = b"".join(hello(session) for session in range(200))
    link.receive_bytes(flood, 0.0)
    assert len(link.bytes_to_send()) <= len(flood) * 29 // 26


def test_a_truncated_frame_of_a_killed_agent_does_not_swallow_the_next_handshake() -> None:
    near, far = opened(LinkSettings(2048, 8))
    near.send_message(bytes(2048), 0.0)
    far.receive_bytes(near.bytes_to_send()[:100], 0.0)  # kill -9 here
    second = agent(LinkSettings(2048, 8), session=9)
    second.start(30.0)
    exchange(second, far, 30.0)
    assert second.state is LinkState.OPEN


def test_a_truncated_frame_is_given_up_within_the_handshake() -> None:
    _near, far = opened(LinkSettings(2048, 8))
    far.receive_bytes(data_frame(0, bytes(2000))[:100], 0.0)
    second = agent(session=9)
    second.start(0.1)
    now = 0.1
    while second.state is LinkState.OPENING:
        second.handle_timeout(now)
        exchange(second, far, now)
        now += HELLO_INTERVAL
    assert second.state is LinkState.OPEN
    assert now < HELLO_INTERVAL * 3


def test_a_frame_may_pause_for_less_than_the_gap() -> None:
    _near, far = opened()
    whole = data_frame(0, b"slowly")
    for number, byte in enumerate(whole):
        far.receive_bytes(bytes([byte]), number * FRAME_GAP * 0.99)
    assert messages(far) == [b"slowly"]


def test_empty_reads_do_not_count_as_bytes() -> None:
    _near, far = opened()
    whole = data_frame(0, b"ok")
    far.receive_bytes(whole[:10], 5.0)
    far.receive_bytes(b"", 100.0)
    far.receive_bytes(whole[10:], 5.1)
    assert messages(far) == [b"ok"]


@pytest.mark.parametrize("role", Role)
def test_i10_seeded_frames_of_a_hostile_peer_end_in_nothing_worse_than_an_end(role: Role) -> None:
    for seed in range(60):
        random = Random(seed)
        near, far = opened()
        link = near if role is Role.AGENT else far
        link.send_message(bytes(300), 0.0)
        now = 0.0
        for _ in range(100):
            now += random.choice((0.0, 0.1, 1.0))
            frame = Frame(
                random.choice(list(FrameKind)),
                random.choice((SESSION, SESSION, SESSION, random.randrange(65_536))),
                random.choice((0, 1, 2, 5, 31, 32, 65_535, random.randrange(65_536))),
                random.choice((0, 1, 2, 4, 5, 6, 65_535, random.randrange(65_536))),
                random.randbytes(random.choice((0, 1, 4, 9, 12, 64))),
                random.random() < 0.3,
            )
            link.receive_bytes(build_frame(frame), now)
            due = link.next_deadline()
            if due is not None and due <= now:
                link.handle_timeout(now)
            events(link)
            assert len(link.bytes_to_send()) < 2000, f"seed {seed}"


def test_all_is_the_same_bytewise() -> None:
    near, far = agent(), terminal()
    near.start(0.0)
    trace: list[bytes] = []
    for message in (b"", b"one", bytes(300)):
        if message:
            near.send_message(message, 0.0)
        for _ in range(10):
            for link, other in ((near, far), (far, near)):
                for byte in link.bytes_to_send():
                    other.receive_bytes(bytes([byte]), 0.0)
        trace += messages(far)
    assert trace == [b"one", bytes(300)]
    assert isinstance(near.scanner, FrameScanner)
    assert isinstance(near, Link)


def test_a_link_goes_on_after_the_line_was_lent() -> None:
    near, far = opened()
    near.send_message(b"request", 1.0)
    exchange(near, far, 1.0)
    near.receive_bytes(build_frame(Frame(FrameKind.DATA, SESSION, 0, 1, b"x" * 40))[:20], 2.0)
    near.resume(500.0)
    near.handle_timeout(500.0)
    assert near.state is LinkState.OPEN
    assert near.bytes_to_send() == b"", "its silence meant nothing, so nobody is asked whether he is there"
    far.resume(500.0)
    assert messages(far) == [b"request"]
    far.send_message(b"answer", 500.0)
    exchange(near, far, 500.0)
    assert messages(near) == [b"answer"]
