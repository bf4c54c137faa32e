"""Verifying a bundle: what it claims, held against what is in it, by whoever has the roots."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from agent.evidence.archive.zipped import open_bundle
from agent.evidence.attachments import ATTACHED_CHECKS, NEUTRAL, Attached, check_attachments
from agent.evidence.bundle import TIMESTAMP, BundleFiles
from agent.evidence.canonical import same_json
from agent.evidence.checks.case import CASE_CHECKS
from agent.evidence.checks.log import LOG_CHECKS
from agent.evidence.checks.redaction import REDACTION, check_redaction
from agent.evidence.checks.table import Check, CheckTable, Examined, Status, result_of, run_check, run_checks
from agent.evidence.checks.terminal import PROOF_CHECKS, TERMINAL_CHECKS, UNBINDING_CHECKS
from agent.evidence.dsse import STATEMENT, OpenedEnvelope, open_envelope
from agent.evidence.errors import EvidenceRejected, NotCheckable
from agent.evidence.facts import Result, worst
from agent.evidence.levels import level_of
from agent.evidence.material import Material, Part
from agent.evidence.statement import (
    RETIREMENT_TYPE,
    UNBINDING_TYPE,
    ReadStatement,
    build_predicate,
    predicate_type,
    read_statement,
)
from agent.evidence.timestamp.token import Timestamp
from agent.evidence.trust.certificates import fingerprint, p256_key
from agent.evidence.trust.store import TrustStore

EVIDENCE_CHECKS: CheckTable = CASE_CHECKS + TERMINAL_CHECKS
"""What the issuing function and every verifier check alike (I5)."""

WIPE_CHECKS = frozenset({"read-back", "memory-map", "method", "wipe", "regions", "key-slots"})
"""Those of them that are about the wipe."""

ACTS: Mapping[str, str] = {RETIREMENT_TYPE: "retirement", UNBINDING_TYPE: "unbinding"}
"""What a statement is of, by the type of its predicate."""

HERE = frozenset({"makers-unknown", "agents-unknown", "needs"})
"""What is missing with the verifier and not in the bundle, or follows from something else that is reported."""


@dataclass(frozen=True)
class Report:
    """What verifying a bundle came to.

    Args:
        result: PASS only if every check holds and the statement says so; FAIL if one failed or the statement says
            so; otherwise UNKNOWN.
        checks: Every check.
        statement: The in-toto statement's predicate, where it could be read and its signature holds; else None.
        act: What the statement is of: ``retirement``, or ``unbinding`` where nothing was wiped; empty where it could
            not be read.
        proven: The timestamp that shows when the statement was there; None where there is none that holds here.
    """

    result: Result
    checks: tuple[Check, ...]
    statement: Mapping[str, Any] | None
    act: str = ""
    proven: Timestamp | None = None

    @property
    def accepted(self) -> bool:
        """True only for PASS."""
        return self.result is Result.PASS


def checks_for(material: Material) -> CheckTable:
    """Return the checks that a case is held to, by what its intent says was to be done.

    Args:
        material: The evidence.
    """
    proof = (PROOF_CHECKS if material.has_erasure_proof else ()) + (LOG_CHECKS if material.has_log_proof else ())
    if not material.unbinds_alone:
        return EVIDENCE_CHECKS + proof
    return tuple(row for row in EVIDENCE_CHECKS if row[0] not in WIPE_CHECKS) + UNBINDING_CHECKS + proof


def redaction_check(material: Material, more: Mapping[str, bytes] | None = None) -> Check:
    """Search all files of a case for card data and secrets, as the issuing function and every verifier do.

    Args:
        material: The evidence.
        more: Content that is not written yet, by the name of its file.
    """
    job = material.job.or_none()
    return run_check(REDACTION, lambda: check_redaction(material.files, job.tusn if job else "", more))


def verify_bundle(directory: Path, trust: TrustStore) -> Report:
    """Check everything that a bundle claims.

    Args:
        directory: The bundle: a folder, or a zip archive of one.
        trust: Whom to trust.

    Returns:
        The report; a bundle that is no bundle gets one too.

    Raises:
        UsageFault: ``bundle-unreadable``: there is no such folder or archive.
    """
    try:
        files = open_bundle(directory)
    except EvidenceRejected as fault:
        return Report(Result.FAIL, (run_check("files", partial(_raise, fault)),), None)
    return verify_files(files, trust)


def verify_files(files: BundleFiles, trust: TrustStore) -> Report:
    """Check everything that the files of a bundle claim.

    Args:
        files: The files, already read with limits.
        trust: Whom to trust.
    """
    material = Material(files, trust)
    envelope = Part(STATEMENT, lambda: open_envelope(files.content(STATEMENT)))
    statement = Part(STATEMENT, lambda: read_statement(envelope.need().payload))
    read = statement.or_none()
    facts = read.facts if read else None
    examined = Examined(
        material,
        facts.issued if facts else None,
        facts.read_back if facts else None,
        facts.links if facts else None,
        facts.log_key if facts else None,
    )

    about_files = run_check("files", lambda: _check_files(envelope))
    signature = run_check("signature", lambda: _check_signature(material, envelope))
    evidence = (*run_checks(checks_for(material), examined), redaction_check(material))
    attached = Part(STATEMENT, lambda: Attached(material, files.content(STATEMENT), statement.need()))
    checks = (
        about_files,
        run_check("statement", lambda: _check_readable(envelope, statement)),
        signature,
        run_check("act", lambda: _check_act(material, statement.need())),
        run_check("subjects", lambda: _check_subjects(files, statement.need())),
        run_check("attachments", lambda: check_attachments(attached.need())),
        *(_run_attached(name, attached) for name in files.attachments if name in ATTACHED_CHECKS),
        *evidence,
        run_check("contents", lambda: _check_contents(material, statement.need())),
        run_check("level", lambda: _check_level(evidence, statement.need())),
        run_check("result", lambda: _check_result(evidence, statement.need())),
    )
    claimed = read.verdict.result if read else Result.FAIL
    believed = read is not None and signature.status is Status.OK
    believable = read if believed else None
    return Report(
        worst(result_of(check for check in checks if check.code not in NEUTRAL), claimed),
        checks,
        believable.predicate if believable else None,
        ACTS[believable.predicate_type] if believable else "",
        material.timestamp.or_none() if believed and TIMESTAMP in files.files else None,
    )


def _run_attached(name: str, attached: Part[Attached]) -> Check:
    check, function = ATTACHED_CHECKS[name]
    return run_check(check, lambda: function(attached.need()))


def _raise(fault: EvidenceRejected) -> None:
    raise fault


def _check_files(envelope: Part[OpenedEnvelope]) -> None:
    """Names, kinds and sizes were checked while reading; what is left is that there is a statement at all."""
    try:
        envelope.report()
    except NotCheckable as missing:
        raise EvidenceRejected(missing.code, **missing.facts) from None
    except EvidenceRejected:
        return


def _check_readable(envelope: Part[OpenedEnvelope], statement: Part[ReadStatement]) -> None:
    envelope.report()
    statement.report()


def _check_signature(material: Material, envelope: Part[OpenedEnvelope]) -> None:
    """The statement is signed with the key of agent.pem; whether that key is trusted is a check of its own."""
    leaf = material.agent.need()[0]
    envelope.need().check(p256_key(leaf, "agent"), fingerprint(leaf))


def _check_act(material: Material, statement: ReadStatement) -> None:
    """A statement of a retirement stands over an intent to wipe, one of an unbinding over an intent to unbind alone."""
    if statement.predicate_type != predicate_type(material.intent.need()):
        raise EvidenceRejected("statement-act")


def _check_subjects(files: BundleFiles, statement: ReadStatement) -> None:
    """The subjects are exactly the other files of the bundle, each with its digest."""
    found = files.digests()
    for name in sorted(found.keys() | statement.subjects.keys()):
        if found.get(name) != statement.subjects.get(name):
            raise EvidenceRejected("statement-subjects", file=name)


def _check_contents(material: Material, statement: ReadStatement) -> None:
    """The predicate is what follows from the evidence, the workflow's facts and the verdict: nothing more or less."""
    built = build_predicate(material, statement.facts, statement.verdict)
    for part in sorted(built.keys() | statement.predicate.keys()):
        if part not in built or part not in statement.predicate:
            raise EvidenceRejected("statement-differs", part=part[:80])
        if not same_json(built[part], statement.predicate[part]):
            raise EvidenceRejected("statement-differs", part=part)


def _check_level(evidence: tuple[Check, ...], statement: ReadStatement) -> None:
    """The level is not higher than what the attestations show."""
    claimed, found = statement.verdict.level, level_of(evidence)
    if claimed <= found:
        return
    if any(check.code in HERE for check in evidence) and not any(check.status is Status.FAILED for check in evidence):
        raise NotCheckable("level-unproven", claimed=claimed)
    raise EvidenceRejected("level-too-high", claimed=claimed, found=found)


def _check_result(evidence: tuple[Check, ...], statement: ReadStatement) -> None:
    """The result is not better than the evidence and the statement's own findings (I5)."""
    claimed = statement.verdict.result
    own = worst(*(finding.effect.result for finding in statement.verdict.findings))
    sure = worst(own, *(check.status.result for check in evidence if check.code not in HERE))
    if claimed.badness < sure.badness:
        raise EvidenceRejected("result-too-good", claimed=claimed.value, found=sure.value)
    if claimed.badness < result_of(evidence).badness:
        raise NotCheckable("result-unproven", claimed=claimed.value)
