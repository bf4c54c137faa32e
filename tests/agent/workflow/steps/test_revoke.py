from types import SimpleNamespace

from agent.policy import WorkOrder
from agent.workflow.steps.revoke import run


def case(order):
    found = []
    request = SimpleNamespace(work_order=order, operator="operator 7 (TEST)")
    return SimpleNamespace(request=request, platform=None, find=lambda code, **_facts: found.append(code), found=found)


def test_without_a_reference_the_platform_is_pending():
    pending = case(WorkOrder(number="W-1"))
    assert run(pending) == {"platform": "pending"}
    assert pending.found == ["platform-pending"]
    assert pending.platform is None


def test_a_reference_of_the_work_order_is_the_platforms_approval():
    approved = case(WorkOrder(number="W-1", platform_reference="TEST-77"))
    run(approved)
    assert (approved.platform.reference, approved.platform.obtained_by) == ("TEST-77", "operator 7 (TEST)")
