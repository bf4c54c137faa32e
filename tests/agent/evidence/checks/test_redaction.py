"""No bundle holds a card number, a track or a secret: issued as FAIL, and refused by every verifier."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from agent.evidence.bundle import EXPORT, read_bundle
from agent.evidence.checks.redaction import check_redaction
from agent.evidence.dsse import STATEMENT
from agent.evidence.errors import EvidenceRejected
from agent.evidence.facts import Result
from agent.evidence.issue import issue_statement
from agent.evidence.verify import verify_bundle
from agent.journal import Fact
from protocols.eat import ClaimedMeasurement
from tests.agent.evidence.made import TUSN, Bend, World, replaced

PAN = "6200000000000005"
SHOWN = "620000******0005"


def noted(fact: Fact) -> Bend:
    return Bend(journal=lambda rows: [*rows, ("NOTE", "wipe", {"said": fact})])


LEAKING = {
    "the reason of the job": (Bend(job=replaced(reason=f"card {PAN}")), "job.json", "card-number-found"),
    "the journal": (noted(f"{PAN[:4]} {PAN[4:8]} {PAN[8:12]} {PAN[12:]}"), "journal.jsonl", "card-number-found"),
    "a track in the journal": (noted(f";{PAN}=25122010000"), "journal.jsonl", "track-data-found"),
    "a password in the journal": (noted({"password": "geheim"}), "journal.jsonl", "secret-field-found"),
    "an attestation": (
        Bend(
            before=replaced(measurements=(m := ClaimedMeasurement(PAN, "1", "m", "f", 1, bytes(32)),)),
            after=replaced(measurements=(m,)),
        ),
        "device-post.eat",
        "card-number-found",
    ),
    "the statement alone": (Bend(facts=replaced(destination=PAN)), STATEMENT, "card-number-found"),
}


@pytest.mark.parametrize(("bend", "file", "code"), LEAKING.values(), ids=list(LEAKING))
def test_i4_a_bundle_with_such_a_thing_fails_and_says_where(
    bend: Bend, file: str, code: str, world: World, tmp_path: Path
) -> None:
    facts = world.lay_out(tmp_path, bend)
    issued = issue_statement(tmp_path, facts, world.agent, world.trust)
    assert issued.result is Result.FAIL
    assert [finding.code for finding in issued.findings] == [code]
    assert PAN not in issued.findings[0].text
    report = verify_bundle(tmp_path, world.trust)
    (failed,) = [check for check in report.checks if check.code and check.id == "redaction"]
    assert (failed.code, failed.facts["file"]) == (code, file)
    assert failed.facts["shown"] in (SHOWN, "password")


def test_i5_pass_over_a_card_number_is_refused(world: World, tmp_path: Path) -> None:
    facts = world.lay_out(tmp_path, Bend(job=replaced(reason=f"card {PAN}")))
    world.claim_pass(tmp_path, facts)
    report = verify_bundle(tmp_path, world.trust)
    assert report.result is Result.FAIL
    assert {check.id: check.code for check in report.checks if check.code} == {
        "redaction": "card-number-found",
        "result": "result-too-good",
    }


def test_an_honest_bundle_holds_none(world: World, tmp_path: Path) -> None:
    facts = world.lay_out(tmp_path)
    issue_statement(tmp_path, facts, world.agent, world.trust)
    files = read_bundle(tmp_path)
    check_redaction(files, TUSN)
    assert "redaction" in [check.id for check in verify_bundle(tmp_path, world.trust).checks]


def test_the_serial_number_of_the_case_is_no_card_number(world: World, tmp_path: Path) -> None:
    world.lay_out(tmp_path)
    files = read_bundle(tmp_path)
    draft = {STATEMENT: json.dumps({"serial_number": PAN}).encode()}
    check_redaction(files, PAN, draft)
    with pytest.raises(EvidenceRejected) as raised:
        check_redaction(files, TUSN, draft)
    assert (raised.value.code, raised.value.facts) == ("card-number-found", {"file": STATEMENT, "shown": SHOWN})


def test_the_export_is_not_looked_into(world: World, tmp_path: Path) -> None:
    world.lay_out(tmp_path)
    (tmp_path / EXPORT).write_bytes(PAN.encode())
    check_redaction(read_bundle(tmp_path), TUSN)
