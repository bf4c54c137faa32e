"""A case from its journal and its files: what was done before it broke off, and where it is taken up again (I7).

Until the intent stands in the journal nothing on the terminal was changed, and all of it is done anew under the same
number. From then on the evidence itself is the memory: ``job.json``, ``intent.json``, the export and the facts of the
journal's DONE entries. Nothing is believed that its digest in the journal does not cover.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, cast

from agent.errors import PreconditionNotMet, TerminalRefused
from agent.evidence.bundle import EXPORT, INTENT_LOGGED, CaseFolder
from agent.evidence.errors import EvidenceRejected
from agent.evidence.intent import INTENT, Intent, parse_intent
from agent.evidence.job import BINDING_KINDS, BINDING_STATES, JOB, Job, binding_hmac, digest_of, parse_job
from agent.evidence.keys.binding_key import load_binding_key
from agent.export.verify import recall_export
from agent.journal import Entry, Fact, JournalEvent
from agent.privacy import LinkFacts
from agent.workflow.case import FOUND, LINK, Case, Inspection
from agent.workflow.events import Finding
from protocols.terminal import Binding, Identity

RESUMED = "resume"
"""Step of the NOTE that begins every taking up again; its fact ``anew`` says that nothing before it counts."""

MERCHANT_NUMBER = "merchant_number"

OF_THE_END = frozenset({"ended-early", "check-failed", "agent-key-self-signed"})
"""Findings that are about how a case ended, and fall away when it goes on."""


@dataclass(frozen=True)
class Recollection:
    """What a case's journal says of its steps.

    Args:
        done: The facts of the DONE entry of every step that was done.
        begun: Steps that were begun and not done, each with the time when. A step that failed is one of them: it may
            have done part of its work, or all of it, before it failed.
        findings: What was found.
        links: Every link to the terminal, as the journal notes it.
    """

    done: Mapping[str, Mapping[str, Fact]] = field(default_factory=dict)
    begun: Mapping[str, str] = field(default_factory=dict)
    findings: tuple[Finding, ...] = ()
    links: tuple[LinkFacts, ...] = ()


def recollect(entries: Iterable[Entry]) -> Recollection:
    """Read a case's journal.

    Args:
        entries: All of it, oldest first.
    """
    done: dict[str, Mapping[str, Fact]] = {}
    begun: dict[str, str] = {}
    findings: list[Finding] = []
    links: list[LinkFacts] = []
    for entry in entries:
        if entry.event is JournalEvent.INTENT:
            begun[entry.step] = entry.time
        elif entry.event is JournalEvent.DONE:
            done[entry.step] = entry.facts
            begun.pop(entry.step, None)
        elif entry.event is JournalEvent.NOTE and entry.step == RESUMED and entry.facts.get("anew") is True:
            done, begun, findings, links = {}, {}, [], []
        elif entry.event is JournalEvent.NOTE and entry.step == FOUND:
            finding = Finding(str(entry.facts["code"]), cast("dict[str, str | int]", dict(_facts(entry))))
            if finding.code not in OF_THE_END:
                findings.append(finding)
        elif entry.event is JournalEvent.NOTE and entry.step == LINK:
            links.append(LinkFacts(**cast("Any", entry.facts)))
    return Recollection(done, begun, tuple(findings), tuple(links))


def recall(case: Case, recollection: Recollection) -> None:
    """Fill a case with what was found before its intent.

    Args:
        case: The case, with its folder as it was left.
        recollection: What its journal says; its intent is done.

    Raises:
        PreconditionNotMet: ``case-evidence-altered``: a file is gone, or not the one that the journal names; or the
            key of its bindings is gone.
        TerminalRefused: ``wrong-merchant-number``: another one is given than the terminal was bound to.
        VerificationFailed: The export is not the one that was verified.
    """
    facts = recollection.done["intent"]
    job = parse_job(_evidence(case.folder, JOB, recollection.done["inspect"].get("job")))
    intent = parse_intent(_evidence(case.folder, INTENT, facts.get("intent")))
    if "log" in facts:
        _evidence(case.folder, INTENT_LOGGED, cast("Mapping[str, Fact]", facts["log"])["proof"])
    if "unbind" not in recollection.done:
        _require_merchant(case, job)
    case.findings.extend(recollection.findings)
    case.links.extend(recollection.links)
    case.profile = case.profiles(job.model)
    case.inspection = _inspection(case, job, intent, recollection.done["inspect"])
    if intent.export is not None:
        case.export = recall_export(case.folder.path(EXPORT), intent.export)


def _require_merchant(case: Case, job: Job) -> None:
    """Stop at another merchant number than the one that was inspected; it is typed again, and may be mistyped."""
    key = load_binding_key(case.request.home, case.number)
    given = binding_hmac(key, MERCHANT_NUMBER, case.request.merchant_number)
    for each in job.bindings:
        if each.name == MERCHANT_NUMBER and each.state != "unbound" and each.hmac != given:
            raise TerminalRefused("wrong-merchant-number")


def _inspection(case: Case, job: Job, intent: Intent, facts: Mapping[str, Fact]) -> Inspection:
    identity = Identity(
        tusn=job.tusn,
        maker=job.maker,
        model=job.model,
        hardware_version=job.hardware_version,
        firmware_name=job.firmware_name,
        firmware_version=job.firmware_version,
        label_number=job.label_number,
        boot_count=cast(int, facts["boot_count"]),
        wipe_count=cast(int, facts["wipe_count"]),
        key_fingerprint=bytes.fromhex(job.device_key),
    )
    # Their values stand nowhere but in the terminal (I4), and no step after the intent needs them.
    bindings = tuple(
        Binding(BINDING_KINDS[each.kind], BINDING_STATES[each.state], each.name, "") for each in job.bindings
    )
    regions = intent.wipe.memory_map if intent.wipe is not None else ()
    return Inspection(identity, None, bindings, (), regions, load_binding_key(case.request.home, case.number))


def _evidence(folder: CaseFolder, name: str, digest: Fact | None) -> bytes:
    try:
        data = folder.read(name)
    except EvidenceRejected:  # NotCheckable, where the file is gone, is one
        data = b""
    if digest_of(data) != digest:
        raise PreconditionNotMet("case-evidence-altered", file=name, path=str(folder.path(name)))
    return data


def _facts(entry: Entry) -> Mapping[str, Fact]:
    return cast("Mapping[str, Fact]", entry.facts.get("facts", {}))
