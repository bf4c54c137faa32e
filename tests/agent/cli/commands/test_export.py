"""Exporting without changing anything."""

import io
import json
import tarfile

import pyrage
import pytest


@pytest.fixture
def owner():
    return pyrage.x25519.Identity.generate()


def test_an_export_opens_for_its_owner_and_nothing_on_the_terminal_changes(posretire, terminal, owner, tmp_path):
    it = terminal(transactions=60)
    flash = tmp_path / "simulated-0" / "terminal" / "flash.img"
    file = tmp_path / "export.age"
    before = flash.read_bytes()
    said = posretire("export", it.target, "--recipient", owner.to_public(), "--out", file, "--json")
    assert said.code == 0, said.err
    end = said.lines[-1]
    assert (end["event"], end["result"], end["records"]) == ("end", "PASS", 60)
    assert {line["event"] for line in said.lines} == {"step", "progress", "end"}
    assert flash.read_bytes() == before
    with tarfile.open(fileobj=io.BytesIO(pyrage.decrypt(file.read_bytes(), [owner]))) as archive:
        member = archive.extractfile("transactions.jsonl")
        assert member is not None
        lines = member.read().splitlines()
    assert sum(json.loads(line)["amount"] for line in lines) == sum(row["amount"] for row in end["totals"])


def test_the_page(posretire, terminal, owner, tmp_path):
    said = posretire(
        "export", terminal().target, "--recipient", owner.to_public(), "--out", tmp_path / "x.age", "--lang", "zh"
    )
    assert "银联" in said.out
    assert "age -d" in said.out
    assert "✓ 核对导出" in said.err


def test_a_file_that_is_there_is_not_overwritten(posretire, terminal, owner, tmp_path):
    file = tmp_path / "x.age"
    file.write_text("precious")
    said = posretire("export", terminal().target, "--recipient", owner.to_public(), "--out", file, "--json")
    assert (said.code, said.lines[-1]["error"]) == (2, "destination-exists")
    assert file.read_text() == "precious"


@pytest.mark.parametrize(
    ("recipients", "code"), [([], "recipient-missing"), (["--recipient", "age1wrong"], "recipient-invalid")]
)
def test_recipients_are_checked_before_the_line_is_opened(posretire, tmp_path, recipients, code):
    said = posretire("export", "tcp://127.0.0.1:1", *recipients, "--out", tmp_path / "x.age", "--json")
    assert (said.code, said.document["error"]) == (2, code)


def test_a_terminal_that_miscounts_is_exit_6(posretire, terminal, owner, tmp_path):
    it = terminal(faults=("wrong-totals",))
    said = posretire("export", it.target, "--recipient", owner.to_public(), "--out", tmp_path / "x.age", "--json")
    assert said.code == 6
    assert said.lines[-1]["event"] == "error"
    assert "PASS" not in said.out
