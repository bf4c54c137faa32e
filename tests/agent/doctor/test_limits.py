"""The limits make sense among each other."""

from agent.doctor import limits


def test_long_is_before_slow_and_a_missed_frame_costs_more_than_a_late_trip():
    assert limits.LONG_SECONDS < limits.UNEVEN_SECONDS < limits.RESENT_SECONDS <= limits.SLOW_SECONDS


def test_shares_are_shares():
    assert 0 < limits.BAD_RATE < limits.UNCORRECTED_SHARE < limits.GOOD_RATIO < limits.LOSSY_SHARE < 1


def test_what_needs_company_has_it():
    assert min(limits.LEAST_ERRORS, limits.LEAST_LATE, limits.LEAST_LOSSY, limits.MOST_LOST) > 1
