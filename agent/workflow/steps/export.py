"""Steps export and verify-export: the transactions on disk, encrypted, and proven equal to the terminal's (I1)."""

from __future__ import annotations

from collections.abc import Mapping

from agent.errors import VerificationFailed
from agent.evidence.bundle import EXPORT
from agent.export.belonging import check_belonging
from agent.export.content import ExportDetails
from agent.export.verify import verify_export
from agent.export.writer import write_export
from agent.journal import Fact
from agent.workflow import backup
from agent.workflow.case import Case
from agent.workflow.events import Progress


def write(case: Case) -> dict[str, Fact]:
    """Read the journal and the parameters and write ``export.age``."""
    seen = case.inspected

    def advance(done: int, total: int) -> None:
        case.report(Progress("export", done, total, "bytes"))

    policy, time = case.request.policy, case.clock.stamp()
    case.retention_until = policy.retention_until(time)
    details = ExportDetails(
        case=case.number,
        tusn=seen.identity.tusn,
        binding_key=seen.binding_key,
        time=time,
        retention_until=case.retention_until,
        retention_basis=policy.export_retention_basis,
    )
    case.written = write_export(
        case.driver, case.folder.path(EXPORT), case.request.recipients, details, advance, regions=seen.regions
    )
    written = case.written
    facts: dict[str, Fact] = {
        "sha256": written.sha256,
        "size": written.size,
        "recipients": list(written.recipients),
    }
    return facts | ({"retention_until": case.retention_until} if case.retention_until else {})


def recall_written(case: Case, facts: Mapping[str, Fact]) -> None:
    """Take up again how long the export is kept."""
    case.retention_until = str(facts.get("retention_until", ""))


def verify(case: Case) -> dict[str, Fact]:
    """Read ``export.age`` back, open it, compare it with what the terminal says, and keep its further copies (I1).

    Raises:
        VerificationFailed: It differs, or is another terminal's, and the policy does not waive that; or a copy differs.
        PreconditionNotMet: ``backup-unwritable``.
    """
    facts = _verify(case)
    case.copies = backup.keep_export(case)
    return facts | ({"copies": list(case.copies)} if case.copies else {})


def recall_verified(case: Case, _facts: Mapping[str, Fact]) -> None:
    """Look at the copies again; the export itself was looked at with the rest of the evidence."""
    case.copies = backup.keep_again(case)


def _verify(case: Case) -> dict[str, Fact]:
    assert case.written is not None
    try:
        seen = case.inspected
        written = case.written
        check_belonging(written.journal, written.parameters, seen.known_status, seen.bindings, written.receipts)
        case.export = verify_export(case.written)
    except VerificationFailed as fault:
        reason = case.request.policy.waive_export_reason.strip()
        if not reason:
            raise
        case.find("export-waived", why=fault.code, reason=reason)
        return {"verified": False, "why": fault.code, "waived": reason}
    finally:
        case.written = None  # the key that opened it is gone with it
    return {
        "verified": True,
        "sha256": case.export.sha256,
        "journal_digest": case.export.journal_digest,
        "records": case.export.records,
        "receipts": written.receipts.records if written.receipts else 0,
    }
