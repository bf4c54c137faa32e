"""Each note follows the template, and each model's note has its profile beside it."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from tests.lint.repo import NOTES, headings

TEMPLATE = NOTES / "TEMPLATE.md"
OF_NO_FAMILY = (TEMPLATE.name, "README.md", "authorities.md", "liars.md", "attacks.md", "evidence.md", "export.md")
"""Notes that are of no wire protocol."""


def template(kind: str) -> list[str]:
    """Return the headings that the template's fenced block for one kind of note prescribes."""
    blocks = re.findall(r"^````markdown (\w+)\n(.*?)^````$", TEMPLATE.read_text(encoding="utf-8"), re.M | re.S)
    return headings(dict(blocks)[kind], 2)


def family_notes() -> list[Path]:
    """Return the notes of wire protocols."""
    return sorted(path for path in NOTES.glob("*.md") if path.name not in OF_NO_FAMILY)


def model_folders() -> list[Path]:
    """Return the folders of terminal models."""
    return sorted(path for path in NOTES.iterdir() if path.is_dir())


def name(path: Path) -> str:
    """Name a test after its note."""
    return path.name


def check_note(note: Path, kind: str) -> None:
    """Assert that a note has a title and exactly the template's sections, none of them empty."""
    text = note.read_text(encoding="utf-8")
    assert len(headings(text, 1)) == 1, "one title"
    assert headings(text, 2) == template(kind), f"sections differ from the {kind} template in TEMPLATE.md"
    for section in re.split(r"^## ", text, flags=re.M)[1:]:
        title, _, body = section.partition("\n")
        assert body.strip(), f"section '{title.strip()}' is empty; say at least why nothing stands here"


def test_the_templates_are_the_agreed_ones() -> None:
    assert template("family") == ["Purpose", "Sources", "Link", "Messages", "Adding a command", "Limits"]
    assert template("model") == [
        "What it is",
        "Sources",
        "Identification",
        "Link",
        "Menu",
        "Memory map",
        "Wipe",
        "Quirks",
        "Verified on hardware",
    ]


@pytest.mark.parametrize("note", family_notes(), ids=name)
def test_family_note(note: Path) -> None:
    check_note(note, "family")


@pytest.mark.parametrize("folder", model_folders(), ids=name)
def test_model_note(folder: Path) -> None:
    note = folder / "README.md"
    assert note.is_file(), "a model has a note"
    check_note(note, "model")


@pytest.mark.parametrize("folder", model_folders(), ids=name)
def test_model_has_a_profile(folder: Path) -> None:
    profile = folder / "profile.toml"
    assert profile.is_file(), "a model has a profile"
    assert tomllib.loads(profile.read_text(encoding="utf-8"))


def test_there_is_a_note_of_each_kind() -> None:
    assert family_notes()
    assert model_folders()
