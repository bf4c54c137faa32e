"""Runs the steps of a table: INTENT on the disk, then the act, then DONE with its evidence (I7)."""

from __future__ import annotations

from collections.abc import Iterable

from agent.errors import AgentError, LinkFault, OutcomeUnknown
from agent.journal import Fact, JournalEvent
from agent.workflow.case import Case
from agent.workflow.events import StepChanged
from agent.workflow.table import Step
from protocols.errors import DeviceRefused, ProtocolError


def run_steps(case: Case, steps: Iterable[Step]) -> None:
    """Run steps in order until the end or the first failure.

    Args:
        case: The case.
        steps: Rows of the table.

    Raises:
        AgentError: A step ended the case; the journal says so.
        ProtocolError: The line or the terminal did.
        KeyboardInterrupt: A person stopped it; the journal says so.
    """
    for step in steps:
        case.journal.write(JournalEvent.INTENT, step.name)
        case.report(StepChanged(step.name, "started"))
        try:
            evidence = step.run(case)
        except BaseException as failure:
            # Whatever ends a step, the journal says so before anybody else hears of it.
            event = JournalEvent.FAILED if is_definite(failure) else JournalEvent.UNKNOWN
            case.journal.write(event, step.name, describe(failure))
            case.report(StepChanged(step.name, "failed"))
            raise
        case.journal.write(JournalEvent.DONE, step.name, evidence)
        case.report(StepChanged(step.name, "done"))


def is_definite(failure: BaseException) -> bool:
    """Tell whether a failure says what happened; a lost line or answer does not (I3)."""
    if isinstance(failure, AgentError):
        return not isinstance(failure, OutcomeUnknown | LinkFault)
    return isinstance(failure, DeviceRefused)


def describe(failure: BaseException) -> dict[str, Fact]:
    """Say what ended a step, for the journal: class and code, and only texts that hold no secret (I4)."""
    if isinstance(failure, AgentError):
        return {"error": failure.code, "facts": dict(failure.facts)}
    if isinstance(failure, ProtocolError):
        return {"error": type(failure).__name__, "reason": str(failure)}
    return {"error": type(failure).__name__}
