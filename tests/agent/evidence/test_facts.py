"""Results, findings and what the workflow says."""

from __future__ import annotations

from itertools import permutations

import pytest

from agent.evidence.facts import Effect, RegionReadBack, Result, worst


def test_i5_a_result_is_as_good_as_its_worst_part() -> None:
    for order in permutations((Result.PASS, Result.UNKNOWN, Result.FAIL)):
        assert worst(*order) is Result.FAIL
    assert worst(Result.PASS, Result.UNKNOWN) is Result.UNKNOWN
    assert worst() is Result.PASS
    assert [each.badness for each in (Result.PASS, Result.UNKNOWN, Result.FAIL)] == [0, 1, 2]


def test_a_finding_limits_the_result() -> None:
    assert {effect: effect.result for effect in Effect} == {
        Effect.NOTE: Result.PASS,
        Effect.UNKNOWN: Result.UNKNOWN,
        Effect.FAIL: Result.FAIL,
    }


@pytest.mark.parametrize(
    ("not_blank", "first", "matches", "blank"),
    [(0, -1, True, True), (1, 0, True, False), (0, -1, False, False), (0, 5, True, False)],
)
def test_a_region_is_blank_where_nothing_speaks_against_it(not_blank, first, matches, blank) -> None:
    assert RegionReadBack(1, "full", 10, not_blank, first, matches).blank is blank
