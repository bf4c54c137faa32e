"""The issuing function says PASS only for what it has checked itself."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path

import pytest

from agent.errors import VerificationFailed
from agent.evidence import issue, verify
from agent.evidence.bundle import AGENT_CHAIN, DEVICE_POST
from agent.evidence.dsse import open_envelope
from agent.evidence.errors import EvidenceRejected, NotCheckable
from agent.evidence.facts import Effect, Finding, Result, StatementFacts
from agent.evidence.issue import issue_statement
from agent.evidence.keys.agent_key import AgentKey
from agent.evidence.statement import build_statement
from agent.evidence.trust.store import TrustStore
from agent.evidence.verify import EVIDENCE_CHECKS, verify_bundle
from protocols.words import Addressable
from tests.agent.evidence.attacks import INSIDER, dropped, mapped, wipe
from tests.agent.evidence.made import OPENED, Bend, replaced


def test_i5_a_whole_case_passes(world, issued) -> None:
    folder, statement = issued()
    assert [(check.id, check.code) for check in statement.checks if check.code] == []
    assert (statement.result, statement.level, statement.findings) == (Result.PASS, 2, ())
    assert verify_bundle(folder, world.trust).accepted


def predicate(folder: Path) -> dict:
    read = json.loads(open_envelope((folder / "statement.dsse.json").read_bytes()).payload)["predicate"]
    assert isinstance(read, dict)
    return read


@pytest.mark.parametrize("name", INSIDER)
def test_i5_bad_evidence_never_gets_a_pass(world, issued, name: str) -> None:
    bend, check, code = INSIDER[name]
    folder, statement = issued(bend)
    assert statement.result is not Result.PASS
    assert predicate(folder)["sanitization"]["validation"]["accepted"] is False
    if check != "result":
        assert statement.result is Result.FAIL
        assert code in {finding.code for finding in statement.findings}
    report = verify_bundle(folder, world.trust)
    assert report.result is statement.result
    assert not report.accepted


@pytest.mark.parametrize("number", range(len(EVIDENCE_CHECKS)), ids=[name for name, _ in EVIDENCE_CHECKS])
@pytest.mark.parametrize(("fault", "result"), [(EvidenceRejected, Result.FAIL), (NotCheckable, Result.UNKNOWN)])
def test_i5_pass_needs_each_single_check(world, issued, mocker, number: int, fault, result: Result) -> None:
    name, _ = EVIDENCE_CHECKS[number]

    def trip(_examined) -> None:
        raise fault("eat-phase")

    table = (*EVIDENCE_CHECKS[:number], (name, trip), *EVIDENCE_CHECKS[number + 1 :])
    mocker.patch.object(verify, "EVIDENCE_CHECKS", table)
    _, statement = issued()
    assert statement.result is result


def test_i5_nobody_can_pass_a_result_in() -> None:
    names = {each.name for each in dataclasses.fields(StatementFacts)}
    assert not names & {"result", "level", "verdict", "checks", "accepted"}


def test_i5_without_the_last_attestation_the_result_is_unknown(issued) -> None:
    folder, statement = issued(Bend(files=dropped(DEVICE_POST)))
    assert (statement.result, statement.level) == (Result.UNKNOWN, 0)
    assert "file-absent" in {gap.code for gap in statement.not_checked}
    assert predicate(folder)["terminal"]["after"] is None


def test_i5_findings_of_the_workflow_count(issued) -> None:
    finding = Finding("odd", "Something odd.", Effect.UNKNOWN)
    _, statement = issued(Bend(facts=replaced(findings=(finding,))))
    assert (statement.result, statement.findings) == (Result.UNKNOWN, (finding,))


def test_i5_a_note_leaves_the_result_alone(world, issued) -> None:
    folder, statement = issued(Bend(facts=replaced(findings=(Finding("link-plain", "Plain."),))))
    assert statement.result is Result.PASS
    assert verify_bundle(folder, world.trust).accepted


def test_i5_what_was_written_is_verified_before_it_counts(world, tmp_path: Path, mocker) -> None:
    facts = world.lay_out(tmp_path)
    mocker.patch.object(issue, "level_of", return_value=0)
    issue_statement(tmp_path, facts, world.agent, world.trust)

    def wrong(material, facts, verdict) -> bytes:
        return build_statement(material, dataclasses.replace(facts, read_back=()), verdict)

    mocker.patch.object(issue, "build_statement", wrong)
    with pytest.raises(VerificationFailed) as raised:
        issue_statement(tmp_path, facts, world.agent, world.trust)
    assert raised.value.code == "statement-not-verified"


def test_without_a_trusted_maker_the_level_is_0_and_the_result_unknown(world, tmp_path: Path) -> None:
    facts = world.lay_out(tmp_path)
    statement = issue_statement(tmp_path, facts, world.agent, TrustStore((), world.trust.agents))
    assert (statement.result, statement.level) == (Result.UNKNOWN, 0)
    # Somebody who knows the maker sees more, and still no PASS where none was signed.
    report = verify_bundle(tmp_path, world.trust)
    assert report.result is Result.UNKNOWN
    assert all(not check.code for check in report.checks)


def test_what_was_not_checked_is_said(issued) -> None:
    folder, statement = issued()
    codes = [gap.code for gap in statement.not_checked]
    assert codes == ["clock-unproven", "agent-self-signed", "platform-pending", "export-contents"]
    assert [row["code"] for row in predicate(folder)["not_checked"]] == codes


def test_a_terminal_that_measures_nothing_is_named_so(issued) -> None:
    _, statement = issued(Bend(before=replaced(measurements=()), after=replaced(measurements=())))
    assert statement.result is Result.PASS
    assert "firmware-not-measured" in [gap.code for gap in statement.not_checked]


def test_regions_that_erasing_may_not_reach_are_named(issued) -> None:
    bend = Bend(intent=wipe(memory_map=mapped(1, addressable=Addressable.UNKNOWN)))
    _, statement = issued(bend)
    assert "region-not-addressable" in {gap.code for gap in statement.not_checked}
    assert statement.result is Result.PASS


def test_issuing_again_after_a_cut_gives_the_same_result(world, tmp_path: Path) -> None:
    facts = world.lay_out(tmp_path)
    first = issue_statement(tmp_path, facts, world.agent, world.trust)
    assert issue_statement(tmp_path, facts, world.agent, world.trust).result is first.result


def test_the_agents_certificate_must_be_the_signers(world, tmp_path: Path) -> None:
    facts = world.lay_out(tmp_path)
    other = AgentKey.create(tmp_path.parent / "other-home", "other", at=OPENED)
    with pytest.raises(EvidenceRejected) as raised:
        issue_statement(tmp_path, facts, other, world.trust)
    assert raised.value.code == "agent-chain-differs"
    (tmp_path / AGENT_CHAIN).unlink()
    with pytest.raises(NotCheckable):
        issue_statement(tmp_path, facts, world.agent, world.trust)


def test_a_stray_file_stops_the_issuing(world, tmp_path: Path) -> None:
    facts = world.lay_out(tmp_path)
    (tmp_path / "notes.txt").write_bytes(b"x")
    with pytest.raises(EvidenceRejected) as raised:
        issue_statement(tmp_path, facts, world.agent, world.trust)
    assert raised.value.code == "file-unknown"
