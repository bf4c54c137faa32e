import pytest

from agent.flood import FloodGuard
from protocols.errors import RemoteProtocolError


def test_what_an_honest_terminal_tells_is_no_flood():
    guard = FloodGuard()
    for tick in range(100_000):  # a screen and a piece of progress, twenty times a second, for more than an hour
        guard.count(tick / 40)


def test_i10_a_flood_ends_in_one_error_that_says_how_much():
    guard = FloodGuard(most=5, seconds=10)
    for _ in range(5):
        guard.count(1.0)
    with pytest.raises(RemoteProtocolError, match="more than 5 events within 10 s"):
        guard.count(11.0)


def test_a_new_window_begins_at_nothing():
    guard = FloodGuard(most=5, seconds=10)
    for now in (0.0, 10.5):
        for _ in range(5):
            guard.count(now)
