"""Whatever waits, what is urgent goes at once; a slow owner stops its peer and no more; odd peers end in an end."""

from __future__ import annotations

from dataclasses import replace
from itertools import count

import pytest

from protocols.pmp.link import (
    KEEPALIVE_INTERVAL,
    KEEPALIVE_TRIES,
    Lane,
    Link,
    LinkState,
    MessageReceived,
    Role,
)
from protocols.pmp.noise import CLEAN_LONGEST
from protocols.pmp.window import MAX_SENDINGS, MIN_TIMEOUT
from protocols.pmp.wire import OVERHEAD_BYTES, FrameKind, build_frame
from tests.protocols.pmp.paced import AHEAD, Paced
from tests.protocols.pmp.rig import (
    SETTINGS,
    closed,
    control,
    events,
    exchange,
    frames,
    kinds,
    messages,
    opened,
    split_frames,
)

MEGABYTE = 1 << 20
PIECE = 131_072


# --------------------------------------------------------------------------------------------------------- urgent
@pytest.mark.parametrize(("baud", "private"), [(115_200, False), (115_200, True), (9600, False)])
def test_an_urgent_message_behind_a_megabyte_arrives_as_soon_as_the_frame_under_way(baud: int, private: bool) -> None:
    line = Paced(baud=baud, latency=0.02, private=private)
    line.open()
    for _ in range(MEGABYTE // PIECE):
        line.far.send_message(bytes(PIECE), line.now, Lane.BULK)
    line.run(lambda: False, line.now + 5.0)
    asked = line.now
    line.far.send_message(b"a key was pressed", asked, Lane.URGENT)
    line.run(lambda: bool(urgent(line)))
    (arrived,) = urgent(line)
    # What was handed over already, the frame that is being taken, and its own; of a private link a record besides.
    frame = min(CLEAN_LONGEST, line.far.settings.frame_payload) + OVERHEAD_BYTES
    record = line.far.settings.frame_payload + frame if private else 0
    longest = (AHEAD + frame + record + 100) * 10 / baud + line.latency
    assert arrived - asked <= longest


def urgent(line: Paced) -> list[float]:
    """Return when short messages arrived at the agent."""
    return [at for at, message in line.received(Role.AGENT) if len(message) < PIECE]


# ------------------------------------------------------------------------------------------------------ slow owners
@pytest.mark.parametrize("answers_lost", [False, True])
def test_a_slow_owner_stops_its_peer_and_it_goes_on_afterwards(answers_lost: bool) -> None:
    near, far = opened()
    for number in range(30):
        far.send_message(bytes([number]) * 64, 0.0)
    while near_gets := far.bytes_to_send():
        near.receive_bytes(near_gets, 0.0)
        far.receive_bytes(near.bytes_to_send(), 0.0)
    assert not far.idle
    assert far.state is LinkState.OPEN
    taken = messages(near)
    assert len(taken) == SETTINGS.window
    told = near.bytes_to_send()
    now = 0.0
    if answers_lost:
        due = far.next_deadline()
        assert due is not None
        now = due
        far.handle_timeout(now)
        asked = far.bytes_to_send()
        assert kinds(asked) == [FrameKind.PING]
        near.receive_bytes(asked, now)
        told = near.bytes_to_send()
    far.receive_bytes(told, now)
    for _ in range(30):
        exchange(near, far, now)
        taken += messages(near)
    assert taken == [bytes([number]) * 64 for number in range(30)]


def test_an_owner_that_never_takes_anything_does_not_lose_the_line() -> None:
    near, far = opened()
    for _ in range(30):
        far.send_message(bytes(64), 0.0)
    exchange(near, far, 0.0)
    now, asked = 0.0, 0
    while now < 300:
        due = far.next_deadline()
        assert due is not None
        now = due
        far.handle_timeout(now)
        out = far.bytes_to_send()
        asked += len(frames(out))
        near.receive_bytes(out, now)
        far.receive_bytes(near.bytes_to_send(), now)
    assert far.state is LinkState.OPEN
    assert asked <= SETTINGS.window + 300 / MIN_TIMEOUT
    assert len(messages(near)) == SETTINGS.window


# ---------------------------------------------------------------------------------------------------- hostile peers
def test_i10_a_peer_that_acknowledges_everything_at_once_gets_everything_and_no_more() -> None:
    near, _far = opened()
    near.send_message(bytes(5000), 0.0)
    sent = 0
    while out := near.bytes_to_send():
        for frame in frames(out):
            sent += 1
            near.receive_bytes(control(FrameKind.ACK, frame.sequence + 1, b"\x00\x08"), 0.0)
    assert near.idle
    assert sent == -(-5000 // SETTINGS.frame_payload)


def test_i10_a_peer_that_acknowledges_a_byte_a_second_is_given_up_like_one_that_is_silent() -> None:
    near, _far = opened()
    near.send_message(bytes(200), 0.0)
    answer = control(FrameKind.ACK, 1, b"\x00\x08")
    sent = 0
    for second in count(1):
        near.receive_bytes(answer[second % len(answer) :][:1], float(second))
        due = near.next_deadline()
        while due is not None and due <= second:
            near.handle_timeout(due)
            due = near.next_deadline()
        sent += len(near.bytes_to_send())
        if near.state is not LinkState.OPEN:
            break
        assert second <= KEEPALIVE_INTERVAL * (KEEPALIVE_TRIES + 1)
    assert closed(near).reason == "the peer fell silent"
    assert sent < MAX_SENDINGS * 4 * 200


def test_i10_a_peer_that_acknowledges_the_future_gains_nothing() -> None:
    near, far = opened()
    near.send_message(bytes(range(200)), 0.0)
    out = near.bytes_to_send()
    for acknowledged in (5, 100, 40_000):
        near.receive_bytes(control(FrameKind.ACK, acknowledged, b"\x00\x08"), 0.1)
    assert not near.idle
    far.receive_bytes(out, 0.2)
    assert messages(far) == [bytes(range(200))]
    near.receive_bytes(far.bytes_to_send(), 0.3)
    assert near.idle


def test_i10_a_peer_that_takes_its_bitmap_back_gets_all_frames_again() -> None:
    near, far = opened(replace(SETTINGS, baud=115_200))
    near.send_message(bytes(range(256)), 0.0)
    first, *_rest = split_frames(near.bytes_to_send())
    near.receive_bytes(control(FrameKind.ACK, 0, b"\x00\x08\x07"), 0.1)
    near.receive_bytes(control(FrameKind.ACK, 0, b"\x00\x08"), 0.2)
    far.receive_bytes(first, 0.2)
    now = 0.2
    got = []
    while not near.idle:
        exchange(near, far, now)
        got += messages(far)
        due = near.next_deadline()
        assert due is not None
        now = max(now, due)
        near.handle_timeout(now)
    assert got == [bytes(range(256))]


@pytest.mark.parametrize("credit", [0, 1, 255])
@pytest.mark.parametrize("quality", [0, 1, 251, 255])
def test_i10_any_quality_and_any_credit_are_taken_for_what_they_are(quality: int, credit: int) -> None:
    near, far = opened()
    near.send_message(bytes(1000), 0.0)
    near.receive_bytes(control(FrameKind.ACK, 0, bytes([quality, credit])), 0.0)
    sent = frames(near.bytes_to_send())
    assert len(sent) <= min(credit, SETTINGS.window)
    assert all(len(frame.payload) <= SETTINGS.frame_payload for frame in sent)
    assert far.state is near.state is LinkState.OPEN


# ------------------------------------------------------------------------------------------------------ what is told
def test_statistics_tell_what_the_line_did() -> None:
    near, far = opened(replace(SETTINGS, baud=115_200))
    before = near.statistics
    assert (before.wrong_bytes, before.retransmissions, before.round_trip) == (0, 0, None)
    near.send_message(bytes(64 * 4), 0.0)
    first, second, *rest = split_frames(near.bytes_to_send())
    mended = bytes([first[0], first[1], first[2] ^ 0x40, *first[3:]])
    lost = second[:20] + bytes([second[20] ^ 1]) + second[21:]
    far.receive_bytes(b"".join((mended, lost, *rest)), 0.5)
    seen = far.statistics
    assert (seen.wrong_bytes, seen.corrected_bytes, seen.broken_frames) == (2, 1, 1)
    assert seen.skipped_bytes == len(lost)
    near.receive_bytes(far.bytes_to_send(), 0.5)
    far.receive_bytes(near.bytes_to_send(), 0.6)
    near.receive_bytes(far.bytes_to_send(), 0.6)
    told = near.statistics
    assert told.retransmissions == 1
    assert told.round_trip == pytest.approx(0.5 - 81 * 10 / 115_200)
    assert told.frame[1] > 0, "errors were seen, so the next frame has parity"
    assert near.idle


def test_statistics_go_on_over_sessions() -> None:
    near, far = opened()
    far.send_message(b"lost", 0.0)
    far.bytes_to_send()
    far.handle_timeout(1.0)
    assert kinds(far.bytes_to_send()) == [FrameKind.DATA]
    second = Link(Role.AGENT, SETTINGS, session=near.session + 1)
    second.start(2.0)
    exchange(second, far, 2.0)
    assert second.state is LinkState.OPEN
    assert far.statistics.retransmissions == 1
    assert [event for event in events(far) if isinstance(event, MessageReceived)] == []
    far.receive_bytes(build_frame(frames(control(FrameKind.PING, session=second.session))[0]), 2.0)
    assert kinds(far.bytes_to_send()) == [FrameKind.ACK]
