"""Issuing the bundle: the journal and the agent's chain into the folder, then the statement over all that is there."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta

from agent.evidence.attachments import AttachmentMaker, AttachmentUnavailable
from agent.evidence.backup import BackupFacts
from agent.evidence.bundle import AGENT_CHAIN, VERIFY_SCRIPT
from agent.evidence.facts import NOT_STATED, RegionReadBack, StatementFacts
from agent.evidence.issue import issue_statement
from agent.evidence.journal import JOURNAL
from agent.evidence.keys.agent_key import AgentKey
from agent.evidence.page.maker import CertificateMaker
from agent.evidence.timestamp.maker import TimestampMaker
from agent.evidence.verify_script import verify_script
from agent.journal import JournalEvent
from agent.wipe.plan import wiped_regions
from agent.workflow.case import Case
from agent.workflow.case_log import StatementLogger
from agent.workflow.events import Finding, StepChanged
from agent.workflow.findings import for_statement
from agent.workflow.request import RetireOutcome
from agent.workflow.timestamp import authority_of

WORTH_TELLING = timedelta(seconds=1)
"""Less is what keeping a clock right by the network comes to."""


WAITING = frozenset({"timestamp-missing"})
"""What is missing can be there later, and the case wants it: it is kept, so that its statement can be issued again."""


@dataclass
class Listened:
    """A maker, and what it said that it could not make.

    Args:
        maker: The maker.
        lacking: What it raised.
    """

    maker: AttachmentMaker
    lacking: list[AttachmentUnavailable] = field(default_factory=list)

    @property
    def name(self) -> str:
        """Name of the file."""
        return self.maker.name

    def make(self, envelope: bytes) -> bytes:
        """Make the file, see `agent.evidence.attachments.AttachmentMaker`."""
        try:
            return self.maker.make(envelope)
        except AttachmentUnavailable as fault:
            self.lacking.append(fault)
            raise


def issue(case: Case, key: AgentKey, cause: BaseException | None, *, resumable: bool = False) -> RetireOutcome:
    """Issue the statement of a case over whatever evidence there is, and give the folder its final name.

    Args:
        case: The case, at its end.
        key: Signs.
        cause: What ended it early, or None.
        resumable: Whether the case can be taken up again.

    Returns:
        What came of the case.
    """
    if key.self_signed:
        case.find("agent-key-self-signed")
    if case.clock.set_back >= WORTH_TELLING:
        case.find("clock-set-back", seconds=round(case.clock.set_back.total_seconds()))
    case.report(StepChanged("bundle", "started"))
    case.journal.write(JournalEvent.INTENT, "bundle")
    case.folder.write(AGENT_CHAIN, key.chain_pem)
    case.folder.write(JOURNAL, case.journal.lines())
    case.folder.write(VERIFY_SCRIPT, verify_script())
    makers = statement_makers(case, key)
    issued = issue_statement(case.folder.partial, _facts(case), key, case.trust, makers)
    lacking = tuple(Finding(each.code, each.facts) for maker in makers for each in maker.lacking)
    resumable = resumable or (cause is None and any(each.code in WAITING for each in lacking))
    bundle = case.folder.finish()
    case.journal.write(JournalEvent.DONE, "bundle", {"result": issued.result.value, "level": issued.level})
    case.report(StepChanged("bundle", "done"))
    regions = wiped_regions(case.inspected.regions)
    blank = {each.region for each in case.read_backs if each.blank}
    return RetireOutcome(
        case=case.number,
        result=issued.result,
        bundle=bundle,
        findings=(*case.findings, *lacking),
        statement_findings=issued.findings,
        tusn=case.inspected.identity.tusn,
        model=case.inspected.identity.model,
        records=case.export.records if case.export else 0,
        undone=case.unbinding.undone if case.unbinding else (),
        pending=case.unbinding.pending if case.unbinding else (),
        regions_blank=len(blank),
        bytes_wiped=sum(region.size for region in regions if region.region in blank),
        evidence_level=issued.level,
        cause=cause,
        resumable=resumable,
        wiped=case.request.wipe,
    )


def statement_makers(case: Case, key: AgentKey) -> tuple[Listened, ...]:
    """Return what makes the files that are made of the statement, in the order of the bundle's ``ATTACHMENTS``."""
    makers: list[AttachmentMaker] = []
    authority = authority_of(case.request.policy, case.trust)
    if authority is not None:
        makers.append(TimestampMaker(authority))
    if case.log_key:
        makers.append(StatementLogger(case))
    makers.append(CertificateMaker(key.sign, key.chain_pem))
    return tuple(map(Listened, makers))


def _facts(case: Case) -> StatementFacts:
    order = case.request.work_order
    return StatementFacts(
        person=case.request.doer,
        issued=case.clock.stamp(),
        wipe_started=case.wipe_started,
        wipe_ended=case.wipe_ended,
        read_back=tuple(
            RegionReadBack(
                each.region, each.method, each.bytes_read, each.not_blank, each.first_not_blank, each.digest_matches
            )
            for each in case.read_backs
        ),
        findings=tuple(for_statement(each) for each in case.findings),
        authorisation=(order.authorisation if order else "") or NOT_STATED,
        **vars(case.request.media),
        platform=case.platform,
        links=tuple(case.links),
        log_key=case.log_key,
        backup=BackupFacts(
            case.copies,
            case.retention_until,
            case.request.policy.export_retention_basis if case.retention_until else "",
        ),
    )
