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


def test_a_copy_is_made_and_compared(posretire, terminal, owner, tmp_path):
    usb = tmp_path / "usb"
    usb.mkdir()
    file = tmp_path / "x.age"
    arguments = ("export", terminal().target, "--recipient", owner.to_public(), "--out", file, "--backup", usb)
    said = posretire(*arguments, "--json")
    assert (said.code, said.lines[-1]["copies"]) == (0, [str(usb / "x.age")])
    assert (usb / "x.age").read_bytes() == file.read_bytes()


@pytest.mark.parametrize(
    ("folder", "code", "error"),
    [("gone", 5, "backup-unwritable"), (".", 2, "backup-same-place"), ("taken", 2, "destination-exists")],
)
def test_a_place_for_a_copy_is_checked_before_the_line_is_opened(posretire, owner, tmp_path, folder, code, error):
    (tmp_path / "taken").mkdir()
    (tmp_path / "taken" / "x.age").write_text("precious")
    said = posretire(
        "export", "tcp://127.0.0.1:1", "--recipient", owner.to_public(), "--out", tmp_path / "x.age",
        "--backup", tmp_path / folder, "--json",
    )  # fmt: skip
    assert (said.code, said.document["error"]) == (code, error)


def test_several_recipients_all_open_it_and_one_given_twice_counts_once(posretire, terminal, tmp_path):
    owners = [pyrage.x25519.Identity.generate() for _ in range(3)]
    listed = tmp_path / "recipients.txt"
    listed.write_text("".join(f"{each.to_public()}\n" for each in owners))
    given = ["--recipient", owners[0].to_public(), "--recipient", listed, "--recipient", owners[2].to_public()]
    file = tmp_path / "x.age"
    said = posretire("export", terminal().target, *given, "--out", file, "--json")
    assert (said.code, said.lines[-1]["recipients"]) == (0, [str(each.to_public()) for each in owners])
    plain = {pyrage.decrypt(file.read_bytes(), [each]) for each in owners}
    assert len(plain) == 1
