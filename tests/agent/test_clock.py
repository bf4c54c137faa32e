from datetime import UTC, datetime, timedelta, timezone

from agent.clock import Clock


def test_a_stamp_is_rfc_3339_in_utc():
    shanghai = timezone(timedelta(hours=8))
    clock = Clock(wall=lambda: datetime(2026, 11, 22, 8, 0, 0, 123456, shanghai))
    assert clock.stamp() == "2026-11-22T00:00:00.123Z"


def test_the_clocks_run():
    clock = Clock()
    assert clock.wall().tzinfo is UTC
    assert clock.steady() <= clock.steady()
