"""Searching for card data: exit code 6 where any is found, and nothing shown whole."""

import pytest

from tests.agent.evidence.made import World

PAN = "4111111111111111"


@pytest.fixture
def folder(tmp_path):
    kept = tmp_path / "kept"
    kept.mkdir()
    (kept / "log.txt").write_text("nothing here", encoding="utf-8")
    (kept / "packed.zip").write_bytes(b"PK\x03\x04")
    return kept


@pytest.mark.parametrize(
    ("language", "clean", "skipped"), [("en", "no card number", "zip"), ("zh", "未发现卡号", "未查看")]
)
def test_a_clean_folder(posretire, folder, language, clean, skipped):
    said = posretire("scan", folder, "--lang", language)
    assert said.code == 0
    assert clean in said.out
    assert skipped in said.out


@pytest.mark.parametrize(("language", "word"), [("en", "Card number"), ("zh", "卡号")])
def test_a_card_number_is_exit_6_and_masked(posretire, folder, language, word):
    (folder / "log.txt").write_text(f"read {PAN}", encoding="utf-8")
    said = posretire("scan", folder, "--lang", language)
    assert said.code == 6
    assert f"{word} 411111******1111" in said.out
    assert "log.txt" in said.out
    assert PAN not in said.out


def test_the_document(posretire, folder):
    (folder / "log.txt").write_text(f"read {PAN}", encoding="utf-8")
    document = posretire("scan", folder / "log.txt", folder, "--json").document
    assert (document["clean"], document["files"]) == (False, 2)
    assert document["found"][0] == {
        "path": str(folder / "log.txt"),
        "kind": "card-number",
        "shown": "411111******1111",
        "offset": 5,
    }
    assert document["skipped"] == [{"path": str(folder / "packed.zip"), "why": "zip"}]


def test_what_is_not_there_and_nothing_at_all(posretire, tmp_path):
    said = posretire("scan", tmp_path / "absent", "--json")
    assert (said.code, said.document["error"]) == (2, "scan-absent")
    assert posretire("scan", "--json").code == 2


def test_the_serial_number_of_a_case_is_known_in_its_own_folder_alone(posretire, tmp_path):
    case = tmp_path / "files" / "case"
    case.parent.mkdir()
    World.make(tmp_path / "home").lay_out(case)
    job = (case / "job.json").read_bytes()
    (case / "job.json").write_bytes(job.replace(b"9999990200000001", b"6200000000000005"))
    assert posretire("scan", case, "--json").document["clean"]
    (case.parent / "note.txt").write_text("6200000000000005", encoding="utf-8")
    document = posretire("scan", case.parent, "--json").document
    assert [each["path"] for each in document["found"]] == [str(case.parent / "note.txt")]
