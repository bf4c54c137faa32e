"""One retirement from the line to the bundle: opens the case, runs the table, issues the statement, closes."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from functools import partial
from pathlib import Path

from agent.clock import Clock, never_back
from agent.connect import connect
from agent.evidence.bundle import CaseFolder
from agent.evidence.trust.store import TrustStore
from agent.export.recipients import parse_recipients
from agent.journal import Journal, JournalEvent
from agent.ledger.store import Ledger
from agent.profiles import find_profile
from agent.workflow import backup
from agent.workflow.case import Case, draw_case_number
from agent.workflow.case_log import end_intents, prepare_log
from agent.workflow.ending import run_to_end, stop
from agent.workflow.events import CaseOpened, Event
from agent.workflow.hold import hold, port_of
from agent.workflow.privacy import private_channels
from agent.workflow.request import RetireOutcome, RetireRequest
from agent.workflow.request_record import as_json
from agent.workflow.signing import agent_key, check_signer
from agent.workflow.timestamp import try_out


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
    clock = never_back(clock or Clock())
    parse_recipients(request.recipients)
    backup.check_folders(request.out, request.backups)
    key = request.key or agent_key(request.home, clock)
    prepare_log(request.home)  # its key is among those trusted
    trust = TrustStore.load(trust_folders(request.home, request.trust_dirs))
    check_signer(key, trust, clock.wall())
    try_out(request.policy, trust, clock.wall)
    profiles = partial(find_profile, folders=request.profile_dirs, home=request.home)
    with Ledger.open(request.home) as ledger:
        number = draw_case_number(clock)
        folder = CaseFolder.create(request.out, number)
        case: Case | None = None
        try:
            backup.prepare(request.backups, number)
            channel = private_channels(request.policy.link_privacy, trust, request.home, clock.wall, key)
            with hold(ledger, number, report, clock) as held, ExitStack() as stack:
                held.take(port_of(request.target))
                connected = stack.enter_context(
                    connect(request.target, clock=clock.steady, profiles=profiles, told=report, channel=channel)
                )
                opened = clock.stamp()
                ledger.open_case(number, opened, folder.partial, as_json(request))
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
                    report=held.renewing(report),
                )
                facts = {"reason": request.reason, **request.doer_facts}
                case.journal.write(JournalEvent.NOTE, "open", facts)
                return run_to_end(case, key)
        finally:
            if case is None or not (case.changed or case.kept):
                stop(folder, ledger, number)
                if case is not None:
                    end_intents(case)
                backup.drop(request.backups, number)


def trust_folders(home: Path, given: tuple[Path, ...]) -> tuple[Path, ...]:
    """Return the trust folders of a command: the home's own, where it has one, and those given."""
    own = home / "trust"
    return (*((own,) if own.is_dir() else ()), *given)
