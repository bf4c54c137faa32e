"""The published schema of statements: what is written fits, and nothing that it asks for may be missing."""

from __future__ import annotations

import copy
import dataclasses
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from agent.evidence.backup import BackupFacts
from agent.evidence.bundle import ATTACHMENTS, INTENT_LOGGED, SIZE_LIMITS, read_bundle
from agent.evidence.dsse import STATEMENT, open_envelope
from agent.evidence.facts import Effect, Finding, Gap, Result, Verdict
from agent.evidence.intent import METHODS
from agent.evidence.issue import issue_statement
from agent.evidence.material import Material
from agent.evidence.person import LOGINS
from agent.evidence.schema import statement_schema
from agent.evidence.statement import RETIREMENT_TYPE, UNBINDING_TYPE, build_statement
from agent.privacy import PLAIN
from agent.proofs import PlatformApproval
from protocols.words import Addressable, KeyKind, KeyState, RegionHolds, RegionResult, Technique, WipeState
from tests.agent.evidence.attacks import INSIDER
from tests.agent.evidence.made import Bend, World, replaced, same

SCHEMA: dict[str, Any] = json.loads(statement_schema())
VALIDATOR = Draft202012Validator(SCHEMA)
PASSED = Verdict(Result.PASS, 2, (Finding("code", "text"),), (Gap("gap", "text"),))
Steps = tuple[str | int, ...]


def fits(document: Any) -> bool:
    return bool(VALIDATOR.is_valid(document))


@pytest.fixture(scope="module")
def everything(world: World, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """Return a statement that has every part that a statement can have."""
    folder = tmp_path_factory.mktemp("everything")
    facts = world.lay_out(folder, Bend(proof=same))
    (folder / INTENT_LOGGED).write_bytes(b"a proof that nobody can read")
    full = dataclasses.replace(
        facts,
        person=dataclasses.replace(facts.person, id="op-7", login="password"),
        platform=PlatformApproval("REF-1", "manual"),
        links=(PLAIN,),
        attachments=ATTACHMENTS,
        log_key="log.example+00000000+AQ==",
        backup=BackupFacts(("second",), "2031-05-04", "TEST"),
    )
    document: dict[str, Any] = json.loads(build_statement(Material(read_bundle(folder), world.trust), full, PASSED))
    return document


def resolved(schema: Any) -> Any:
    while "$ref" in schema:
        schema = SCHEMA["$defs"][schema["$ref"].rpartition("/")[2]]
    return schema


def objects(schema: Any, value: Any, at: Steps = ()) -> Iterator[tuple[Steps, dict[str, Any]]]:
    """Yield the path and the schema of every object of a document."""
    schema = resolved(schema)
    if "anyOf" in schema and isinstance(value, dict | list):
        schema = resolved(next(each for each in schema["anyOf"] if resolved(each).get("type") in ("object", "array")))
    if isinstance(value, dict):
        yield at, schema
        for name, inner in value.items():
            if name in schema.get("properties", {}):
                yield from objects(schema["properties"][name], inner, (*at, name))
    elif isinstance(value, list) and value:
        yield from objects(schema["items"], value[0], (*at, 0))


def inside(document: Any, path: Steps) -> Any:
    for step in path:
        document = document[step]
    return document


def test_the_schema_is_one_of_draft_2020_12() -> None:
    Draft202012Validator.check_schema(SCHEMA)
    assert SCHEMA["$schema"] == "https://json-schema.org/draft/2020-12/schema"


def test_a_statement_with_everything_in_it_fits_and_fills_the_schema(everything: dict[str, Any]) -> None:
    """Neither has a part that the other lacks, so they cannot drift."""
    assert [error.message for error in VALIDATOR.iter_errors(everything)] == []
    seen = list(objects(SCHEMA, everything))
    assert len(seen) > 30
    for path, schema in seen:
        if path == ("predicate", "waivers"):
            continue
        assert set(inside(everything, path)) == set(schema["properties"]), path
        assert schema["additionalProperties"] is False, path
        assert all(
            resolved(each).get("description") or each.get("description") for each in schema["properties"].values()
        )


def test_every_required_field_removed_is_refused(everything: dict[str, Any]) -> None:
    count = 0
    for path, schema in objects(SCHEMA, everything):
        for name in schema.get("required", ()):
            lacking = copy.deepcopy(everything)
            del inside(lacking, path)[name]
            assert not fits(lacking), (*path, name)
            count += 1
    assert count > 150


def test_every_optional_field_may_be_missing(everything: dict[str, Any]) -> None:
    optional = []
    for path, schema in objects(SCHEMA, everything):
        for name in set(schema.get("properties", ())) - set(schema.get("required", ())):
            lacking = copy.deepcopy(everything)
            del inside(lacking, path)[name]
            assert fits(lacking), (*path, name)
            optional.append(".".join(map(str, (*path[1:], name))))
    assert sorted(optional) == [
        "attachments",
        "backup.copies",
        "backup.retention",
        "erasure_proof",
        "links",
        "log",
        "media.label_number",
        "person.id",
        "person.login",
        "terminal.measurements",
    ]


def test_a_field_more_is_refused_everywhere(everything: dict[str, Any]) -> None:
    for path, _ in objects(SCHEMA, everything):
        more = copy.deepcopy(everything)
        inside(more, path)["further"] = 1
        assert not fits(more), path


CERTIFICATE = {
    "media": {
        "manufacturer",
        "model",
        "serial_number",
        "property_number",
        "media_type",
        "media_source",
        "pre_sanitization_confidentiality",
        "post_sanitization_confidentiality",
    },
    "sanitization": {"method", "technique", "tool", "tool_version", "verification", "validation", "destination"},
    "person": {"name", "title", "place", "date", "contact"},
}
"""NIST SP 800-88, certificate of sanitization."""


def test_every_field_of_the_certificate_of_sanitization_is_required_and_not_null_for_pass(
    everything: dict[str, Any],
) -> None:
    predicate = SCHEMA["$defs"]["predicate"]["properties"]
    for part, names in CERTIFICATE.items():
        assert names <= set(predicate[part]["required"])
        for name in names:
            nothing = copy.deepcopy(everything)
            nothing["predicate"][part][name] = None
            assert not fits(nothing), (part, name)


@pytest.mark.parametrize("name", list(INSIDER))
def test_the_statement_of_every_forged_case_fits_too(name: str, world: World, tmp_path: Path) -> None:
    """A statement over bad or missing evidence says FAIL, and is laid out alike."""
    facts = world.lay_out(tmp_path, INSIDER[name][0])
    issue_statement(tmp_path, facts, world.agent, world.trust)
    document = json.loads(open_envelope((tmp_path / STATEMENT).read_bytes()).payload)
    assert [error.message for error in VALIDATOR.iter_errors(document)] == []


def test_a_statement_of_an_unbinding_fits_and_names_no_method(everything: dict[str, Any]) -> None:
    unbinding = copy.deepcopy(everything)
    unbinding["predicateType"] = UNBINDING_TYPE
    assert not fits(unbinding)
    unbinding["predicate"]["sanitization"] |= {"method": None, "technique": None}
    unbinding["predicate"]["regions"] = []
    assert fits(unbinding)
    assert not fits({**unbinding, "predicateType": RETIREMENT_TYPE})


def test_a_statement_without_any_evidence_fits(world: World, tmp_path: Path) -> None:
    facts = world.lay_out(tmp_path)
    for path in tmp_path.iterdir():
        if path.name != "agent.pem":
            path.unlink()
    failed = Verdict(Result.FAIL, 0, (), ())
    document = json.loads(build_statement(Material(read_bundle(tmp_path), world.trust), facts, failed))
    assert [error.message for error in VALIDATOR.iter_errors(document)] == []
    document["predicate"]["result"] = "PASS"
    assert not fits(document)


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("predicate", "result"), "pass"),
        (("predicate", "result"), "FAIL"),  # validation says accepted
        (("predicate", "evidence", "level"), 4),
        (("predicate", "evidence", "level"), True),
        (("predicate", "evidence", "limits"), []),
        (("predicate", "times", "issued"), "2026-05-04"),
        (("predicate", "journal", "head"), "ABC"),
        (("predicate", "media", "media_source"), "a\nb"),
        (("predicate", "findings", 0, "effect"), "fail"),
        (("predicate", "person", "login"), "none"),
        (("predicate", "attachments"), ["other.pdf"]),
        (("predicate", "backup", "size"), 1.5),
        (("subject", 0, "name"), "statement.dsse.json"),
        (("_type",), "https://in-toto.io/Statement/v0.1"),
    ],
)
def test_wrong_values_are_refused(path: Steps, value: Any, everything: dict[str, Any]) -> None:
    wrong = copy.deepcopy(everything)
    inside(wrong, path[:-1])[path[-1]] = value
    assert not fits(wrong)


