"""Writing a draft: its folder, the profile and the note, never over one that is there."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from agent.errors import PreconditionNotMet, UsageFault
from agent.learn.draft import Draft
from agent.learn.toml import toml_text
from agent.profiles import PROFILE_NAME

NOTE_NAME = "README.md"


@dataclass(frozen=True)
class WrittenDraft:
    """Where a draft stands.

    Args:
        profile: The profile.
        note: The note.
    """

    profile: Path
    note: Path


def check_free(folder: Path, model: str) -> None:
    """See that there is no such profile yet.

    Raises:
        UsageFault: ``learn-exists``.
    """
    path = folder / model / PROFILE_NAME
    if path.exists():
        raise UsageFault("learn-exists", path=str(path))


def write_draft(folder: Path, model: str, draft: Draft, note: str) -> WrittenDraft:
    """Write a draft profile and its note.

    Args:
        folder: Folder of profiles, as ``--profiles`` takes it.
        model: Name of the model.
        draft: The draft.
        note: Its note.

    Raises:
        UsageFault: ``learn-exists``.
        PreconditionNotMet: ``learn-unwritable``.
    """
    check_free(folder, model)
    written = WrittenDraft(folder / model / PROFILE_NAME, folder / model / NOTE_NAME)
    head = "# A draft, made by posretire profiles learn from one terminal. See README.md for what is missing.\n"
    try:
        written.profile.parent.mkdir(parents=True, exist_ok=True)
        written.profile.write_text(head + toml_text(draft.table), encoding="utf-8", newline="\n")
        written.note.write_text(note, encoding="utf-8", newline="\n")
    except OSError as fault:
        raise PreconditionNotMet("learn-unwritable", path=str(folder / model), why=fault.strerror or "") from None
    return written
