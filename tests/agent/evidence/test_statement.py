"""The statement: layout, and back."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path
from typing import Any

import pytest

from agent.evidence.bundle import BundleFiles, read_bundle
from agent.evidence.canonical import canonical_json
from agent.evidence.errors import EvidenceRejected
from agent.evidence.facts import Effect, Finding, Gap, Result, StatementFacts, Verdict
from agent.evidence.material import Material
from agent.evidence.statement import build_predicate, build_statement, read_statement
from agent.evidence.trust.store import TrustStore
from agent.proofs import PlatformApproval
from tests.agent.evidence.made import CASE, World

VERDICT = Verdict(Result.UNKNOWN, 2, (Finding("odd", "Odd.", Effect.UNKNOWN),), (Gap("gap", "A gap."),))


@pytest.fixture
def laid_out(world: World, tmp_path: Path) -> tuple[Material, StatementFacts]:
    facts = world.lay_out(tmp_path)
    facts = dataclasses.replace(facts, platform=PlatformApproval("DEREG-1", "测试员"), authorisation="letter 7")
    return Material(read_bundle(tmp_path), world.trust), facts


def stated(laid_out: tuple[Material, StatementFacts], verdict: Verdict) -> bytes:
    return build_statement(laid_out[0], laid_out[1], verdict)


def predicted(laid_out: tuple[Material, StatementFacts], verdict: Verdict) -> dict[str, Any]:
    return build_predicate(laid_out[0], laid_out[1], verdict)


def test_facts_and_verdict_come_back_as_they_went_in(laid_out) -> None:
    read = read_statement(stated(laid_out, VERDICT))
    assert (read.facts, read.verdict) == (laid_out[1], VERDICT)
    assert canonical_json(build_predicate(laid_out[0], read.facts, read.verdict)) == canonical_json(read.predicate)
    assert read.subjects == laid_out[0].files.digests()


def test_it_is_an_in_toto_statement(laid_out) -> None:
    document = json.loads(stated(laid_out, VERDICT))
    assert document["_type"] == "https://in-toto.io/Statement/v1"
    assert document["predicateType"] == "urn:posretire:retirement:v1"
    assert {row["name"] for row in document["subject"]} >= {
        "job.json",
        "export.age",
        "device-post.eat",
        "journal.jsonl",
    }
    assert all(set(row) == {"name", "digest"} for row in document["subject"])


def test_every_field_of_the_certificate_of_sanitization_is_there(laid_out) -> None:
    predicate = json.loads(stated(laid_out, VERDICT))["predicate"]
    # NIST SP 800-88: what a certificate of sanitization has to hold.
    wanted = {
        "media": {
            "manufacturer",
            "model",
            "serial_number",
            "property_number",
            "label_number",
            "media_type",
            "media_source",
            "pre_sanitization_confidentiality",
            "post_sanitization_confidentiality",
        },
        "sanitization": {
            "method",
            "technique",
            "tool",
            "tool_version",
            "verification",
            "validation",
            "destination",
        },
        "person": {"name", "title", "date", "place", "contact"},
    }
    for part, fields in wanted.items():
        assert set(predicate[part]) == fields
    assert predicate["backup"]["recipients"]
    assert predicate["case"] == CASE


def test_i5_the_platforms_half_is_pending_until_it_is_shown(laid_out) -> None:
    material, facts = laid_out
    pending = build_predicate(material, dataclasses.replace(facts, platform=None), VERDICT)
    assert pending["bindings"]["platform"]["state"] == "back office pending"
    assert build_predicate(material, facts, VERDICT)["bindings"]["platform"]["reference"] == "DEREG-1"


def test_validation_is_the_result_and_nothing_else(laid_out) -> None:
    for result in Result:
        predicate = predicted(laid_out, dataclasses.replace(VERDICT, result=result))
        assert predicate["sanitization"]["validation"] == {"accepted": result is Result.PASS}


def test_i5_no_statement_says_that_data_cannot_come_back(laid_out) -> None:
    assert b"unrecoverable" not in stated(laid_out, VERDICT).lower()


def test_i4_no_statement_holds_a_binding_or_a_key(laid_out) -> None:
    text = stated(laid_out, VERDICT)
    for secret in (b"999100053110001", b"made-up account", b"PRIVATE KEY", b"AGE-SECRET-KEY"):
        assert secret not in text


def test_a_statement_can_be_made_of_nothing(laid_out) -> None:
    nothing = Material(BundleFiles({}), TrustStore())
    read = read_statement(build_statement(nothing, laid_out[1], dataclasses.replace(VERDICT, level=0)))
    assert read.predicate["case"] is None
    assert read.predicate["regions"] == []


@pytest.mark.parametrize("text", ["a\nb", "x" * 3_000, "\ud800"])
def test_texts_that_cannot_stand_in_a_statement_are_refused(laid_out, text: str) -> None:
    material, facts = laid_out
    with pytest.raises(EvidenceRejected):
        build_statement(material, dataclasses.replace(facts, destination=text), VERDICT)


@pytest.mark.parametrize(
    "edit",
    [
        lambda d: d.update(_type="x"),
        lambda d: d.update(predicateType="x"),
        lambda d: d.pop("subject"),
        lambda d: d["subject"][0].update(extra=1),
        lambda d: d["subject"].append(d["subject"][0]),
        lambda d: d["predicate"].update(result="MAYBE"),
        lambda d: d["predicate"]["evidence"].update(level=9),
        lambda d: d["predicate"]["evidence"].update(level=True),
        lambda d: d["predicate"]["findings"][0].update(effect="none"),
        lambda d: d["predicate"]["read_back"][0].update(method="guess"),
        lambda d: d["predicate"]["bindings"]["platform"].update(state="perhaps"),
        lambda d: d["predicate"]["person"].pop("name"),
        lambda d: d["predicate"]["times"].update(issued=""),
    ],
)
def test_i10_other_statements_are_refused(laid_out, edit) -> None:
    document = json.loads(stated(laid_out, VERDICT))
    edit(document)
    with pytest.raises(EvidenceRejected):
        read_statement(canonical_json(document))
