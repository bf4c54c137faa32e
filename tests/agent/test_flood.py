import pytest

from agent.flood import AT_ONCE, FloodGuard
from protocols.errors import RemoteProtocolError


def test_what_an_honest_terminal_tells_is_no_flood():
    guard = FloodGuard()
    for tick in range(100_000):  # a screen and a piece of progress, twenty times a second, for more than half an hour
        guard.count(tick / 40)
    for _ in range(AT_ONCE):
        guard.count(100_000 / 40 + 60)


def test_i10_a_flood_ends_in_one_error_that_says_how_much():
    guard = FloodGuard(at_once=5, a_second=2)
    for _ in range(5):
        guard.count(1.0)
    with pytest.raises(RemoteProtocolError, match="5 events, and more than 2 a second"):
        guard.count(1.4)


def test_time_gives_room_again_and_never_more_than_at_the_beginning():
    guard = FloodGuard(at_once=5, a_second=2)
    for _ in range(5):
        guard.count(0.0)
    for second in range(1, 4):
        guard.count(second)
        guard.count(second)
    for _ in range(5):
        guard.count(1000.0)
    with pytest.raises(RemoteProtocolError):
        guard.count(1000.0)
