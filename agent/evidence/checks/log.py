"""Checks of the proofs out of the log of cases: that the intent stands in it, and the statement behind it."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from agent.evidence.bundle import INTENT_LOGGED, STATEMENT_LOGGED
from agent.evidence.caselog.entries import intent_entry, statement_entry
from agent.evidence.caselog.notes import Vkey, parse_vkey
from agent.evidence.caselog.proof import read_proof
from agent.evidence.checks.table import CheckTable, Examined
from agent.evidence.errors import EvidenceRejected, NotCheckable
from agent.evidence.intent import INTENT

if TYPE_CHECKING:
    from agent.evidence.attachments import Attached

INTENT_STEP = "intent"


def _check_log_intent(examined: Examined) -> None:
    """The proof is of this intent, in the log that the statement names, and the journal names the proof."""
    material = examined.material
    proof = material.log_proof.report()
    intent = material.intent.need()
    if examined.log_key is None:
        raise NotCheckable("needs", what="statement")
    vkey = parse_vkey(examined.log_key)
    entry = intent_entry(intent.case, material.files.entry(INTENT).sha256, intent.time)
    proof.check(entry.data(), vkey)
    _require_known(vkey, material.trust.logs)
    wanted = {"proof": material.files.entry(INTENT_LOGGED).sha256, "vkey": vkey.text}
    for line in material.journal.need():
        if line.step == INTENT_STEP and line.event == "DONE" and line.facts.get("log") == wanted:
            return
    raise EvidenceRejected("log-not-journaled")


def check_log_statement(attached: Attached) -> None:
    """The proof is of this statement, in the same log as its intent and behind it.

    Raises:
        EvidenceRejected: What is wrong with it.
        NotCheckable: There is no proof of the intent to compare with.
    """
    material = attached.material
    proof = read_proof(material.files.content(STATEMENT_LOGGED))
    vkey = parse_vkey(attached.statement.facts.log_key)
    entry = statement_entry(attached.statement.predicate, hashlib.sha256(attached.envelope).hexdigest())
    proof.check(entry.data(), vkey)
    _require_known(vkey, material.trust.logs)
    # Whatever the log held when the intent's proof was made is older than the statement.
    before = material.log_proof.need().checkpoint.size
    if proof.index < before:
        raise EvidenceRejected("log-order", index=proof.index, before=before)


def _require_known(vkey: Vkey, trusted: tuple[Vkey, ...]) -> None:
    """Where logs are trusted here, it is one of them; else whoever signed the statement vouches for it."""
    if trusted and vkey not in trusted:
        raise EvidenceRejected("log-unknown-key", name=vkey.name)


LOG_CHECKS: CheckTable = (("log-intent", _check_log_intent),)
"""Of a case whose intent was entered into the log."""
