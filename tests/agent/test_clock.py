from datetime import UTC, datetime, timedelta, timezone

from agent.clock import Clock, never_back


def test_a_stamp_is_rfc_3339_in_utc():
    shanghai = timezone(timedelta(hours=8))
    clock = Clock(wall=lambda: datetime(2026, 11, 22, 8, 0, 0, 123456, shanghai))
    assert clock.stamp() == "2026-11-22T00:00:00.123Z"


def test_the_clocks_run():
    clock = Clock()
    assert clock.wall().tzinfo is UTC
    assert clock.steady() <= clock.steady()


def test_i7_what_happened_later_is_never_recorded_as_earlier():
    wall, steady = [datetime(2026, 11, 22, 8, tzinfo=UTC)], [100.0]
    clock = never_back(Clock(lambda: wall[0], lambda: steady[0]))
    first = clock.wall()
    wall[0] -= timedelta(days=1)
    steady[0] += 5
    assert clock.wall() == first + timedelta(seconds=5)
    assert clock.set_back == timedelta(days=1, seconds=5)
    steady[0] += 5
    assert clock.wall() == first + timedelta(seconds=10)
    wall[0] = first + timedelta(hours=1)
    assert clock.wall() == wall[0]


def test_i7_a_clock_goes_on_behind_what_was_recorded_before():
    wall = datetime(2026, 11, 22, 8, tzinfo=UTC)
    assert never_back(Clock(lambda: wall, lambda: 1.0), wall + timedelta(hours=2)).stamp() == "2026-11-22T10:00:00.000Z"
    ahead = never_back(Clock(lambda: wall, lambda: 1.0), wall - timedelta(hours=2))
    assert (ahead.wall(), ahead.set_back) == (wall, timedelta(0))
    assert Clock().set_back == timedelta(0)
