from types import SimpleNamespace

import pytest

from agent.errors import PreconditionNotMet
from agent.policy import Policy
from agent.workflow.steps.settle import run


def case(*, unsettled=0, reversals=0, policy=None):
    found = []
    status = SimpleNamespace(unsettled_count=unsettled, unsettled_amount=12345, reversals_pending=reversals)
    return SimpleNamespace(
        inspected=SimpleNamespace(known_status=status),
        request=SimpleNamespace(policy=policy or Policy()),
        find=lambda code, **facts: found.append((code, facts)),
        found=found,
    )


def test_an_empty_batch_is_fine():
    assert run(case()) == {"unsettled": 0}


@pytest.mark.parametrize("left", [{"unsettled": 2}, {"reversals": 1}])
def test_what_is_not_settled_stops_the_case(left):
    with pytest.raises(PreconditionNotMet) as fault:
        run(case(**left))
    assert fault.value.code == "unsettled-batch"
    assert fault.value.facts["amount"] == "123.45"


def test_the_policy_can_accept_it_with_a_reason_that_is_kept():
    policy = Policy(unsettled_batch="accept", accept_unsettled_reason="settled by phone (TEST)")
    accepting = case(unsettled=2, policy=policy)
    assert run(accepting)["accepted"] == "settled by phone (TEST)"
    assert accepting.found[0][0] == "unsettled-accepted"
