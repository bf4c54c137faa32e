"""Lists of a batch: a table that spreadsheets read, and a summary on paper."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from agent.cli.batch_files import batch_row, check_writable, write_csv, write_summary
from agent.errors import UsageFault
from agent.evidence.batch import Verified
from agent.evidence.checks.table import Check, Status
from agent.evidence.facts import Result
from agent.evidence.verify import Report

STATEMENT = {
    "case": "R1",
    "media": {"serial_number": "9999990200000001", "model": "made-up"},
    "evidence": {"level": 2},
    "times": {"issued": "2026-05-04T09:10:00.000Z"},
}
GOOD = Verified("R1", Report(Result.PASS, (), STATEMENT), "a" * 64)
BAD = Verified("=HYPERLINK(1)", Report(Result.FAIL, (Check("files", Status.FAILED, "zip-path"),), None), "b" * 64)
ROWS = [batch_row(GOOD, "", ""), batch_row(BAD, "名称指向别处", "R1")]


def test_a_row_says_what_a_signature_vouches_for() -> None:
    assert (ROWS[0].case, ROWS[0].tusn, ROWS[0].level) == ("R1", "9999990200000001", 2)
    assert (ROWS[1].case, ROWS[1].tusn, ROWS[1].level, ROWS[1].statement_sha256) == ("", "", None, "")
    assert ROWS[1].code == "zip-path"


def test_the_table_is_read_by_spreadsheets_and_holds_no_formula(tmp_path: Path) -> None:
    write_csv(tmp_path / "batch.csv", ROWS)
    with (tmp_path / "batch.csv").open(encoding="utf-8-sig", newline="") as file:
        good, bad = csv.DictReader(file)
    assert (good["bundle"], good["accepted"], good["level"]) == ("R1", "true", "2")
    assert (bad["bundle"], bad["level"], bad["problem"]) == ("'=HYPERLINK(1)", "", "名称指向别处")
    assert bad["same_case_as"] == "R1"
    assert (tmp_path / "batch.csv").read_bytes().startswith(b"\xef\xbb\xbf")


def test_a_name_that_is_no_text_is_written_in_escapes(tmp_path: Path) -> None:
    strange = Verified("bad\udcff", Report(Result.FAIL, (), None))
    write_csv(tmp_path / "batch.csv", [batch_row(strange, "", "")])
    assert "bad\\udcff" in (tmp_path / "batch.csv").read_text(encoding="utf-8-sig")


def test_the_table_says_what_a_statement_is_of(tmp_path: Path) -> None:
    unbound = Verified("a", Report(Result.PASS, (), STATEMENT, "unbinding"))
    write_csv(tmp_path / "batch.csv", [batch_row(unbound, "", "")])
    with (tmp_path / "batch.csv").open(encoding="utf-8-sig", newline="") as file:
        assert next(csv.DictReader(file))["act"] == "unbinding"


def test_the_summary_is_a_pdf(tmp_path: Path) -> None:
    write_summary(tmp_path / "batch.pdf", ROWS, "batch")
    assert (tmp_path / "batch.pdf").read_bytes().startswith(b"%PDF-")


def test_what_cannot_be_written_is_found_beforehand(tmp_path: Path) -> None:
    (tmp_path / "kept").write_bytes(b"as it was")
    check_writable(tmp_path / "kept")
    assert (tmp_path / "kept").read_bytes() == b"as it was"
    for write in (check_writable, lambda path: write_csv(path, ROWS)):
        with pytest.raises(UsageFault) as raised:
            write(tmp_path / "absent" / "file")
        assert raised.value.code == "batch-unwritable"
