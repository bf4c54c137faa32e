"""Taking up a case that broke off: what its journal says was done is not done again, and the end is the same (I7)."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import cast

from agent.clock import Clock, never_back
from agent.connect import connect
from agent.drivers.absent import AbsentTerminal
from agent.drivers.base import TerminalDriver
from agent.errors import PreconditionNotMet, UsageFault
from agent.evidence.bundle import CaseFolder
from agent.evidence.keys.agent_key import AgentKey
from agent.evidence.times import parse_time
from agent.evidence.trust.store import TrustStore
from agent.journal import Fact, Journal, JournalEvent
from agent.ledger.store import CaseRecord, CaseState, Ledger
from agent.profiles import find_profile
from agent.workflow import backup
from agent.workflow.case import Case
from agent.workflow.case_log import end_intents, prepare_log
from agent.workflow.ending import run_to_end, stop
from agent.workflow.events import CaseOpened, Event
from agent.workflow.hold import hold, port_of
from agent.workflow.privacy import private_channels
from agent.workflow.recall import RESUMED, Recollection, recall, recollect
from agent.workflow.request import RetireOutcome, RetireRequest
from agent.workflow.request_record import RequestRecord, from_json
from agent.workflow.retire import trust_folders
from agent.workflow.signing import agent_key, check_signer
from agent.workflow.table import Step, steps_for
from agent.workflow.timestamp import try_out


@dataclass(frozen=True)
class Resumable:
    """A case that can be taken up, as the ledger has it.

    Args:
        record: The case.
        request: What it was asked for.
        recollection: What its journal says of its steps.
    """

    record: CaseRecord
    request: RequestRecord
    recollection: Recollection

    @property
    def anew(self) -> bool:
        """True where nothing on the terminal was changed yet, so that all of it is done anew."""
        return "intent" not in self.recollection.done

    @property
    def left(self) -> tuple[Step, ...]:
        """The steps that are to be done."""
        steps = steps_for(wipe=self.request.wipe, rebind=self.request.rebinds, prove=self.request.policy.proves_erasure)
        return steps if self.anew else tuple(step for step in steps if step.name not in self.recollection.done)

    @property
    def unbinds(self) -> bool:
        """True where the terminal's menu may have to be driven, so that its questions must be answered."""
        return any(step.name in {"unbind", "rebind", "test-transaction"} for step in self.left)


def look_up(home: Path, case: str) -> Resumable:
    """Find a case that broke off.

    Args:
        home: Folder of the ledger.
        case: Its number.

    Raises:
        UsageFault: ``no-such-case``.
        PreconditionNotMet: ``case-closed``: it has its end; ``case-stopped``: it ended before anything was changed, and
            after its intent, which stands once in a case's journal; or ``case-request-missing``.
    """
    with Ledger.open(home) as ledger:
        record = ledger.case(case)
        if record is None:
            raise UsageFault("no-such-case", case=case)
        if record.state is CaseState.CLOSED:
            raise PreconditionNotMet("case-closed", case=case, result=record.result)
        found = Resumable(record, from_json(case, ledger.request(case)), recollect(ledger.entries(case)))
    if record.state is CaseState.STOPPED and not found.anew:
        raise PreconditionNotMet("case-stopped", case=case)
    return found


def resume(
    case: str,
    request: RetireRequest,
    report: Callable[[Event], None],
    clock: Clock | None = None,
    words: Mapping[str, bool] | None = None,
) -> RetireOutcome:
    """Take up a case where it broke off.

    Args:
        case: Its number.
        request: What it was asked for, with whatever a person has to give again.
        report: Told of everything that happens.
        clock: The two clocks.
        words: What a person says of steps that only a person can tell: whether each was done.

    Returns:
        What came of it, once a statement was issued.

    Raises:
        AgentError: It cannot be taken up (see `look_up`, `agent.workflow.hold.hold`, `agent.workflow.recall.recall`),
            another terminal answers, or the case ended before anything on the terminal was changed.
        ProtocolError: The line or the terminal ended it before that.
    """
    clock = clock or Clock()
    key = request.key or agent_key(request.home, clock)
    trust = TrustStore.load(trust_folders(request.home, request.trust_dirs))
    check_signer(key, trust, clock.wall())
    try_out(request.policy, trust, clock.wall)
    profiles = partial(find_profile, folders=request.profile_dirs, home=request.home)
    with Ledger.open(request.home) as ledger, ExitStack() as stack:
        held = stack.enter_context(hold(ledger, case, report, clock))
        found = look_up(request.home, case)  # only now nobody else moves it
        last = ledger.last(case)
        clock = never_back(clock, parse_time(last.time) if last else None)
        driver = cast(TerminalDriver, AbsentTerminal())
        if found.left:
            held.take(port_of(request.target))
            channel = private_channels(request.policy.link_privacy, trust, request.home, clock.wall, key)
            line = connect(request.target, clock=clock.steady, profiles=profiles, told=report, channel=channel)
            driver = stack.enter_context(line).driver
        folder = _folder(request.out, found)
        if found.anew:
            prepare_log(request.home)
            backup.prepare(request.backups, case)
        taken_up = Case(
            number=case,
            opened=found.record.opened,
            request=request,
            ledger=ledger,
            driver=driver,
            profiles=profiles,
            journal=Journal(ledger, case, clock),
            folder=folder,
            trust=trust,
            clock=clock,
            report=held.renewing(report),
            maybe_logged=found.anew,
        )
        return _go_on(taken_up, found, key, words)


def _go_on(case: Case, found: Resumable, key: AgentKey, words: Mapping[str, bool] | None) -> RetireOutcome:
    before = found.recollection
    case.changed = bool({"unbind", "wipe"} & (before.begun.keys() | before.done.keys()))
    case.ledger.end_case(case.number, CaseState.OPEN, "")
    case.ledger.set_folder(case.number, case.folder.partial)
    case.report(CaseOpened(case.number))
    facts: dict[str, Fact] = {**case.request.doer_facts, "was": str(found.record.state), "anew": found.anew}
    case.journal.write(JournalEvent.NOTE, RESUMED, facts)
    try:
        if found.anew:
            return run_to_end(case, key)
        recall(case, before)
        if found.left:
            _require_the_one_inspected(case)
            if "attest" not in before.done:  # else the last link in the evidence stays that of the attestation
                case.note_link()
        return run_to_end(case, key, before, words)
    finally:
        if found.anew and not (case.changed or case.kept):
            stop(case.folder, case.ledger, case.number)
            end_intents(case)
            backup.drop(case.request.backups, case.number)


def _require_the_one_inspected(case: Case) -> None:
    """Stop at another terminal before anything is done to it; the case stays as it was (I9)."""
    now, before = case.driver.identity(), case.inspected.identity
    if (now.tusn, now.key_fingerprint) != (before.tusn, before.key_fingerprint):
        raise PreconditionNotMet("case-other-terminal", case=case.number, tusn=now.tusn, expected=before.tusn)


def _folder(out: Path, found: Resumable) -> CaseFolder:
    """Take up the folder of a case; where all of it is done anew, an empty one."""
    if not found.anew:
        return CaseFolder.resume(out, found.record.case)
    shutil.rmtree(CaseFolder(out, found.record.case).partial, ignore_errors=True)
    return CaseFolder.create(out, found.record.case)
