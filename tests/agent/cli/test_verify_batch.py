"""``verify --batch``: what is said, in both forms and languages, and the exit codes."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from agent.cli.verify_batch import BatchRequest, run_batch
from agent.errors import ExitCode
from agent.evidence.batch import Verified
from agent.evidence.checks.table import Check, Status
from agent.evidence.facts import Result
from agent.evidence.verify import Report

REFUSED = Check("files", Status.FAILED, "file-unknown", "It holds x.", {"file": "x.txt"})
GOOD = Verified("a", Report(Result.PASS, (), {"case": "R1"}), "1" * 64)
OTHER = Verified("b", Report(Result.PASS, (), {"case": "R2"}), "2" * 64)
TWICE = Verified("b", Report(Result.PASS, (), {"case": "R1"}), "3" * 64)
BAD = Verified("b", Report(Result.FAIL, (REFUSED,), None))
HONEST = Verified("b", Report(Result.FAIL, (), {"case": "R2"}))


@pytest.fixture
def batch(tmp_path: Path, mocker):
    """Run a batch of two bundles that come to what is given."""

    def run(desk, *found, **request):
        folder = tmp_path / "batch"
        for name in ("a", "b"):
            (folder / name).mkdir(parents=True, exist_ok=True)
        (folder / "notes.txt").touch()

        def verify(*_given):
            for each in found:
                if isinstance(each, BaseException):
                    raise each
                yield each

        mocker.patch("agent.evidence.batch.verify_batch", verify)
        return run_batch(desk.reporter, BatchRequest(folder, (), **request))

    return run


def test_all_accepted_is_exit_0(desk, batch) -> None:
    it = desk()
    assert batch(it, GOOD, OTHER) is ExitCode.DONE
    assert "All bundles are accepted." in it.out
    assert "that are no bundles, and were not looked at: 1." in it.out
    assert "✗" not in it.out


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", ("b — FAIL: The bundle holds a file", "1 of 2 bundles are not accepted")),
        ("zh", ("b——FAIL：证据包中有不属于它的文件", "2 个证据包中有 1 个未被接受")),
    ],
)
def test_only_what_is_not_accepted_is_named(desk, batch, language: str, words: tuple[str, ...]) -> None:
    it = desk(language)
    assert batch(it, GOOD, BAD) is ExitCode.VERIFICATION
    assert all(word in it.out for word in words)
    assert "x.txt" in it.out
    assert "a — " not in it.out


def test_an_unbinding_is_not_taken_for_a_retirement(desk, batch) -> None:
    it = desk()
    unbound = Verified("b", Report(Result.PASS, (), {"case": "R2"}, "unbinding"), "2" * 64)
    assert batch(it, GOOD, unbound) is ExitCode.DONE
    assert it.out.count("NOTHING WAS WIPED") == 2


def test_an_honest_fail_has_a_reason_too(desk, batch) -> None:
    it = desk()
    assert batch(it, GOOD, HONEST) is ExitCode.VERIFICATION
    assert "b — FAIL: its statement says so" in it.out


def test_a_case_that_stands_there_twice_is_exit_6(desk, batch) -> None:
    it = desk()
    assert batch(it, GOOD, TWICE) is ExitCode.VERIFICATION
    assert "b — the same case as a: R1" in it.out
    assert "All bundles are accepted by themselves, but 1 show a case" in it.out


def test_programs_get_a_line_a_bundle_and_an_end(desk, batch) -> None:
    it = desk(as_json=True)
    assert batch(it, GOOD, TWICE) is ExitCode.VERIFICATION
    first, second, twice, end = map(json.loads, it.out.splitlines())
    assert (first["event"], first["bundle"], first["accepted"]) == ("bundle", "a", True)
    assert second["statement_sha256"] == "3" * 64
    assert twice == {"event": "duplicate", "case": "R1", "bundles": ["a", "b"]}
    assert (end["event"], end["bundles"], end["accepted"], end["PASS"], end["duplicates"]) == ("end", 2, 2, 2, 1)
    assert end["all_accepted"] is end["interrupted"] is False
    assert it.err == ""


def test_an_interrupt_ends_with_what_was_counted(desk, batch, tmp_path: Path) -> None:
    it = desk(as_json=True)
    assert batch(it, GOOD, KeyboardInterrupt(), table=tmp_path / "t.csv") is ExitCode.PRECONDITION
    end = json.loads(it.out.splitlines()[-1])
    assert (end["bundles"], end["interrupted"], end["all_accepted"], end["written"]) == (1, True, False, [])
    it = desk()
    batch(it, GOOD, KeyboardInterrupt())
    assert "Interrupted after 1 of 2 bundles." in it.out


def test_lists_are_in_the_order_of_names(desk, batch, tmp_path: Path) -> None:
    it = desk()
    table, summary = tmp_path / "t.csv", tmp_path / "s.pdf"
    batch(it, BAD, GOOD, table=table, summary=summary)
    rows = list(csv.DictReader(table.read_text(encoding="utf-8-sig").splitlines()))
    assert [(row["bundle"], row["code"]) for row in rows] == [("a", ""), ("b", "file-unknown")]
    assert summary.read_bytes().startswith(b"%PDF-")
    assert str(summary) in "".join(it.out.split())  # a long path is broken over lines


def test_no_bundle_needs_a_console_that_counts(desk, batch) -> None:
    it = desk(console=True)
    batch(it, GOOD, BAD)
    assert "b — FAIL" in it.out
