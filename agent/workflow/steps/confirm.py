"""Step confirm: the last word before anything is changed belongs to a person, or to ``--yes``."""

from __future__ import annotations

from agent.errors import PreconditionNotMet
from agent.journal import Fact
from agent.workflow.case import Case
from agent.workflow.request import InspectionSummary


def run(case: Case) -> dict[str, Fact]:
    """Ask for the go-ahead.

    Raises:
        PreconditionNotMet: The person said no.
    """
    seen = case.inspected
    if not case.request.confirm(InspectionSummary(seen.identity, seen.status, seen.bindings)):
        raise PreconditionNotMet("not-confirmed")
    return {"operator": case.request.operator}
