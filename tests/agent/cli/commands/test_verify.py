"""Verifying: exit code 0 only where everything holds."""

import json
from datetime import UTC, datetime

import pytest

from agent.cli.commands.verify import as_json, reason, show_report, trust_folders
from agent.cli.texts import texts_of
from agent.evidence.checks.table import Check, Status
from agent.evidence.facts import Result
from agent.evidence.schema import statement_schema
from agent.evidence.timestamp.token import Timestamp
from agent.evidence.verify import Report
from agent.evidence.verify_script import verify_script

CHECKS = (
    Check("files", Status.OK),
    Check("agent", Status.NOT_CHECKABLE, "agents-unknown", "agents-unknown"),
    Check("subjects", Status.FAILED, "statement-subjects", "It does not name it.", {"file": "export.age"}),
    Check("brand-new", Status.FAILED, "brand-new-code", "brand-new-code x=1"),
)


def test_a_folder_that_is_no_bundle_is_exit_6(posretire, tmp_path):
    (tmp_path / "bundle").mkdir()
    said = posretire("verify", tmp_path / "bundle", "--json")
    assert said.code == 6
    assert said.document["result"] == "FAIL"
    assert said.document["checks"]


def test_no_such_bundle(posretire, tmp_path):
    said = posretire("verify", tmp_path / "absent", "--json")
    assert (said.code, said.document["error"]) == (2, "bundle-unreadable")


def test_no_such_trust_folder(posretire, tmp_path):
    said = posretire("verify", tmp_path, "--trust", tmp_path / "absent", "--json")
    assert (said.code, said.document["error"]) == (2, "trust-unreadable")


@pytest.mark.parametrize(("language", "failed"), [("en", "FAILED"), ("zh", "不通过")])
def test_the_page_tells_failed_from_not_checkable_and_says_why(desk, language, failed):
    it = desk(language)
    show_report(it.reporter, "b", Report(Result.FAIL, CHECKS, None))
    assert it.out.count("✓") == 1
    assert it.out.count(failed) == 2
    assert "export.age" in it.out
    assert "brand-new-code x=1" in it.out
    assert "FAIL" in it.out


def test_the_document():
    document = as_json("b", Report(Result.FAIL, CHECKS, None))
    assert document["accepted"] is False
    checks = document["checks"]
    assert isinstance(checks, list)
    assert checks[2] == {
        "id": "subjects",
        "status": "failed",
        "code": "statement-subjects",
        "detail": "It does not name it.",
        "facts": {"file": "export.age"},
    }


@pytest.mark.parametrize(("language", "said"), [("en", "by TEST authority"), ("zh", "由 TEST authority 证明")])
def test_a_proven_time_is_told(desk, language, said):
    stamped = Timestamp(datetime(2026, 5, 4, 9, 0, 0, 125_000, tzinfo=UTC), "TEST authority", "TEST root", 7, "1.2.3")
    report = Report(Result.PASS, (), {}, proven=stamped)
    it = desk(language)
    show_report(it.reporter, "b", report)
    assert "2026-05-04 09:00:00 UTC" in it.out
    assert said in it.out
    proven = {"time": "2026-05-04T09:00:00.125Z", "authority": "TEST authority", "root": "TEST root"}
    assert as_json("b", report)["proven"] == proven
    assert as_json("b", Report(Result.PASS, (), {}))["proven"] is None


def test_a_reason_without_texts_is_shown_as_it_is():
    assert reason(texts_of("en"), CHECKS[3]) == "brand-new-code x=1"


def test_the_own_trust_folder_counts_where_it_exists(tmp_path):
    assert trust_folders(tmp_path, ("a",))[0].name == "a"
    (tmp_path / "trust").mkdir()
    assert [folder.name for folder in trust_folders(tmp_path, ("a",))] == ["trust", "a"]


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ((), "verify-what"),
        (("bundle", "--batch", "."), "verify-what"),
        (("bundle", "--script"), "verify-what"),
        (("bundle", "--jobs", "2"), "verify-batch-only"),
        (("bundle", "--csv", "x"), "verify-batch-only"),
        (("bundle", "--summary", "x"), "verify-batch-only"),
        (("--batch", "absent"), "batch-unreadable"),
        (("--batch", ".", "--jobs", "0"), "usage-bad-value"),
    ],
)
def test_a_bundle_or_a_batch(posretire, words, code):
    said = posretire("verify", *words, "--json")
    assert (said.code, said.document["error"]) == (2, code)


def test_the_script_is_printed_as_it_lies_in_each_bundle(posretire):
    said = posretire("verify", "--script")
    assert (said.code, said.out.encode()) == (0, verify_script())
    assert posretire("verify", "--script", "--json").document == {"script": said.out}


def test_a_batch_of_one_in_a_process_of_its_own(posretire, tmp_path):
    (tmp_path / "batch" / "bundle").mkdir(parents=True)
    (tmp_path / "trust").mkdir()
    said = posretire("verify", "--batch", tmp_path / "batch", "--trust", tmp_path / "trust", "--jobs", "1", "--json")
    assert said.code == 6
    assert [line["event"] for line in said.lines] == ["bundle", "end"]


@pytest.mark.parametrize("words", [(), ("--json",)])
def test_the_schema_of_statements_is_printed_as_it_is_shipped(posretire, words):
    said = posretire("verify", "--schema", *words)
    assert said.code == 0
    assert json.loads(said.out) == json.loads(statement_schema())