def test_the_words_are_those_of_the_code() -> None:
    predicate = SCHEMA["$defs"]["predicate"]["properties"]
    counters, slot = SCHEMA["$defs"]["counters"]["properties"], SCHEMA["$defs"]["slot"]["properties"]
    region, key = predicate["regions"]["items"]["properties"], predicate["key_slots"]["items"]["properties"]
    sanitization = predicate["sanitization"]["properties"]
    given = {
        WipeState: counters["wipe_state"]["anyOf"][0],
        KeyState: slot["state"]["anyOf"][0],
        KeyKind: key["kind"]["anyOf"][0],
        RegionHolds: region["holds"],
        Addressable: region["addressable"],
        RegionResult: region["result"]["anyOf"][0]["anyOf"][0],
        Technique: sanitization["technique"]["anyOf"][0],
    }
    for enum, schema in given.items():
        assert schema["enum"] == [each.name.lower() for each in enum]  # type: ignore[attr-defined]
    assert sanitization["method"]["anyOf"][0]["enum"] == list(METHODS)
    assert predicate["result"]["enum"] == list(Result)
    assert predicate["findings"]["items"]["properties"]["effect"]["enum"] == list(Effect)
    assert predicate["attachments"]["items"]["enum"] == list(ATTACHMENTS)
    assert predicate["person"]["properties"]["login"]["enum"] == list(LOGINS)
    names = SCHEMA["properties"]["subject"]["items"]["properties"]["name"]["enum"]
    assert set(names) == set(SIZE_LIMITS) - {STATEMENT, *ATTACHMENTS}


def test_a_bent_fact_still_fits(everything: dict[str, Any], world: World, tmp_path: Path) -> None:
    facts = world.lay_out(tmp_path, Bend(facts=replaced(media_source="", destination="", property_number="")))
    document = json.loads(build_statement(Material(read_bundle(tmp_path), world.trust), facts, PASSED))
    assert fits(document)
    assert document["predicate"].keys() < everything["predicate"].keys()
