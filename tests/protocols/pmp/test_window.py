"""Both halves of the window, turn by turn: what is sent again and when, what is measured, what is kept."""

from __future__ import annotations

from dataclasses import replace

import pytest

from protocols.errors import RemoteProtocolError
from protocols.pmp.fec import STRONGEST
from protocols.pmp.handshake import Capability, LinkSettings
from protocols.pmp.lanes import Lane, Outgoing, Piece
from protocols.pmp.noise import BEST_QUALITY, CLEAN, quality_of
from protocols.pmp.window import (
    FIRST_FRAMES,
    MAX_SENDINGS,
    MAX_TIMEOUT,
    MIN_TIMEOUT,
    Receiver,
    Sender,
    Sending,
    distance,
)
from protocols.pmp.wire import MAX_WINDOW, OVERHEAD_BYTES

SETTINGS = LinkSettings(64, 4, initial_timeout=1.0)
BITMAP_OF_ALL = (1 << MAX_WINDOW) - 1


def sender(*messages: bytes, settings: LinkSettings = SETTINGS) -> Sender:
    """Return a sender with some messages queued; by default one of six frames, of which four may fly."""
    source = Outgoing()
    for message in messages or (bytes(64 * 6),):
        source.put(message, Lane.BULK)
    return Sender(settings, source)


def all_due(made: Sender, now: float) -> list[Sending]:
    """Return all frames that are due."""
    return list(iter(lambda: made.next_due(now), None))


def numbers(made: Sender, now: float) -> list[int]:
    """Return the sequence numbers that are due."""
    return [sending.sequence for sending in all_due(made, now)]


@pytest.mark.parametrize(
    ("start", "end", "steps"), [(0, 0, 0), (0, 5, 5), (5, 0, 65_531), (65_535, 0, 1), (1, 0, 65_535)]
)
def test_distance_goes_round(start: int, end: int, steps: int) -> None:
    assert distance(start, end) == steps


def test_messages_are_cut_and_marked() -> None:
    made = sender(bytes(130), b"x")
    assert [(len(sending.piece.data), sending.piece.more) for sending in all_due(made, 0.0)] == [
        (64, True),
        (64, True),
        (2, False),
        (1, False),
    ]


def test_the_window_opens_as_frames_are_acknowledged() -> None:
    made = sender()
    assert numbers(made, 0.0) == [0, 1, 2, 3]
    assert made.next_sequence == 4
    made.acknowledge(1, 0, 0.1)
    assert numbers(made, 0.1) == [4]
    made.acknowledge(5, 0, 0.2)
    assert numbers(made, 0.2) == [5]
    made.acknowledge(6, 0, 0.3)
    assert made.idle
    assert made.deadline() is None


def test_numbers_wrap() -> None:
    source = Outgoing()
    made = Sender(SETTINGS, source)
    for number in range(65_534):
        source.put(b"x", Lane.BULK)
        made.next_due(0.0)
        made.acknowledge(number + 1, None, 0.0)
    source.put(bytes(64 * 6), Lane.BULK)
    assert numbers(made, 0.0) == [65_534, 65_535, 0, 1]
    made.acknowledge(1, 0, 0.1)
    assert numbers(made, 0.1) == [2, 3]
    made.acknowledge(65_535, 0, 0.2)  # old
    assert numbers(made, 0.2) == []
    made.acknowledge(4, 0, 0.3)
    assert made.idle


@pytest.mark.parametrize("expected", [5, 100, 65_535])
def test_acknowledgements_out_of_the_window_are_ignored(expected: int) -> None:
    made = sender()
    all_due(made, 0.0)
    made.acknowledge(expected, BITMAP_OF_ALL, 5.0)
    assert made.next_sequence == 4
    assert numbers(made, 5.0) == []


def test_gaps_are_sent_again_once_until_something_sent_later_arrives() -> None:
    made = sender()
    all_due(made, 0.0)
    made.acknowledge(0, 0b101, 0.2)  # 1 and 3 arrived, 0 and 2 did not
    assert numbers(made, 0.2) == [0, 2]
    made.acknowledge(0, 0b101, 0.3)
    assert numbers(made, 0.3) == []
    made.acknowledge(0, 0b111, 0.4)  # 2 arrived, which was sent again after 0
    assert numbers(made, 0.4) == [0]


