"""Runs the steps of a table: INTENT on the disk, then the act, then DONE with its evidence (I7)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from agent.errors import AgentError, LinkFault, OutcomeUnknown
from agent.journal import Fact, JournalEvent
from agent.workflow.case import Case
from agent.workflow.events import StepChanged
from agent.workflow.recall import Recollection
from agent.workflow.table import Evidence, Resume, Step
from protocols.command import Effect
from protocols.errors import DeviceRefused, ProtocolError

NOTHING = Recollection()

OF_THIS_SIDE = frozenset(
    {
        "bundle-unwritable",
        "destination-unwritable",
        "disk-full",
        "file-unreadable",
        "home-unwritable",
        "keys-unwritable",
        "lease-lost",
        "log-busy",
        "ledger-unusable",
        "log-unwritable",
        "spool-damaged",
    }
)
"""Errors of our own disk and ledger: they say nothing of the terminal, and the case goes on once they are gone."""


def run_steps(
    case: Case, steps: Iterable[Step], before: Recollection = NOTHING, words: Mapping[str, bool] | None = None
) -> None:
    """Run steps in order until the end or the first failure.

    Args:
        case: The case.
        steps: Rows of the table.
        before: What was done before the case broke off; those steps are recalled and not done again.
        words: What a person says of steps that only a person can tell: whether each was done.

    Raises:
        AgentError: A step ended the case; the journal says so.
        ProtocolError: The line or the terminal did.
        KeyboardInterrupt: A person stopped it; the journal says so.
    """
    for step in steps:
        if step.name in before.done:
            step.recall(case, before.done[step.name])
            case.report(StepChanged(step.name, "recalled"))
        else:
            _run(case, step, _act(case, step, before.begun.get(step.name), words or {}))


def _act(case: Case, step: Step, begun: str | None, words: Mapping[str, bool]) -> Callable[[Case], Evidence]:
    """Choose how a step is done: as usual, or as its row says where it was begun and broke off."""
    if begun is None:
        return step.run
    if step.resume is Resume.ASK_OPERATOR and step.effect is not Effect.READ:
        if words.get(step.name) is None:
            raise OutcomeUnknown("operator-word-needed", case=case.number, step=step.name)
        if words[step.name]:
            return lambda each: {"word_of": each.request.operator}
    take_up = step.take_up
    return step.run if take_up is None else lambda each: take_up(each, begun)


def _run(case: Case, step: Step, act: Callable[[Case], Evidence]) -> None:
    case.journal.write(JournalEvent.INTENT, step.name)
    case.report(StepChanged(step.name, "started"))
    try:
        evidence = act(case)
    except BaseException as failure:
        # Whatever ends a step, the journal says so before anybody else hears of it.
        event = JournalEvent.FAILED if is_definite(failure) else JournalEvent.UNKNOWN
        case.journal.write(event, step.name, describe(failure))
        case.report(StepChanged(step.name, "failed"))
        raise
    case.journal.write(JournalEvent.DONE, step.name, evidence)
    case.report(StepChanged(step.name, "done"))


def is_definite(failure: BaseException) -> bool:
    """Tell whether a failure says what happened; a lost line or answer, or a disk of ours, does not (I3)."""
    if isinstance(failure, AgentError):
        return not isinstance(failure, OutcomeUnknown | LinkFault) and failure.code not in OF_THIS_SIDE
    return isinstance(failure, DeviceRefused)


def describe(failure: BaseException) -> dict[str, Fact]:
    """Say what ended a step, for the journal: class and code, and only texts that hold no secret (I4)."""
    if isinstance(failure, AgentError):
        return {"error": failure.code, "facts": dict(failure.facts)}
    if isinstance(failure, ProtocolError):
        return {"error": type(failure).__name__, "reason": str(failure)}
    return {"error": type(failure).__name__}
