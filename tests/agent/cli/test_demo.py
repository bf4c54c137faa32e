"""The demonstration: everything real but the terminal, and nothing left behind."""

import pytest

from agent.cli.demo import planted_texts
from simulators.board.layout import RegionNumber, memory_map
from simulators.data.cards import luhn_digit


def test_it_ends_in_a_verified_bundle_and_an_empty_flash(posretire, tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    said = posretire("demo", "--transactions", 60, "--json")
    assert said.code == 0, said.out + said.err
    end = said.lines[-1]
    assert (end["event"], end["result"], end["verified"], end["flash_clean"]) == ("end", "PASS", True, True)
    flash = next(line for line in said.lines if line["event"] == "flash")
    assert all(flash["before"]["found"].values())
    assert not any(flash["after"]["found"].values())
    assert [line["event"] for line in said.lines].count("end") == 1
    assert list(tmp_path.glob("posretire-demo-*")) == [], "it cleans up"


@pytest.mark.parametrize(("language", "word"), [("zh", "闪存前后对比"), ("en", "Its flash before and after")])
def test_it_can_be_kept_and_looked_at(posretire, tmp_path, language, word):
    kept = tmp_path / "kept"
    said = posretire("demo", "--transactions", 30, "--keep", kept, "--lang", language)
    assert said.code == 0, said.err
    assert word in said.out
    assert "ffff ffff ffff ffff ffff ffff ffff ffff" in said.out
    assert (kept / "owner.key").is_file()
    assert (kept / "terminal" / "flash.img").is_file()
    assert "age -d -i" in said.out
    (bundle,) = (kept / "bundles").iterdir()
    assert str(bundle / "certificate.pdf") in "".join(said.out.split()), "a long path is wrapped"
    assert f"sh {bundle / 'verify.sh'}" in said.out


def test_all_that_remains_is_in_the_system_region(posretire, tmp_path):
    kept = tmp_path / "kept"
    assert posretire("demo", "--transactions", 30, "--keep", kept, "--json").code == 0
    flash = (kept / "terminal" / "flash.img").read_bytes()
    (system,) = (each for each in memory_map(30) if each.region == RegionNumber.SYSTEM)
    assert set(flash[: system.start]) | set(flash[system.start + system.size :]) == {0xFF}
    assert set(flash[system.start : system.start + system.size]) != {0xFF}


def test_a_folder_with_something_in_it_is_left_alone(posretire, tmp_path):
    (tmp_path / "precious").write_text("x")
    said = posretire("demo", "--keep", tmp_path, "--json")
    assert (said.code, said.document["error"]) == (2, "demo-folder")
    assert [path.name for path in tmp_path.iterdir()] == ["precious"]


def test_a_place_that_cannot_be_written(posretire, tmp_path):
    (tmp_path / "file").write_text("x")
    said = posretire("demo", "--keep", tmp_path / "file" / "below", "--json")
    assert (said.code, said.document["error"]) == (2, "file-unwritable")


def test_what_was_planted_is_what_cards_look_like():
    planted = planted_texts(7, 100, "9999990237309591")
    assert len(planted["cards"]) > 30
    for number in planted["cards"]:
        assert number[-1] == luhn_digit(number[:-1])
    assert set(planted) == {"cards", "merchant_number", "merchant_data", "settlement_account", "passwords"}