def test_an_acknowledgement_too_soon_is_that_of_an_earlier_sending() -> None:
    made = sender()
    all_due(made, 0.0)
    made.acknowledge(0, 0b100, 0.2)  # 3 arrived
    assert numbers(made, 0.2) == [0, 1, 2]
    made.acknowledge(0, 0b110, 0.25)  # 2 was only late: that says nothing about the second sendings of 0 and 1
    assert numbers(made, 0.25) == []


def test_by_gaps_a_frame_is_sent_nine_times_at_most() -> None:
    made = sender()
    all_due(made, 0.0)
    sent = [1] * 4
    for step in range(200):
        made.acknowledge(0, (0b010, 0b101)[step % 2], step * 0.9)
        for number in numbers(made, step * 0.9):
            sent[number] += 1
    assert max(sent) == MAX_SENDINGS


def test_what_lies_behind_the_highest_arrived_is_not_taken_for_lost() -> None:
    made = sender()
    all_due(made, 0.0)
    made.acknowledge(0, 0b001, 0.5)
    assert numbers(made, 0.5) == [0]


def test_arrived_frames_have_no_timer() -> None:
    made = sender()
    all_due(made, 0.0)
    made.acknowledge(0, 0b111, 0.5)
    assert numbers(made, 0.5) == [0]
    assert made.expire(0.5 + MAX_TIMEOUT)
    assert numbers(made, 0.5 + MAX_TIMEOUT) == [0]


def test_arrived_frames_are_measured_when_they_arrived() -> None:
    made = sender()
    all_due(made, 0.0)
    made.acknowledge(0, 0b111, 0.5)
    all_due(made, 0.5)
    for at in (1.0, 2.0, 3.0):
        made.acknowledge(0, 0b111, at)
    made.acknowledge(4, 0, 3.01)
    assert made.round_trip == pytest.approx(0.5)


def test_a_bitmap_taken_back_makes_the_sender_care_for_all_of_it_again() -> None:
    made = sender()
    all_due(made, 0.0)
    made.acknowledge(0, 0b111, 0.5)
    assert numbers(made, 0.5) == [0]
    made.acknowledge(0, 0, 0.6)
    assert numbers(made, 0.6) == [1, 2], "sent before 3, which arrived if the peer told the truth then"
    made.acknowledge(3, 0, 1.2)
    assert numbers(made, 1.2)[0] == 3


def test_the_awaited_frame_is_never_taken_for_arrived() -> None:
    made = sender(bytes(64 * 4))
    all_due(made, 0.0)
    made.acknowledge(0, 0b111, 0.5)
    all_due(made, 0.5)
    made.acknowledge(1, None, 0.6)  # the peer waits for 1, which its bitmap had shown
    assert made.deadline() is not None
    made.expire(20.0)
    assert numbers(made, 20.0) == [1]


def test_time_runs_from_the_latest_sending_since_its_acknowledgement_tells_of_those_before() -> None:
    made = sender()
    made.next_due(0.0)
    made.next_due(0.6)
    assert made.deadline() == pytest.approx(1.6)
    assert made.expire(1.0)
    assert made.unanswered == 0


def test_time_out_follows_rfc_6298() -> None:
    made = sender()
    all_due(made, 0.0)
    made.acknowledge(1, 0, 1.0)
    assert made.round_trip == pytest.approx(1.0)
    assert made.deadline() == pytest.approx(1.0 + 4 * 0.5)
    made.acknowledge(2, 0, 2.0)
    smoothed, variation = 0.875 + 0.25, 0.75 * 0.5 + 0.25
    assert made.round_trip == pytest.approx(smoothed)
    assert made.deadline() == pytest.approx(smoothed + 4 * variation)


@pytest.mark.parametrize(("trip", "timeout"), [(0.0001, MIN_TIMEOUT), (100.0, MAX_TIMEOUT)])
def test_time_out_stays_within_its_limits(trip: float, timeout: float) -> None:
    made = sender()
    all_due(made, 0.0)
    made.acknowledge(4, 0, trip)
    all_due(made, trip)
    assert made.deadline() == pytest.approx(trip + timeout)


