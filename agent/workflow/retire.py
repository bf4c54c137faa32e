"""One retirement from the line to the bundle: opens the case, runs the table, issues the statement, closes."""

from __future__ import annotations

import platform
import shutil
from collections.abc import Callable
from functools import partial
from pathlib import Path

from agent.clock import Clock
from agent.connect import connect
from agent.errors import AgentError, OutcomeUnknown, PreconditionNotMet, VerificationFailed
from agent.evidence.bundle import CaseFolder
from agent.evidence.keys import AgentKey
from agent.evidence.trust import TrustStore
from agent.export.recipients import parse_recipients
from agent.journal import Journal, JournalEvent
from agent.ledger.store import CaseState, Ledger
from agent.profiles import find_profile
from agent.workflow.bundle import issue
from agent.workflow.case import Case, draw_case_number
from agent.workflow.engine import describe, run_steps
from agent.workflow.events import CaseOpened, Event
from agent.workflow.privacy import private_channels
from agent.workflow.request import RetireOutcome, RetireRequest
from agent.workflow.table import steps_of
from agent.workflow.uninterrupted import uninterrupted

MAX_NAME = 40


def retire(request: RetireRequest, report: Callable[[Event], None], clock: Clock | None = None) -> RetireOutcome:
    """Retire one terminal.

    Everything that can be wrong on this side is checked before the line is opened. A case that ends before anything
    on the terminal was changed leaves its journal in the ledger and nothing else; from then on every end, good or bad,
    leaves a signed bundle.

    Args:
        request: What is asked for.
        report: Told of everything that happens.
        clock: The two clocks.

    Returns:
        What came of it, once a statement was issued.

    Raises:
        AgentError: The case ended before anything on the terminal was changed.
        ProtocolError: The line or the terminal ended it before that.
    """
    clock = clock or Clock()
    parse_recipients(request.recipients)
    key = _agent_key(request.home, clock)
    trust = TrustStore.load(trust_folders(request.home, request.trust_dirs))
    profiles = partial(find_profile, folders=request.profile_dirs, home=request.home)
    with Ledger.open(request.home) as ledger:
        number = draw_case_number(clock)
        folder = CaseFolder.create(request.out, number)
        case: Case | None = None
        try:
            channel = private_channels(request.policy.link_privacy, trust, request.home, clock.wall)
            with connect(
                request.target, clock=clock.steady, profiles=profiles, told=report, channel=channel
            ) as connected:
                opened = clock.stamp()
                ledger.open_case(number, opened)
                ledger.set_folder(number, folder.partial)
                report(CaseOpened(number))
                case = Case(
                    number=number,
                    opened=opened,
                    request=request,
                    ledger=ledger,
                    driver=connected.driver,
                    profiles=profiles,
                    journal=Journal(ledger, number, clock),
                    folder=folder,
                    trust=trust,
                    clock=clock,
                    report=report,
                )
                return _run(case, key)
        finally:
            if case is None or not case.changed:
                _stop(folder, ledger, number)


def _agent_key(home: Path, clock: Clock) -> AgentKey:
    """Load the agent's key; a home that has none yet gets one, certified by itself, which the statement then says."""
    try:
        return AgentKey.load(home)
    except PreconditionNotMet as fault:
        if fault.code != "agent-key-missing":
            raise
    return AgentKey.create(home, platform.node()[:MAX_NAME] or "posretire", at=clock.wall())


def trust_folders(home: Path, given: tuple[Path, ...]) -> tuple[Path, ...]:
    """Return the trust folders of a command: the home's own, where it has one, and those given."""
    own = home / "trust"
    return (*((own,) if own.is_dir() else ()), *given)


def _run(case: Case, key: AgentKey) -> RetireOutcome:
    case.journal.write(JournalEvent.NOTE, "open", {"reason": case.request.reason, "operator": case.request.operator})
    cause: BaseException | None = None
    try:
        run_steps(case, steps_of(case.request))
    except BaseException as failure:
        if not case.changed:
            raise
        # From here on no end may vanish: whatever happened gets its signed statement.
        cause = failure
        code = failure.code if isinstance(failure, AgentError) else str(describe(failure)["error"])
        case.find("check-failed" if isinstance(failure, VerificationFailed) else "ended-early", error=code)
    with uninterrupted():
        try:
            outcome = issue(case, key, cause)
            case.ledger.set_folder(case.number, outcome.bundle)
            case.ledger.end_case(case.number, CaseState.CLOSED, outcome.result)
        except (AgentError, OSError) as fault:
            # The terminal was changed and there is no statement: somebody has to look, with what is in the folder.
            why = str(fault) or type(fault).__name__
            raise OutcomeUnknown(
                "evidence-not-issued", case=case.number, path=str(case.folder.partial), why=why
            ) from None
    return outcome


def _stop(folder: CaseFolder, ledger: Ledger, number: str) -> None:
    """End a case that changed nothing: its journal stays in the ledger, its folder goes."""
    shutil.rmtree(folder.partial, ignore_errors=True)
    if ledger.case(number) is not None:
        ledger.set_folder(number, None)
        ledger.end_case(number, CaseState.STOPPED, "")
