"""Both halves of the window, turn by turn: what is sent again and when, what is measured, what is kept."""

from __future__ import annotations

import pytest

from protocols.errors import RemoteProtocolError
from protocols.pmp.handshake import LinkSettings
from protocols.pmp.window import MAX_SENDINGS, MAX_TIMEOUT, MIN_TIMEOUT, Receiver, Sender, distance
from protocols.pmp.wire import MAX_WINDOW

SETTINGS = LinkSettings(64, 4, initial_timeout=1.0)


def sender(message: bytes = bytes(64 * 6)) -> Sender:
    """Return a sender with a message of six frames queued, of which four may fly."""
    made = Sender(SETTINGS)
    made.queue(message)
    return made


def all_due(made: Sender, now: float) -> list[tuple[int, bytes, bool]]:
    """Return all frames that are due."""
    return list(iter(lambda: made.next_due(now), None))


def numbers(made: Sender, now: float) -> list[int]:
    """Return the sequence numbers that are due."""
    return [sequence for sequence, _, _ in all_due(made, now)]


@pytest.mark.parametrize(
    ("start", "end", "steps"), [(0, 0, 0), (0, 5, 5), (5, 0, 65_531), (65_535, 0, 1), (1, 0, 65_535)]
)
def test_distance_goes_round(start: int, end: int, steps: int) -> None:
    assert distance(start, end) == steps


def test_messages_are_cut_and_marked() -> None:
    made = Sender(SETTINGS)
    made.queue(bytes(130))
    made.queue(b"x")
    assert [(len(payload), more) for _, payload, more in all_due(made, 0.0)] == [
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
    made = sender()
    made._base = 65_534
    assert numbers(made, 0.0) == [65_534, 65_535, 0, 1]
    made.acknowledge(1, 0, 0.1)
    assert made._base == 1
    assert numbers(made, 0.1) == [2, 3]
    made.acknowledge(65_535, 0, 0.2)  # old
    assert made._base == 1


@pytest.mark.parametrize("expected", [5, 100, 65_535])
def test_acknowledgements_out_of_the_window_are_ignored(expected: int) -> None:
    made = sender()
    all_due(made, 0.0)
    made.acknowledge(expected, 0xFFFFFFFF, 5.0)
    assert made._base == 0
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
    sent = [0, 0, 0, 0]
    for step in range(200):
        made.acknowledge(0, (0b010, 0b101)[step % 2], step * 0.9)
        for number in numbers(made, step * 0.9):
            sent[number] += 1
    assert max(sent) < MAX_SENDINGS


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
    assert made._smoothed == pytest.approx(0.5)


def test_a_bitmap_taken_back_starts_the_timer_again() -> None:
    made = sender()
    all_due(made, 0.0)
    made.acknowledge(0, 0b111, 0.5)
    made.acknowledge(0, 0, 0.6)
    all_due(made, 0.6)
    made.expire(10.0)
    assert numbers(made, 10.0) == [0, 1, 2, 3]


def test_the_awaited_frame_is_never_taken_for_arrived() -> None:
    made = sender()
    all_due(made, 0.0)
    made.acknowledge(0, 0b111, 0.5)
    all_due(made, 0.5)
    made.acknowledge(1, None, 0.6)  # the peer waits for 1, which its bitmap had shown
    assert made.deadline() is not None
    made.expire(20.0)
    assert 1 in numbers(made, 20.0)


def test_time_out_follows_rfc_6298() -> None:
    made = sender()
    all_due(made, 0.0)
    made.acknowledge(1, 0, 1.0)
    assert made._timeout == pytest.approx(1.0 + 4 * 0.5)
    made.acknowledge(2, 0, 2.0)
    assert made._smoothed == pytest.approx(0.875 + 0.25)
    assert made._variation == pytest.approx(0.75 * 0.5 + 0.25)


def test_time_out_stays_within_its_limits() -> None:
    quick, slow = sender(), sender()
    for made, trip in ((quick, 0.0001), (slow, 100.0)):
        all_due(made, 0.0)
        made.acknowledge(4, 0, trip)
    assert quick._timeout == MIN_TIMEOUT
    assert slow._timeout == MAX_TIMEOUT


def test_a_frame_sent_twice_is_not_measured() -> None:
    made = sender(b"one")
    all_due(made, 0.0)
    made.expire(1.0)
    all_due(made, 1.0)
    made.acknowledge(1, 0, 1.01)
    assert made._smoothed is None
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
    assert made._expiries == 1


# ---------------------------------------------------------------------------------------------------------- receiver
def test_messages_are_joined_in_order() -> None:
    made = Receiver(1000)
    assert made.take(0, b"one", False) == [b"one"]
    assert made.take(2, b"three", False) == []
    assert made.take(3, b"!", True) == []
    assert made.bitmap() == 0b11
    assert made.take(1, b"two ", True) == [b"two three"]
    assert made.bitmap() == 0
    assert made.expected == 4
    assert made.take(4, b"?", False) == [b"!?"]


def test_old_frames_and_those_far_ahead_are_dropped() -> None:
    made = Receiver(1000)
    made.take(0, b"one", False)
    assert made.take(0, b"one", False) == []
    assert made.take(65_535, b"old", False) == []
    assert made.take(1 + MAX_WINDOW, b"far", False) == []
    assert made.bitmap() == 0
    assert made.take(MAX_WINDOW, b"last in the window", False) == []
    assert made.bitmap() == 1 << MAX_WINDOW - 2


def test_the_receiver_wraps() -> None:
    made = Receiver(1000)
    made.expected = 65_535
    assert made.take(1, b"c", False) == []
    assert made.take(0, b"b", True) == []
    assert made.bitmap() == 0b11
    assert made.take(65_535, b"a", True) == [b"abc"]
    assert made.expected == 2


def test_what_is_too_long_empty_or_changed_is_refused() -> None:
    made = Receiver(10)
    assert made.take(0, bytes(10), False) == [bytes(10)]
    made.take(1, bytes(10), True)
    with pytest.raises(RemoteProtocolError, match="over 10 bytes"):
        made.take(2, b"x", False)
    made = Receiver(10)
    with pytest.raises(RemoteProtocolError, match="without payload"):
        made.take(0, b"", False)
    made.take(1, b"same", False)
    assert made.take(1, b"same", False) == []
    with pytest.raises(RemoteProtocolError, match="changed"):
        made.take(1, b"other", False)
