"""Proofs of erasure: what is written is read back, what holds reaches level 3, and nothing else does."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from agent.evidence.canonical import canonical_json
from agent.evidence.checks.table import Status
from agent.evidence.dsse import STATEMENT, open_envelope
from agent.evidence.erasure_proof import (
    ERASURE_PROOF,
    ErasureProof,
    build_erasure_proof,
    parse_erasure_proof,
)
from agent.evidence.errors import EvidenceRejected
from agent.evidence.facts import Result
from agent.evidence.intent import Intent
from agent.evidence.verify import Report, verify_bundle
from protocols.words import RegionHolds
from tests.agent.evidence.made import REGIONS, Bend, World, proof_for, replaced, same, stamp

Issue = Callable[..., tuple[Path, Any]]
PROOF = proof_for(b"intent")


def row(number: int, **changes: Any) -> Callable[[ErasureProof], ErasureProof]:
    def bend(proof: ErasureProof) -> ErasureProof:
        rows = [dataclasses.replace(r, **changes) if r.region == number else r for r in proof.regions]
        return dataclasses.replace(proof, regions=tuple(rows))

    return bend


def found(report: Report, name: str) -> tuple[Status, str]:
    (check,) = [each for each in report.checks if each.id == name]
    return check.status, check.code


def test_what_is_written_is_read_back() -> None:
    assert parse_erasure_proof(build_erasure_proof(PROOF)) == PROOF


@pytest.mark.parametrize("field", ["schema", "case", "wipe_nonce", "cipher", "seed", "filled", "regions"])
def test_every_field_is_needed_and_none_is_added(field: str) -> None:
    made = json.loads(build_erasure_proof(PROOF))
    for bent in ({k: v for k, v in made.items() if k != field}, {**made, field: 1}, {**made, "more": ""}):
        with pytest.raises(EvidenceRejected):
            parse_erasure_proof(canonical_json(bent))


def test_a_proof_that_holds_reaches_level_3(issued: Issue, world: World) -> None:
    folder, statement = issued(Bend(proof=same))
    assert (statement.result, statement.level) == (Result.PASS, 3)
    report = verify_bundle(folder, world.trust)
    assert report.result is Result.PASS
    assert found(report, "erasure-proof") == (Status.OK, "")
    said = json.loads(open_envelope((folder / STATEMENT).read_bytes()).payload)["predicate"]
    assert said["evidence"]["level"] == 3
    assert said["erasure_proof"] == {
        "file": ERASURE_PROOF,
        "filled": stamp(300),
        "bytes": 12_288,
        "regions": [
            {"region": 1, "size": 8192, "milliseconds": 40},
            {"region": 2, "size": 4096, "milliseconds": 40},
        ],
    }
    left_out = [gap["text"] for gap in said["not_checked"] if gap["code"] == "region-not-filled"]
    assert left_out == ["Region 5 (512 bytes) was not filled: the proof of erasure leaves it out."]


def test_without_a_proof_all_is_as_before(issued: Issue, world: World) -> None:
    folder, statement = issued()
    assert (statement.result, statement.level) == (Result.PASS, 2)
    report = verify_bundle(folder, world.trust)
    assert "erasure-proof" not in {check.id for check in report.checks}
    said = json.loads(open_envelope((folder / STATEMENT).read_bytes()).payload)["predicate"]
    assert "erasure_proof" not in said


FORGED: dict[str, tuple[Bend, str]] = {
    "another answer": (Bend(proof=row(2, answer="0" * 64)), "proof-answer"),
    "another key": (Bend(proof=row(1, key="0" * 64)), "proof-answer"),
    "another seed": (Bend(proof=replaced(seed="0" * 64)), "proof-answer"),
    "another wipe": (Bend(proof=replaced(wipe_nonce="0" * 64)), "proof-of-another"),
    "another case": (Bend(proof=replaced(case="R1")), "proof-of-another"),
    "a region less": (Bend(proof=lambda proof: dataclasses.replace(proof, regions=proof.regions[:1])), "proof-regions"),
    "a region twice": (
        Bend(proof=lambda proof: dataclasses.replace(proof, regions=proof.regions * 2)),
        "proof-regions",
    ),
    "no region": (Bend(proof=replaced(regions=())), "proof-regions"),
    "a region cut short": (
        Bend(proof=lambda proof: dataclasses.replace(proof_for(b"", {1: 8192, 2: 4095}), wipe_nonce=proof.wipe_nonce)),
        "proof-regions",
    ),
    "answers that the terminal does not sign": (Bend(proof=same, after=replaced(answers=())), "proof-not-attested"),
    "one that it does not sign": (
        Bend(proof=same, after=lambda claims: dataclasses.replace(claims, answers=claims.answers[1:])),
        "proof-not-attested",
    ),
    "not in the journal": (
        Bend(proof=same, journal=lambda rows: [row for row in rows if row[1] != "prove"]),
        "proof-not-journaled",
    ),
    "another one in the journal": (
        Bend(
            proof=same,
            journal=lambda rows: [
                (e, s, {"proof": "0" * 64} if (e, s) == ("DONE", "prove") else f) for e, s, f in rows
            ],
        ),
        "proof-not-journaled",
    ),
}


@pytest.mark.parametrize("name", FORGED)
def test_a_proof_that_does_not_hold_is_a_fail_whoever_signs_it(name: str, world: World, tmp_path: Path) -> None:
    bend, code = FORGED[name]
    facts = world.lay_out(tmp_path / "bundle", bend)
    world.claim_pass(tmp_path / "bundle", facts, level=3)
    report = verify_bundle(tmp_path / "bundle", world.trust)
    assert report.result is Result.FAIL
    assert found(report, "erasure-proof") == (Status.FAILED, code)
    assert found(report, "level") == (Status.FAILED, "level-too-high")


def test_the_issuing_function_says_fail_to_a_wrong_answer(issued: Issue) -> None:
    _, statement = issued(Bend(proof=row(2, answer="0" * 64)))
    assert statement.result is Result.FAIL
    assert "proof-answer" in {finding.code for finding in statement.findings}


def test_a_proof_whose_step_is_open_leaves_it_open(issued: Issue) -> None:
    bend = Bend(proof=same, journal=lambda rows: [row for row in rows if row[:2] != ("DONE", "prove")])
    _, statement = issued(bend)
    assert (statement.result, statement.level) == (Result.UNKNOWN, 2)


def test_a_late_answer_leaves_it_open(issued: Issue) -> None:
    _, statement = issued(Bend(proof=row(1, milliseconds=5_126)))
    assert (statement.result, statement.level) == (Result.UNKNOWN, 2)
    assert "proof-slow" in {gap.code for gap in statement.not_checked}
    assert issued(Bend(proof=row(1, milliseconds=5_125)))[1].level == 3


def test_a_proof_cannot_be_added_to_a_case_afterwards(world: World, tmp_path: Path) -> None:
    """Whoever has the agent's key can compute the answers; the terminal's nonce is over the proof, and is signed."""
    folder = tmp_path / "bundle"

    def add(files: dict[str, bytes]) -> dict[str, bytes]:
        return {**files, ERASURE_PROOF: build_erasure_proof(proof_for(files["intent.json"]))}

    facts = world.lay_out(folder, Bend(files=add))
    world.claim_pass(folder, facts, level=3)
    report = verify_bundle(folder, world.trust)
    assert report.result is Result.FAIL
    assert found(report, "eat-after") == (Status.FAILED, "eat-nonce")


def test_a_proof_cannot_be_taken_out_of_a_case(world: World, tmp_path: Path) -> None:
    folder = tmp_path / "bundle"
    facts = world.lay_out(
        folder, Bend(proof=row(2, answer="0" * 64), files=lambda f: {n: d for n, d in f.items() if n != ERASURE_PROOF})
    )
    world.claim_pass(folder, facts)
    report = verify_bundle(folder, world.trust)
    assert found(report, "eat-after") == (Status.FAILED, "eat-nonce")


def test_level_3_is_not_claimed_without_a_proof(world: World, tmp_path: Path) -> None:
    facts = world.lay_out(tmp_path / "bundle")
    world.claim_pass(tmp_path / "bundle", facts, level=3)
    report = verify_bundle(tmp_path / "bundle", world.trust)
    assert report.result is Result.FAIL
    assert found(report, "level") == (Status.FAILED, "level-too-high")


def test_flash_that_is_called_a_key_store_is_named_as_not_filled(issued: Issue) -> None:
    """A terminal may call anything a key store, and keep there what it likes; the statement says how large it is."""
    hidden = dataclasses.replace(REGIONS[2], size=1 << 20)
    assert hidden.holds is RegionHolds.KEYS
    regions = (*REGIONS[:2], hidden, *REGIONS[3:])

    def hide(intent: Intent) -> Intent:
        assert intent.wipe
        return dataclasses.replace(intent, wipe=dataclasses.replace(intent.wipe, memory_map=regions))

    _, statement = issued(Bend(proof=same, intent=hide))
    assert any("Region 5 (1048576 bytes) was not filled" in gap.text for gap in statement.not_checked)


def test_nothing_is_proven_of_a_case_that_wipes_nothing(world: World, tmp_path: Path) -> None:
    facts = world.lay_out(tmp_path / "bundle", Bend(proof=same, intent=replaced(wipe=None)))
    world.claim_pass(tmp_path / "bundle", facts, level=3)
    report = verify_bundle(tmp_path / "bundle", world.trust)
    assert found(report, "erasure-proof") == (Status.FAILED, "proof-of-another")
