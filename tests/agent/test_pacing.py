"""How much a line may be given, and when."""

from __future__ import annotations

import pytest

from agent.pacing import AHEAD_SECONDS, BITS_A_BYTE, Pacer


@pytest.mark.parametrize("baud", [1200, 9600, 115_200, 921_600])
def test_a_line_gets_what_it_carries_in_the_time_ahead(baud: int) -> None:
    pacer = Pacer(baud)
    room = pacer.room(100.0)
    assert room == int(AHEAD_SECONDS * baud / BITS_A_BYTE)
    pacer.handed_over(room, 100.0)
    assert pacer.room(100.0) <= 1
    assert pacer.empty_at == pytest.approx(100 + AHEAD_SECONDS, abs=BITS_A_BYTE / baud)


@pytest.mark.parametrize("piece", [1, 100, 8209])
def test_in_the_long_run_it_gets_exactly_what_it_carries(piece: int) -> None:
    pacer, now, given = Pacer(115_200), 0.0, 0
    while now < 60:
        while pacer.room(now):
            pacer.handed_over(piece, now)
            given += piece
        assert pacer.next_room > now
        now = pacer.next_room
    assert given == pytest.approx(60 * 11_520, abs=piece + AHEAD_SECONDS * 11_520)


def test_time_in_which_nobody_sends_is_not_saved_up() -> None:
    pacer = Pacer(9600)
    pacer.handed_over(10, 0.0)
    assert pacer.room(1000.0) == Pacer(9600).room(1000.0)
    pacer.handed_over(96, 1000.0)
    assert pacer.empty_at == pytest.approx(1000.1)


def test_there_is_room_for_a_byte_at_least_when_there_is_room() -> None:
    pacer = Pacer(50)  # a byte takes longer than the time ahead
    assert pacer.room(5.0) == 1
    pacer.handed_over(1, 5.0)
    assert pacer.room(5.1) == 0
    assert pacer.room(pacer.next_room) == 1


def test_another_speed_holds_from_then_on() -> None:
    pacer = Pacer(9600)
    pacer.handed_over(960, 10.0)
    pacer.change(921_600)
    assert pacer.empty_at == 11.0
    pacer.handed_over(92_160, 11.0)
    assert pacer.empty_at == 12.0


def test_tcp_is_not_paced() -> None:
    pacer = Pacer(None)
    assert pacer.unlimited
    pacer.handed_over(1 << 30, 5.0)
    assert pacer.empty_at <= 5.0
    assert not Pacer(9600).unlimited