def test_the_time_of_a_frame_on_a_line_of_known_speed_is_no_part_of_a_round_trip() -> None:
    settings = replace(SETTINGS, baud=9600)
    made = sender(settings=settings)
    made.next_due(0.0)
    on_the_line = (64 + OVERHEAD_BYTES) * 10 / 9600
    assert made.deadline() == pytest.approx(on_the_line + 1.0)
    made.acknowledge(1, 0, on_the_line + 0.25)
    assert made.round_trip == pytest.approx(0.25)


def test_a_frame_sent_twice_is_not_measured() -> None:
    made = sender(b"one")
    all_due(made, 0.0)
    made.expire(1.0)
    all_due(made, 1.0)
    made.acknowledge(1, 0, 1.01)
    assert made.round_trip is None
    assert made.retransmissions == 1


def test_time_out_doubles_and_the_peer_is_gone_after_nine() -> None:
    made = sender(b"one")
    all_due(made, 0.0)
    times = []
    now = 0.0
    for _ in range(MAX_SENDINGS - 1):
        due = made.deadline()
        assert due is not None
        times.append(due - now)
        now = due
        assert made.expire(now)
        assert len(all_due(made, now)) == 1
    due = made.deadline()
    assert due is not None
    assert not made.expire(due)
    assert times == [1.0, 2.0, 4.0] + [MAX_TIMEOUT] * 5


def test_an_early_expire_changes_nothing() -> None:
    made = sender(b"one")
    all_due(made, 0.0)
    assert made.expire(0.99)
    assert numbers(made, 0.99) == []


def test_news_of_other_frames_keeps_the_peer_alive() -> None:
    made = sender()
    all_due(made, 0.0)
    now = 0.0
    for _ in range(MAX_SENDINGS - 1):
        now += MAX_TIMEOUT
        assert made.expire(now)
        all_due(made, now)
    made.acknowledge(0, 0b1, now)
    assert made.expire(now + MAX_TIMEOUT)
    made.acknowledge(0, 0b1, now + MAX_TIMEOUT)  # no news
    all_due(made, now + MAX_TIMEOUT)
    assert made.unanswered == 1


# ------------------------------------------------------------------------------------------ room, and what suits it
def test_where_the_speed_is_unknown_the_first_frames_feel_their_way() -> None:
    wide = replace(SETTINGS, window=32)
    made = sender(bytes(64 * 40), settings=wide)
    assert len(all_due(made, 0.0)) == FIRST_FRAMES
    made.acknowledge(FIRST_FRAMES, 0, 0.1)
    assert len(all_due(made, 0.1)) == 2 * FIRST_FRAMES
    assert len(all_due(sender(bytes(64 * 40), settings=replace(wide, baud=9600)), 0.0)) == 32


def test_silence_halves_what_may_be_under_way() -> None:
    wide = replace(SETTINGS, window=32)
    made = sender(bytes(64 * 200), settings=wide)
    now, acknowledged = 0.0, 0
    for _ in range(6):
        acknowledged += len(all_due(made, now))
        now += 0.1
        made.acknowledge(acknowledged, 0, now)
    assert len(all_due(made, now)) == 32
    assert made.expire(now + 20.0)
    assert len(all_due(made, now + 20.0)) == 1
    made.acknowledge(acknowledged + 1, 0, now + 21.0)
    assert max(numbers(made, now + 21.0)) < acknowledged + 32, "no new ones while more than half are under way"
    made.acknowledge(acknowledged + 32, 0, now + 21.0)
    assert len(all_due(made, now + 21.0)) == 32, "one more for each that arrived"


def test_no_more_fly_than_the_peer_has_room_for() -> None:
    made = sender()
    made.hear(CLEAN, 2)
    assert numbers(made, 0.0) == [0, 1]
    made.hear(CLEAN, 0)
    made.acknowledge(2, 0, 0.1)
    assert numbers(made, 0.1) == []
    made.hear(CLEAN, 1)
    assert numbers(made, 0.2) == [2]


def test_a_peer_without_room_is_asked_from_time_to_time() -> None:
    made = sender()
    assert not made.wants_probe(0.0)
    made.hear(CLEAN, 0)
    assert not made.wants_probe(0.0), "it is given time to say so by itself"
    due = made.deadline()
    assert due == pytest.approx(1.0)
    assert not made.wants_probe(0.99)
    assert made.wants_probe(1.0)
    assert made.deadline() == pytest.approx(2.0)
    made.hear(CLEAN, 4)
    assert not made.wants_probe(5.0)
    assert made.deadline() is None


