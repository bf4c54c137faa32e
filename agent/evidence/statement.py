"""The statement: an in-toto Statement v1 whose predicate follows from the evidence, the workflow's facts and a verdict.

`build_predicate` is the only description of its layout. A verifier reads facts and verdict out of a statement, builds
the predicate again from the bundle's files, and compares: so no field can say what the evidence does not. Fields are
named after the certificate of sanitization (NIST SP 800-88) where it has them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from agent.evidence import backup as backup_facts
from agent.evidence.bundle import ATTACHMENTS
from agent.evidence.canonical import canonical_json, parse_json
from agent.evidence.caselog.notes import MAX_VKEY_BYTES
from agent.evidence.dsse import MAX_BYTES
from agent.evidence.errors import EvidenceRejected
from agent.evidence.facts import (
    Effect,
    Finding,
    Gap,
    RegionReadBack,
    Result,
    StatementFacts,
    Verdict,
)
from agent.evidence.fields import Fields
from agent.evidence.intent import Intent
from agent.evidence.levels import LIMITS, MEANING
from agent.evidence.links import link_row, read_link
from agent.evidence.material import Material
from agent.evidence.person import person_row, read_person
from agent.evidence.sections import (
    backup,
    bindings,
    erasure_proof,
    journal,
    key_slots,
    log,
    media,
    regions,
    terminal,
    verification,
)
from agent.evidence.trust.certificates import fingerprint
from agent.proofs import PlatformApproval

STATEMENT_TYPE = "https://in-toto.io/Statement/v1"
RETIREMENT_TYPE = "urn:posretire:retirement:v1"
UNBINDING_TYPE = "urn:posretire:unbinding:v1"
"""Of a case that undid the bindings and wiped nothing; its predicate is laid out alike."""
DOCUMENT = "statement"
TOOL = "posretire"
READ_BACK_METHODS = ("full", "digest")
PLATFORM_PENDING = "back office pending"
PLATFORM_CONFIRMED = "confirmed"


@dataclass(frozen=True)
class ReadStatement:
    """A statement as read, without anything in it having been checked.

    Args:
        predicate_type: What the predicate is of: `RETIREMENT_TYPE` or `UNBINDING_TYPE`.
        subjects: Digest of each file by name.
        facts: What the workflow said.
        verdict: What the issuing function came to.
        predicate: The whole predicate.
    """

    predicate_type: str
    subjects: Mapping[str, str]
    facts: StatementFacts
    verdict: Verdict
    predicate: Mapping[str, Any]


def predicate_type(intent: Intent | None) -> str:
    """Return the type of the predicate that goes with an intent; that of a retirement where there is none."""
    return UNBINDING_TYPE if intent is not None and intent.wipe is None else RETIREMENT_TYPE


def build_predicate(material: Material, facts: StatementFacts, verdict: Verdict) -> dict[str, Any]:
    """Put the predicate together.

    Args:
        material: The evidence, read from the bundle's files.
        facts: What only the workflow knows.
        verdict: What the issuing function came to.
    """
    job, intent, agent = material.job.or_none(), material.intent.or_none(), material.agent.or_none()
    wipe = intent.wipe if intent else None
    return {
        "case": job.case if job else None,
        "result": verdict.result.value,
        "evidence": {
            "level": verdict.level,
            "meaning": MEANING[verdict.level],
            "limits": list(LIMITS[verdict.level]),
        },
        "media": media(material, facts),
        "sanitization": {
            "method": wipe.method if wipe else None,
            "technique": wipe.technique.name.lower() if wipe else None,
            "tool": TOOL,
            "tool_version": facts.tool_version,
            "verification": verification(material, facts),
            "validation": {"accepted": verdict.result is Result.PASS},
            "destination": facts.destination,
        },
        "person": person_row(facts.person, facts.issued),
        "backup": backup_facts.with_facts(backup(material), facts.backup),
        "terminal": terminal(material),
        "bindings": {**bindings(material), "platform": _platform_row(facts.platform)},
        "key_slots": key_slots(material),
        "regions": regions(material),
        "read_back": [vars(each) for each in facts.read_back],
        "journal": journal(material),
        "agent": {
            "key": fingerprint(agent[0]) if agent else None,
            "self_signed": agent[0].issuer == agent[0].subject if agent else None,
        },
        "order": {
            "work_order": job.work_order if job else None,
            "reason": job.reason if job else None,
            "opened_by": job.operator if job else None,
            "authorisation": facts.authorisation,
            "policy_sha256": job.policy_digest if job else None,
        },
        "times": {
            "opened": job.opened if job else None,
            "intended": intent.time if intent else None,
            "wipe_started": facts.wipe_started,
            "wipe_ended": facts.wipe_ended,
            "issued": facts.issued,
        },
        "waivers": dict(intent.waivers) if intent else {},
        "findings": [{"code": f.code, "text": f.text, "effect": f.effect.value} for f in verdict.findings],
        "not_checked": [{"code": gap.code, "text": gap.text} for gap in verdict.not_checked],
        # Older versions wrote no such part, and what they wrote stays true.
        **({"erasure_proof": erasure_proof(material)} if material.has_erasure_proof else {}),
        **({"links": [link_row(each) for each in facts.links]} if facts.links else {}),
        **({"attachments": list(facts.attachments)} if facts.attachments else {}),
        **({"log": log(material, facts)} if material.has_log_proof else {}),
    }


def build_statement(material: Material, facts: StatementFacts, verdict: Verdict) -> bytes:
    """Write the statement: every other file of the bundle by digest, and the predicate.

    Raises:
        EvidenceRejected: A text of the workflow is too long, holds control characters or is no Unicode.
    """
    payload = canonical_json(
        {
            "_type": STATEMENT_TYPE,
            "subject": [
                {"name": name, "digest": {"sha256": digest}} for name, digest in material.files.digests().items()
            ],
            "predicateType": predicate_type(material.intent.or_none()),
            "predicate": build_predicate(material, facts, verdict),
        }
    )
    read_statement(payload)
    return payload


def read_statement(payload: bytes) -> ReadStatement:
    """Read a statement.

    Raises:
        EvidenceRejected: ``json-…``, ``document-field``, ``time-form`` or ``statement-type``.
    """
    value = parse_json(payload, DOCUMENT, max_bytes=MAX_BYTES)
    read = Fields(value, DOCUMENT)
    kind = read.text("predicateType")
    if read.text("_type") != STATEMENT_TYPE or kind not in (RETIREMENT_TYPE, UNBINDING_TYPE):
        raise EvidenceRejected("statement-type")
    subjects = {}
    for row in read.rows("subject", maximum=64):
        digest = row.fields("digest")
        name = row.text("name", required=True)
        if name in subjects:
            raise EvidenceRejected("statement-subjects", file=name)
        subjects[name] = digest.digest("sha256")
        digest.end()
        row.end()
    predicate = read.anything("predicate")
    read.end()
    inside = Fields(predicate, DOCUMENT, "predicate")
    return ReadStatement(kind, subjects, _read_facts(inside), _read_verdict(inside), predicate)


def _read_facts(predicate: Fields) -> StatementFacts:
    """Take what the workflow said back out of where `build_predicate` put it."""
    media_row = predicate.fields("media")
    sanitization, times = predicate.fields("sanitization"), predicate.fields("times")
    return StatementFacts(
        person=read_person(predicate.fields("person")),
        issued=times.time("issued"),
        wipe_started=times.time("wipe_started", required=False),
        wipe_ended=times.time("wipe_ended", required=False),
        read_back=tuple(_read_read_back(row) for row in predicate.rows("read_back", maximum=1_000)),
        destination=sanitization.text("destination"),
        media_source=media_row.text("media_source"),
        confidentiality_before=media_row.text("pre_sanitization_confidentiality"),
        confidentiality_after=media_row.text("post_sanitization_confidentiality"),
        property_number=media_row.text_or_none("property_number") or "",
        authorisation=predicate.fields("order").text("authorisation"),
        platform=_read_platform(predicate.fields("bindings").fields("platform")),
        tool_version=sanitization.text("tool_version"),
        links=tuple(map(read_link, predicate.rows("links", maximum=1_000))) if "links" in predicate.names() else (),
        attachments=_read_attachments(predicate) if "attachments" in predicate.names() else (),
        log_key=_read_log_key(predicate.fields("log")) if "log" in predicate.names() else "",
        backup=backup_facts.read_facts(predicate.fields_or_none("backup")),
    )


def _read_attachments(predicate: Fields) -> tuple[str, ...]:
    names = predicate.texts("attachments", maximum=len(ATTACHMENTS))
    if names != tuple(name for name in ATTACHMENTS if name in names):
        raise EvidenceRejected("document-field", document=DOCUMENT, field="predicate.attachments")
    return names


def _read_log_key(row: Fields) -> str:
    return row.text("vkey", maximum=MAX_VKEY_BYTES)


def _read_read_back(row: Fields) -> RegionReadBack:
    return RegionReadBack(
        region=row.number("region"),
        method=row.word("method", READ_BACK_METHODS),
        bytes_read=row.number("bytes_read"),
        not_blank=row.number("not_blank"),
        first_not_blank=row.number("first_not_blank", minimum=-1),
        digest_matches=row.flag("digest_matches"),
    )


def _read_verdict(predicate: Fields) -> Verdict:
    return Verdict(
        result=Result(predicate.word("result", list(Result))),
        level=predicate.fields("evidence").number("level", maximum=max(MEANING)),
        findings=tuple(
            Finding(row.text("code", required=True), row.text("text"), Effect(row.word("effect", list(Effect))))
            for row in predicate.rows("findings", maximum=1_000)
        ),
        not_checked=tuple(
            Gap(row.text("code", required=True), row.text("text"))
            for row in predicate.rows("not_checked", maximum=1_000)
        ),
    )


def _platform_row(platform: PlatformApproval | None) -> dict[str, str]:
    if platform is None:
        return {"state": PLATFORM_PENDING, "reference": "", "obtained_by": ""}
    return {"state": PLATFORM_CONFIRMED, "reference": platform.reference, "obtained_by": platform.obtained_by}


def _read_platform(row: Fields) -> PlatformApproval | None:
    state = row.word("state", (PLATFORM_PENDING, PLATFORM_CONFIRMED))
    approval = PlatformApproval(row.text("reference"), row.text("obtained_by"))
    return approval if state == PLATFORM_CONFIRMED else None
