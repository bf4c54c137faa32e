"""The end of a retirement says what was done, what was found, and what to do next."""

from dataclasses import replace
from pathlib import Path

import pytest

from agent.cli.end_page import end_document, next_actions, show_end
from agent.errors import PreconditionNotMet
from agent.evidence.facts import Result
from agent.workflow.events import Finding
from agent.workflow.request import RetireOutcome

GOOD = RetireOutcome(
    case="R20261122-TEST23",
    result=Result.PASS,
    bundle=Path("bundles/R20261122-TEST23"),
    findings=(Finding("platform-pending", {}), Finding("link-plain", {})),
    statement_findings=(),
    tusn="9999990200000007",
    model="haike-h60",
    records=5000,
    undone=("merchant_number", "printer"),
    pending=(),
    regions_blank=4,
    bytes_wiped=290_816,
    evidence_level=2,
)


def test_the_document_is_that_of_the_contract():
    document = end_document(GOOD)
    assert {name: document[name] for name in ("event", "case", "result", "bundle")} == {
        "event": "end",
        "case": "R20261122-TEST23",
        "result": "PASS",
        "bundle": str(Path("bundles/R20261122-TEST23")),
    }
    assert document["findings"] == [{"code": "platform-pending", "facts": {}}, {"code": "link-plain", "facts": {}}]


def test_the_certificate_is_named_where_there_is_one(desk, tmp_path):
    without, with_page = desk("en"), desk("zh")
    outcome = replace(GOOD, bundle=tmp_path)
    show_end(without.reporter, outcome)
    (tmp_path / "certificate.pdf").write_bytes(b"%PDF")
    show_end(with_page.reporter, outcome)
    assert "certificate.pdf" not in without.out
    assert "certificate.pdf" in with_page.out
    assert "证书" in with_page.out


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", ["PASS", "5,000", "284.0 KiB", "merchant number", "posretire verify"]),
        ("zh", ["PASS", "5,000", "商户号"]),
    ],
)
def test_the_page_says_it_all(desk, language, words):
    it = desk(language)
    show_end(it.reporter, GOOD)
    for word in [*words, "R20261122-TEST23", "9999990200000007"]:
        assert word in it.out


def test_i5_a_page_without_pass_says_what_is_wrong_and_to_look(desk):
    cause = PreconditionNotMet("platform-approval-missing")
    bad = replace(GOOD, result=Result.UNKNOWN, cause=cause, undone=(), regions_blank=0, bytes_wiped=0)
    it = desk()
    show_end(it.reporter, bad)
    assert "PASS" not in it.out
    assert "UNKNOWN" in it.out
    assert "platform's approval" in it.out
    assert "unrecoverable" not in it.out
    assert "✓" not in it.out


@pytest.mark.parametrize(
    ("language", "words", "never"),
    [
        ("en", ["It was interrupted", "No binding is known", "No memory is known"], ["Nothing on the", "Keys erased"]),
        ("zh", ["被中断", "没有确认已解除的绑定", "没有确认已擦除的存储"], ["未做任何改动", "密钥已清除"]),
    ],
)
def test_an_interruption_under_way_does_not_claim_that_nothing_was_changed(desk, language, words, never):
    bad = replace(GOOD, result=Result.UNKNOWN, cause=KeyboardInterrupt(), undone=(), regions_blank=0, bytes_wiped=0)
    it = desk(language)
    show_end(it.reporter, bad)
    assert all(word in it.out for word in words)
    assert not any(word in it.out for word in never)


@pytest.mark.parametrize(
    ("change", "actions"),
    [
        ({}, ["platform", "keep", "rebind"]),
        ({"findings": ()}, ["keep", "rebind"]),
        ({"findings": (), "pending": ("settlement_account",)}, ["platform", "keep", "rebind"]),
        ({"result": Result.FAIL}, ["quarantine", "platform"]),
        ({"result": Result.UNKNOWN}, ["look", "platform"]),
    ],
)
def test_what_to_do_next(change, actions):
    assert next_actions(replace(GOOD, **change)) == actions
