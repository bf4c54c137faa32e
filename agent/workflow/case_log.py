"""What a case enters into the log of cases: its intent, before anything is changed, and how it ended."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import cast

from agent.errors import AgentError, PreconditionNotMet
from agent.evidence.attachments import AttachmentUnavailable
from agent.evidence.bundle import INTENT_LOGGED, STATEMENT_LOGGED
from agent.evidence.caselog.entries import EntryKind, LogEntry, intent_entry, statement_entry
from agent.evidence.caselog.log import CaseLog, log_folder
from agent.evidence.caselog.proof import LogProof, write_proof
from agent.evidence.caselog.search import open_intents, prove_entry
from agent.evidence.dsse import open_envelope
from agent.evidence.errors import EvidenceRejected
from agent.evidence.intent import parse_intent
from agent.evidence.job import digest_of
from agent.evidence.statement import read_statement
from agent.journal import Fact
from agent.workflow.case import Case

TAKEN_UP_ANEW = "taken-up-anew"
"""Reason of an intent whose case was begun again from its start: nothing had been changed."""

STOPPED = "stopped"


def prepare_log(home: Path) -> None:
    """Make sure that the log of a home can be written to, and make it and its key where there are none.

    Raises:
        PreconditionNotMet: ``log-…``: it cannot.
    """
    CaseLog(home).check()


def enter_intent(case: Case, data: bytes) -> dict[str, Fact]:
    """Enter the intent of a case, and write the proof of it into the case's folder.

    Args:
        case: The case, with ``intent.json`` written.
        data: Bytes of ``intent.json``.

    Returns:
        What the journal says of it: the digest of the proof, and the key of the log.

    Raises:
        PreconditionNotMet: ``log-…``: it cannot be entered; ``bundle-unwritable``.
    """
    log = CaseLog(case.request.home)
    intent = intent_entry(case.number, digest_of(data), parse_intent(data).time)
    left = _open_intents(case)
    case.maybe_logged = True
    entries = [_ended(case, each, TAKEN_UP_ANEW) for each in left.values() if each != intent]
    known = [index for index, each in left.items() if each == intent]
    proofs = log.append([each.data() for each in (entries if known else [*entries, intent])])
    written = write_proof(_proven(log, known[0]) if known else proofs[-1])
    case.folder.write(INTENT_LOGGED, written)
    case.log_key = log.key.vkey.text
    return {"proof": digest_of(written), "vkey": case.log_key}


def end_intents(case: Case) -> None:
    """Enter that a case ended before anything was changed, where its intent may be in the log.

    Where even that cannot be written the case stands in the log as open, which is told loudly.
    """
    with suppress(AgentError):
        left = _open_intents(case)
        if left:
            reason = case.stopped_by or STOPPED
            CaseLog(case.request.home).append([_ended(case, each, reason).data() for each in left.values()])


class StatementLogger:
    """Enters a statement into the log and makes its proof (`agent.evidence.attachments.AttachmentMaker`).

    Args:
        case: The case, whose intent is in the log.
    """

    name = STATEMENT_LOGGED

    def __init__(self, case: Case) -> None:
        self._case = case

    def make(self, envelope: bytes) -> bytes:
        """Enter it.

        Args:
            envelope: The signed statement.

        Raises:
            AttachmentUnavailable: ``statement-not-logged``.
        """
        predicate = read_statement(open_envelope(envelope).payload).predicate
        log = CaseLog(self._case.request.home)
        try:
            if log.key.vkey.text != self._case.log_key:
                raise AttachmentUnavailable("statement-not-logged", why="log-other-key")
            (proof,) = log.append([statement_entry(predicate, digest_of(envelope)).data()])
        except PreconditionNotMet as fault:
            raise AttachmentUnavailable("statement-not-logged", why=fault.code) from None
        return write_proof(proof)


def recall_log(case: Case, facts: Fact) -> None:
    """Take the key of the log back out of what the journal says of a case's intent."""
    case.log_key = str(cast("dict[str, Fact]", facts)["vkey"])


def _open_intents(case: Case) -> dict[int, LogEntry]:
    """Look for intents of the case in the log; only where there may be some, for that reads all of it."""
    if not case.maybe_logged:
        return {}
    folder = log_folder(case.request.home)
    try:
        return open_intents(folder, case.number)
    except EvidenceRejected as fault:
        raise PreconditionNotMet("log-damaged", path=str(folder), why=str(fault)) from None


def _proven(log: CaseLog, index: int) -> LogProof:
    try:
        return prove_entry(log.folder, index)
    except EvidenceRejected as fault:
        raise PreconditionNotMet("log-damaged", path=str(log.folder), why=str(fault)) from None


def _ended(case: Case, intent: LogEntry, reason: str) -> LogEntry:
    return LogEntry(EntryKind.ENDED, case.number, intent.sha256, case.clock.stamp(), reason=reason)
