"""Step revoke: the platform's half of the unbinding, as far as it can be done or recorded from here."""

from __future__ import annotations

from collections.abc import Mapping

from agent.journal import Fact
from agent.proofs import PlatformApproval
from agent.workflow.case import Case

PENDING = "pending"


def run(case: Case) -> dict[str, Fact]:
    """Take the platform's reference from the work order, or record that the platform is pending."""
    order = case.request.work_order
    reference = order.platform_reference.strip() if order else ""
    if not reference:
        case.find("platform-pending")
        return {"platform": PENDING}
    case.platform = PlatformApproval(reference, case.request.operator)
    return {"platform": reference}


def recall(case: Case, facts: Mapping[str, Fact]) -> None:
    """Take up the reference of a case that broke off afterwards."""
    if facts["platform"] != PENDING:
        case.platform = PlatformApproval(str(facts["platform"]), case.request.operator)
