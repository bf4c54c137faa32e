"""How much of everything: what is planned fits the time that is promised."""

import pytest

from agent.doctor.patterns import MESSAGE_BYTES
from agent.doctor.plan import USUAL_SPEEDS, plan_for
from protocols.pmp.layouts import MAX_ECHO


def line_seconds(plan, baud):
    """The line time of all that is planned at the speed itself, one direction after the other."""
    echoes = [size for size in plan.echo_sizes for _ in plan.patterns[: size or 1]] + [plan.mixed_bytes] * plan.mixed
    one_by_one = sum(size + MESSAGE_BYTES for size in [0] * plan.trips + echoes) * 2
    ahead = sum(plan.bursts) * plan.repeats
    return (one_by_one + ahead) * 10 / baud


@pytest.mark.parametrize("baud", USUAL_SPEEDS)
def test_a_clean_line_is_done_in_time(baud):
    if baud >= 9600:
        assert line_seconds(plan_for(baud, quick=False), baud) < (60 if baud < 38_400 else 30)
        assert line_seconds(plan_for(baud, quick=True), baud) < 5
    assert plan_for(baud, quick=False).seconds < 60


@pytest.mark.parametrize("baud", [None, *USUAL_SPEEDS])
@pytest.mark.parametrize("quick", [True, False])
def test_every_plan_makes_sense(baud, quick):
    plan = plan_for(baud, quick=quick)
    assert max(plan.echo_sizes) <= MAX_ECHO
    assert list(plan.bursts) == sorted(plan.bursts)
    assert baud not in plan.other_speeds
    assert all(baud is not None and each > baud for each in plan.raised)
    assert not (quick and plan.raised)
