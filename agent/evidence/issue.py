"""Issuing the statement: the one place that says PASS, and only after checking all of the evidence itself (I5)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from agent.errors import VerificationFailed
from agent.evidence.attachments import AttachmentMaker, AttachmentUnavailable
from agent.evidence.bundle import AGENT_CHAIN, TIMESTAMP, read_bundle
from agent.evidence.checks.table import Check, Examined, Status, result_of, run_checks
from agent.evidence.dsse import STATEMENT, sign_envelope
from agent.evidence.errors import EvidenceRejected
from agent.evidence.facts import Effect, Finding, Gap, Result, StatementFacts, Verdict, worst
from agent.evidence.files import write_durable
from agent.evidence.keys.agent_key import AgentKey
from agent.evidence.levels import level_of
from agent.evidence.material import Material
from agent.evidence.statement import build_statement
from agent.evidence.trust.store import TrustStore
from agent.evidence.verify import checks_for, redaction_check, verify_bundle
from agent.evidence.wording import sentence
from protocols.words import Addressable


@dataclass(frozen=True)
class IssuedStatement:
    """A statement that was signed and written.

    Args:
        result: What it says.
        level: Its evidence level.
        findings: Those of the checks, then those of the workflow.
        not_checked: What was not checked.
        checks: Every check of the evidence.
        path: The file.
    """

    result: Result
    level: int
    findings: tuple[Finding, ...]
    not_checked: tuple[Gap, ...]
    checks: tuple[Check, ...]
    path: Path


def issue_statement(
    folder: Path,
    facts: StatementFacts,
    agent_key: AgentKey,
    trust: TrustStore,
    makers: Sequence[AttachmentMaker] = (),
) -> IssuedStatement:
    """Read the evidence of a case back from its files, check all of it, and sign what that comes to.

    Nobody passes a result in: PASS needs every check to hold and no finding against it; one failed check makes it
    FAIL; anything that could not be checked makes it UNKNOWN.

    Args:
        folder: Holds ``job.json``, ``device-pre.eat``, ``intent.json``, ``journal.jsonl``, ``agent.pem``, and
            ``device-post.eat`` and ``export.age`` where the case has them.
        facts: What only the workflow knows.
        agent_key: Signs. Its chain must be what ``agent.pem`` holds.
        trust: Whom to trust. Should include the agent's own certificate.
        makers: Make what is made of the signed statement, in the order of `agent.evidence.bundle.ATTACHMENTS`. One
            that is not available is left out, with a finding.

    Raises:
        EvidenceRejected: The folder holds what is no part of a bundle, or ``agent-chain-differs``, or a text of the
            workflow cannot stand in a statement.
        VerificationFailed: ``statement-not-verified``: the written bundle does not verify as issued.
        OSError: The statement cannot be written.
    """
    files = read_bundle(folder)
    if files.content(AGENT_CHAIN) != agent_key.chain_pem:
        raise EvidenceRejected("agent-chain-differs")
    material = Material(files, trust)
    checks = run_checks(
        checks_for(material), Examined(material, facts.issued, facts.read_back, facts.links, facts.log_key)
    )
    # What the statement itself will say is searched before it is said.
    draft = build_statement(material, facts, _verdict(material, facts, checks, self_signed=agent_key.self_signed))
    checks = (*checks, redaction_check(material, {STATEMENT: draft}))
    verdict = _write(folder, material, facts, checks, agent_key, tuple(makers))

    # The same eyes as a customer's: what was written must verify as what was meant.
    report = verify_bundle(folder, trust)
    if report.result is not verdict.result:
        wrong = next(check for check in report.checks if check.status is not Status.OK)
        raise VerificationFailed("statement-not-verified", check=wrong.id, why=wrong.code)
    return IssuedStatement(
        verdict.result, verdict.level, verdict.findings, verdict.not_checked, checks, folder / STATEMENT
    )


def _write(
    folder: Path,
    material: Material,
    facts: StatementFacts,
    checks: tuple[Check, ...],
    agent_key: AgentKey,
    makers: tuple[AttachmentMaker, ...],
) -> Verdict:
    """Sign a statement that promises what is then made of it; again without what cannot be made."""
    facts = replace(facts, attachments=tuple(maker.name for maker in makers))
    verdict = _verdict(material, facts, checks, self_signed=agent_key.self_signed)
    envelope = sign_envelope(build_statement(material, facts, verdict), agent_key)
    write_durable(folder / STATEMENT, envelope)
    for maker in makers:
        try:
            write_durable(folder / maker.name, maker.make(envelope))
        except AttachmentUnavailable as fault:
            (folder / maker.name).unlink(missing_ok=True)
            without = replace(facts, findings=(*facts.findings, Finding(fault.code, sentence(fault), fault.effect)))
            others = tuple(each for each in makers if each is not maker)
            return _write(folder, material, without, checks, agent_key, others)
    return verdict


def _verdict(material: Material, facts: StatementFacts, checks: tuple[Check, ...], *, self_signed: bool) -> Verdict:
    failed = tuple(Finding(check.code, check.detail, Effect.FAIL) for check in checks if check.status is Status.FAILED)
    findings = tuple(dict.fromkeys(failed)) + facts.findings
    # A check that only waits for another says nothing that the other does not.
    open_checks = [check for check in checks if check.status is Status.NOT_CHECKABLE and check.code != "needs"]
    gaps = [Gap(check.code, check.detail) for check in open_checks]
    gaps += _standing_gaps(material, facts, self_signed=self_signed)
    result = worst(result_of(checks), *(finding.effect.result for finding in findings))
    return Verdict(result, level_of(checks), findings, tuple(dict.fromkeys(gaps)))


def _standing_gaps(material: Material, facts: StatementFacts, *, self_signed: bool) -> list[Gap]:
    """Say what no check looks at, so that nobody takes silence for a yes."""
    gaps = []
    if TIMESTAMP not in facts.attachments:
        text = "No timestamp authority vouches for the times; they are the agent's own clock."
        gaps.append(Gap("clock-unproven", text))
    if self_signed:
        gaps.append(Gap("agent-self-signed", "Nobody but the agent itself vouches for the key that signs this."))
    if facts.platform is None:
        gaps.append(Gap("platform-pending", "Back office pending: the deregistration at the platform is not shown."))
    intent, before = material.intent.or_none(), material.said_before.or_none()
    if before is not None and not before.claims.measurements:
        gaps.append(Gap("firmware-not-measured", "The terminal attests no measurement of its software."))
    if material.unbinds_alone:
        gaps.append(Gap("not-wiped", "Nothing was wiped: this case exported the transactions and undid the bindings."))
    for region in intent.wipe.memory_map if intent and intent.wipe else ():
        if region.wipeable and region.addressable is not Addressable.YES:
            text = f"Whether erasing reaches all cells behind region {region.region} is not known."
            gaps.append(Gap("region-not-addressable", text))
    proof = material.erasure_proof.or_none()
    filled = {each.region for each in proof.regions} if proof else set()
    for region in intent.wipe.memory_map if intent and intent.wipe and proof else ():
        if region.wipeable and region.region not in filled:
            text = f"Region {region.region} ({region.size} bytes) was not filled: the proof of erasure leaves it out."
            gaps.append(Gap("region-not-filled", text))
    if intent and intent.export:
        gaps.append(Gap("export-contents", "The export is encrypted; only its recipients can look into it."))
    return gaps
