"""How a case ends: with a signed statement once anything was changed, without a trace in the folder before."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from dataclasses import replace

from agent.errors import AgentError, LinkFault, OutcomeUnknown, PreconditionNotMet, VerificationFailed
from agent.evidence.bundle import CaseFolder
from agent.evidence.intent import INTENT
from agent.evidence.keys.agent_key import AgentKey
from agent.ledger.store import CaseState, Ledger
from agent.workflow import backup
from agent.workflow.bundle import issue
from agent.workflow.case import Case
from agent.workflow.engine import NOTHING, describe, is_definite, run_steps
from agent.workflow.recall import Recollection
from agent.workflow.request import RetireOutcome
from agent.workflow.table import steps_of
from agent.workflow.uninterrupted import uninterrupted
from protocols.errors import DeadlineExceeded, ProtocolError, RemoteProtocolError


def run_to_end(
    case: Case, key: AgentKey, before: Recollection = NOTHING, words: Mapping[str, bool] | None = None
) -> RetireOutcome:
    """Run the steps of a case, and issue its statement.

    Args:
        case: The case, connected.
        key: Signs.
        before: What was done before the case broke off.
        words: See `agent.workflow.engine.run_steps`.

    Raises:
        AgentError: The case ended before anything on the terminal was changed, or ``evidence-not-issued``. Where it
            is ``case-broken-off`` the case is kept, and can be taken up.
        ProtocolError: The line or the terminal ended it before that.
    """
    cause: BaseException | None = None
    try:
        run_steps(case, steps_of(case.request), before, words)
    except BaseException as failure:
        named = _named(failure, changed=case.changed)
        code = "interrupted" if isinstance(named, KeyboardInterrupt) else str(describe(named)["error"])
        case.stopped_by = code
        if not case.changed:
            if named is not failure:
                raise named from None
            _keep(case, failure)
            raise
        # From here on no end may vanish: whatever happened gets its signed statement.
        cause = named
        case.find("check-failed" if isinstance(named, VerificationFailed) else "ended-early", error=code)
    broken_off = cause is not None and not is_definite(cause)
    with uninterrupted():
        try:
            outcome = issue(case, key, cause, resumable=broken_off)
            outcome = _with_copies(case, outcome)
            case.ledger.set_folder(case.number, outcome.bundle)
            case.ledger.end_case(
                case.number, CaseState.BROKEN_OFF if outcome.resumable else CaseState.CLOSED, outcome.result
            )
        except (AgentError, OSError) as fault:
            # The terminal was changed and there is no statement: somebody has to look, with what is in the folder.
            why = str(fault) or type(fault).__name__
            raise OutcomeUnknown(
                "evidence-not-issued", case=case.number, path=str(case.folder.partial), why=why
            ) from None
    return outcome


def _with_copies(case: Case, outcome: RetireOutcome) -> RetireOutcome:
    """Copy the bundle wherever a copy goes, and tell what failed: the statement is signed and does not change."""
    failed = backup.keep_bundle(case.request.backups, case.number, outcome.bundle)
    for each in failed:
        case.report(each)
    return replace(outcome, findings=(*outcome.findings, *failed)) if failed else outcome


def _named(failure: BaseException, *, changed: bool) -> BaseException:
    """Name what a terminal did that is there and does not keep to the protocol: that is no lost line.

    The line keeps garbled frames from us and acknowledges the others, so it is the terminal that said this, or that
    does not answer.
    """
    kind = OutcomeUnknown if changed else PreconditionNotMet
    if isinstance(failure, RemoteProtocolError):
        return kind("terminal-breaks-protocol", why=failure.reason)
    if isinstance(failure, DeadlineExceeded):
        return kind("terminal-too-slow", command=failure.command, seconds=f"{failure.seconds:g}")
    return failure


def _keep(case: Case, failure: BaseException) -> None:
    """Keep a case that broke off between its intent and the first change, so that the export is not made again.

    Raises:
        LinkFault: ``case-broken-off``: the line was lost; the case can be taken up.
        PreconditionNotMet: ``case-interrupted``: a person stopped it; it can be taken up as well.
    """
    broken = isinstance(failure, LinkFault | ProtocolError | KeyboardInterrupt) and not is_definite(failure)
    if not broken or not case.folder.path(INTENT).exists():
        return
    case.kept = True
    case.ledger.end_case(case.number, CaseState.BROKEN_OFF, "")
    if isinstance(failure, KeyboardInterrupt):
        raise PreconditionNotMet("case-interrupted", case=case.number) from None
    raise LinkFault("case-broken-off", case=case.number, why=str(failure)) from failure


def stop(folder: CaseFolder, ledger: Ledger, number: str) -> None:
    """End a case that changed nothing: its journal stays in the ledger, its folder goes."""
    known = ledger.case(number) is not None
    if known:  # before the folder goes, so that nobody looks for its files in a case that breaks off here
        ledger.end_case(number, CaseState.STOPPED, "")
    shutil.rmtree(folder.partial, ignore_errors=True)
    if known:
        ledger.set_folder(number, None)
