"""Evidence levels."""

from __future__ import annotations

import pytest

from agent.evidence.checks.table import Check, Status
from agent.evidence.levels import LIMITS, MEANING, NEEDED_FOR_ATTESTED, NEEDED_FOR_PROVEN, level_of


def test_a_level_is_computed_from_checks() -> None:
    held = [Check(name, Status.OK) for name in NEEDED_FOR_ATTESTED]
    assert level_of([*held, Check("regions", Status.FAILED)]) == 2
    assert level_of([]) == 0


@pytest.mark.parametrize("name", sorted(NEEDED_FOR_ATTESTED))
@pytest.mark.parametrize("status", [Status.FAILED, Status.NOT_CHECKABLE])
def test_without_one_of_its_checks_there_is_no_level_2(name: str, status: Status) -> None:
    checks = [Check(each, status if each == name else Status.OK) for each in NEEDED_FOR_ATTESTED]
    assert level_of(checks) == 0


@pytest.mark.parametrize("name", sorted(NEEDED_FOR_PROVEN))
@pytest.mark.parametrize("status", [Status.FAILED, Status.NOT_CHECKABLE])
def test_without_one_of_its_checks_there_is_no_level_3(name: str, status: Status) -> None:
    checks = [Check(each, status if each == name else Status.OK) for each in NEEDED_FOR_PROVEN]
    assert level_of(checks) == (0 if name in NEEDED_FOR_ATTESTED else 2)
    assert level_of([Check(each, Status.OK) for each in NEEDED_FOR_PROVEN]) == 3


def test_i5_every_level_says_its_limits_and_none_promises_too_much() -> None:
    assert MEANING.keys() == LIMITS.keys()
    text = " ".join([*MEANING.values(), *(limit for limits in LIMITS.values() for limit in limits)]).lower()
    assert "unrecoverable" not in text
    assert "impossible" not in text
    assert all(LIMITS.values())
