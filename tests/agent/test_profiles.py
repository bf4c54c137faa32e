"""Profiles found on disk."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from agent import profiles
from agent.errors import ExitCode, PreconditionNotMet, UsageFault
from agent.profiles import MAX_PROFILE_BYTES, ProfileLibrary, check_profile, find_profile
from tests.lint.repo import NOTES

BUILT_IN = (NOTES / "haike-h60" / "profile.toml").read_text(encoding="utf-8")


def put(folder: Path, model: str, text: str) -> Path:
    file = folder / model / "profile.toml"
    file.parent.mkdir(parents=True)
    file.write_text(text, encoding="utf-8")
    return file


def test_what_came_with_posretire_is_found() -> None:
    assert find_profile("haike-h60").model == "haike-h60"
    entries = {entry.model: entry for entry in ProfileLibrary().entries()}
    assert entries["haike-h60"].built_in
    assert entries["haike-h60"].fault is None
    assert "TEMPLATE.md" not in entries


def test_an_installed_wheel_has_a_copy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package = tmp_path / "agent"
    shutil.copytree(NOTES, package / "_firmware_notes")
    monkeypatch.setattr(profiles, "__file__", str(package / "profiles.py"))
    monkeypatch.setattr("importlib.resources.files", lambda name: tmp_path / name)
    assert profiles.built_in_folder() == package / "_firmware_notes"
    assert find_profile("haike-h60").model == "haike-h60"


@pytest.mark.parametrize(
    "model", ["haike-h61", "", "..", "../haike-h60", "HAIKE-H60", "haike-h60/", "a" * 64, "x\n", "\x1b[2J", "con fig"]
)
def test_i10_an_unknown_model_is_a_precondition(model: str, tmp_path: Path) -> None:
    with pytest.raises(PreconditionNotMet) as caught:
        find_profile(model, [tmp_path])
    assert caught.value.code == "unknown-model"
    assert caught.value.exit_code is ExitCode.PRECONDITION
    shown = str(caught.value.facts["model"])
    assert len(shown) <= 40
    assert "/" not in shown
    assert shown.isprintable()


def test_folders_come_before_the_home_and_this_before_what_came_with_it(tmp_path: Path) -> None:
    changed = BUILT_IN.replace("baud = 115200", "baud = 9600")
    put(tmp_path / "home" / "profiles", "haike-h60", changed)
    assert find_profile("haike-h60", home=tmp_path / "home").link.baud == 9600
    put(tmp_path / "folder", "haike-h60", BUILT_IN.replace("baud = 115200", "baud = 4800"))
    library = ProfileLibrary(tmp_path / "home", [tmp_path / "folder"])
    assert library.load("haike-h60").link.baud == 4800
    (entry,) = [entry for entry in library.entries() if entry.model == "haike-h60"]
    assert not entry.built_in


def test_a_folder_that_is_not_there_is_empty(tmp_path: Path) -> None:
    assert find_profile("haike-h60", [tmp_path / "none"]).link.baud == 115200
    assert ProfileLibrary(tmp_path / "none").entries()


def test_a_profile_of_another_model_than_its_folder(tmp_path: Path) -> None:
    put(tmp_path, "other", BUILT_IN)
    with pytest.raises(UsageFault) as caught:
        find_profile("other", [tmp_path])
    assert (caught.value.code, caught.value.facts["field"]) == ("profile-invalid", "identification.model")


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "profile-invalid"),
        ("schema = 1\nschema = 2", "profile-unreadable"),
        (BUILT_IN.replace('family = "pmp"', 'family = "zzz"'), "profile-invalid"),
        (BUILT_IN.replace('method = "Clear"', 'method = "Shred"'), "profile-invalid"),
        ("#" * (MAX_PROFILE_BYTES + 1), "profile-unreadable"),
        ("a = " + "[" * 5000, "profile-unreadable"),
    ],
)
def test_i10_a_wrong_profile_is_listed_with_its_fault(text: str, code: str, tmp_path: Path) -> None:
    file = put(tmp_path, "wrong", text)
    (entry,) = [entry for entry in ProfileLibrary(None, [tmp_path]).entries() if entry.model == "wrong"]
    assert entry.profile is None
    assert entry.fault is not None
    assert entry.fault.code == code
    with pytest.raises(UsageFault) as caught:
        check_profile(file)
    assert caught.value.code == code


def test_i10_bytes_that_are_no_text(tmp_path: Path) -> None:
    file = put(tmp_path, "wrong", "")
    file.write_bytes(b"\xff\xfe")
    with pytest.raises(UsageFault) as caught:
        check_profile(file)
    assert caught.value.code == "profile-unreadable"


def test_a_profile_is_checked_as_file_and_as_folder(tmp_path: Path) -> None:
    file = put(tmp_path, "any-name", BUILT_IN)
    assert check_profile(file) == check_profile(file.parent)
    with pytest.raises(UsageFault):
        check_profile(tmp_path / "none.toml")