def test_a_noisier_line_gets_shorter_frames_with_more_parity() -> None:
    settings = replace(SETTINGS, frame_payload=8192)
    made = sender(settings=settings)
    made.hear(quality_of(1e-6), 4)
    long, little = made.frame
    made.hear(quality_of(0.02), 4)
    short, much = made.frame
    assert short < long
    assert much > little
    made.hear(BEST_QUALITY, 4)
    assert made.frame == (8192, 0)


def test_without_correction_no_frame_has_parity() -> None:
    made = sender(settings=replace(SETTINGS, capabilities=Capability(0)))
    made.hear(quality_of(0.02), 4)
    assert [sending.level for sending in all_due(made, 0.0)] == [0] * 4
    made.expire(10.0)
    assert [sending.level for sending in all_due(made, 10.0)] == [0]


def test_each_sending_more_has_more_parity() -> None:
    made = sender(b"one")
    levels, now = [], 0.0
    for _ in range(6):
        levels += [sending.level for sending in all_due(made, now)]
        now += 2 * MAX_TIMEOUT
        made.expire(now)
    assert levels == [0, 1, 2, *[STRONGEST] * 3]


def test_at_another_speed_all_that_is_not_acknowledged_is_sent_again_under_fresh_timers() -> None:
    made = sender()
    all_due(made, 0.0)
    made.acknowledge(0, 0b010, 3.0)
    all_due(made, 3.0)
    made.start_over()
    assert made.round_trip is None
    assert numbers(made, 4.0) == [0, 1, 3]
    assert made.deadline() == pytest.approx(5.0)


# ---------------------------------------------------------------------------------------------------------- receiver
def piece(data: bytes) -> Piece:
    """Return the piece that is its data alone."""
    return Piece(data, more=False, lane=Lane.BULK)


ONE, TWO, THREE, FOUR = map(piece, (b"one", b"two", b"three", b"four"))


def test_pieces_are_put_in_order() -> None:
    made = Receiver(MAX_WINDOW)
    assert made.take(0, ONE) == [ONE]
    assert made.take(2, THREE) == []
    assert made.take(3, FOUR) == []
    assert made.bitmap() == 0b11
    assert made.take(1, TWO) == [TWO, THREE, FOUR]
    assert made.bitmap() == 0
    assert made.expected == 4


@pytest.mark.parametrize("window", [1, 2, 8, MAX_WINDOW])
def test_old_frames_and_those_far_ahead_are_dropped(window: int) -> None:
    made = Receiver(window)
    made.take(0, ONE)
    assert made.take(0, ONE) == []
    assert made.take(65_535, TWO) == []
    assert made.take(1 + window, THREE) == []
    assert made.bitmap() == 0
    if window > 1:
        assert made.take(window, FOUR) == []
        assert made.bitmap() == 1 << window - 2


def test_the_receiver_wraps() -> None:
    made = Receiver(MAX_WINDOW)
    for number in range(65_535):
        made.take(number, ONE)
    assert made.take(1, THREE) == []
    assert made.take(0, TWO) == []
    assert made.bitmap() == 0b11
    assert made.take(65_535, ONE) == [ONE, TWO, THREE]
    assert made.expected == 2


def test_a_frame_that_changed_when_it_was_sent_again_is_refused() -> None:
    made = Receiver(MAX_WINDOW)
    made.take(1, TWO)
    assert made.take(1, TWO) == []
    for other in (THREE, TWO._replace(more=True), TWO._replace(lane=Lane.URGENT)):
        with pytest.raises(RemoteProtocolError, match="changed"):
            made.take(1, other)


def test_an_acknowledgement_that_rides_on_a_long_frame_of_the_peer_is_waited_for() -> None:
    made = sender(settings=replace(SETTINGS, frame_payload=960, baud=9600))
    made.next_due(0.0)
    before = made.deadline()
    assert before is not None
    made.hear_frame(960)
    long_frame = (960 + OVERHEAD_BYTES) / 960
    assert made.deadline() == pytest.approx(before + long_frame)
    for _ in range(100):  # short answers since
        made.hear_frame(0)
    assert made.deadline() == pytest.approx(before + OVERHEAD_BYTES / 960)
