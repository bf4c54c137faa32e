"""Step settle: the batch must be empty, or the policy must accept what is left with a reason."""

from __future__ import annotations

from agent.errors import PreconditionNotMet
from agent.journal import Fact
from agent.workflow.case import Case


def run(case: Case) -> dict[str, Fact]:
    """Check the batch.

    Raises:
        PreconditionNotMet: There are transactions not settled, and the policy refuses that.
    """
    status = case.inspected.known_status
    if status.unsettled_count == 0 and status.reversals_pending == 0:
        return {"unsettled": 0}
    facts: dict[str, str | int] = {
        "count": status.unsettled_count,
        "amount": f"{status.unsettled_amount / 100:.2f}",
        "reversals": status.reversals_pending,
    }
    if case.request.policy.unsettled_batch == "refuse":
        raise PreconditionNotMet("unsettled-batch", **facts)
    case.find("unsettled-accepted", **facts)
    return {"unsettled": status.unsettled_count, "accepted": case.request.policy.accept_unsettled_reason}
