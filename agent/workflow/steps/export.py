"""Steps export and verify-export: the transactions on disk, encrypted, and proven equal to the terminal's (I1)."""

from __future__ import annotations

from agent.errors import VerificationFailed
from agent.evidence.bundle import EXPORT
from agent.export.belonging import check_belonging
from agent.export.content import ExportDetails
from agent.export.verify import verify_export
from agent.export.writer import write_export
from agent.journal import Fact
from agent.workflow.case import Case
from agent.workflow.events import Progress


def write(case: Case) -> dict[str, Fact]:
    """Read the journal and the parameters and write ``export.age``."""
    seen = case.inspected

    def advance(done: int, total: int) -> None:
        case.report(Progress("export", done, total, "bytes"))

    details = ExportDetails(
        case=case.number, tusn=seen.identity.tusn, binding_key=seen.binding_key, time=case.clock.stamp()
    )
    case.written = write_export(
        case.driver, case.folder.path(EXPORT), case.request.recipients, details, advance, regions=seen.regions
    )
    return {"sha256": case.written.sha256, "size": case.written.size, "recipients": list(case.written.recipients)}


def verify(case: Case) -> dict[str, Fact]:
    """Read ``export.age`` back, open it and compare it with what the terminal says (I1).

    Raises:
        VerificationFailed: It differs, or is another terminal's, and the policy does not waive that.
    """
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
