"""Profiles on disk: where they are looked for, and how one is loaded and checked."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Protocol

from agent.errors import AgentError, PreconditionNotMet, UsageFault
from protocols.catalog import FAMILIES
from protocols.errors import ProfileError
from protocols.profile import Profile, profile_from_table

PROFILE_NAME = "profile.toml"
MAX_PROFILE_BYTES = 262_144

_MODEL = re.compile(r"[a-z0-9][a-z0-9-]{0,62}")
"""A model's name comes from a terminal and becomes the name of a folder: nothing else may."""


class Folder(Protocol):
    """What is asked of a folder, on disk or inside an installed wheel (``importlib.resources``)."""

    def joinpath(self, *names: str) -> Folder:
        """Return what has this name."""

    def is_file(self) -> bool:
        """Tell whether it is a file."""

    def read_bytes(self) -> bytes:
        """Return its content."""


@dataclass(frozen=True)
class ProfileEntry:
    """One profile that was found.

    Args:
        model: Name of its folder.
        place: The file.
        built_in: True where it came with posretire.
        profile: The profile, or None where it is wrong.
        fault: What is wrong, or None.
    """

    model: str
    place: str
    built_in: bool
    profile: Profile | None
    fault: AgentError | None


class ProfileLibrary:
    """All profiles that can be found. Where two folders have the same model, the earlier folder counts.

    Args:
        home: Home folder of posretire; its ``profiles`` folder is looked in before those that came with it.
        folders: More folders, looked in first.
    """

    def __init__(self, home: Path | None = None, folders: Sequence[Path] = ()) -> None:
        self._own = [*folders, *([home / "profiles"] if home is not None else [])]

    def load(self, model: str) -> Profile:
        """Find a model's profile.

        Args:
            model: As the terminal says; nothing is trusted about it.

        Returns:
            The profile.

        Raises:
            PreconditionNotMet: No profile of this model is known (``unknown-model``).
            UsageFault: It is there and wrong (``profile-invalid``, ``profile-unreadable``).
        """
        if _MODEL.fullmatch(model):
            for folder in (*self._own, built_in_folder()):
                file = folder.joinpath(model, PROFILE_NAME)
                if file.is_file():
                    return _load(file, str(file), model)
        raise PreconditionNotMet("unknown-model", model=re.sub(r"[^A-Za-z0-9._-]", "?", model)[:40])

    def entries(self) -> tuple[ProfileEntry, ...]:
        """Return every profile with what is wrong with it, by model."""
        found: dict[str, ProfileEntry] = {}
        built_in = built_in_folder()
        for folder in (*self._own, built_in):
            for model in _models_in(folder):
                if model in found:
                    continue
                place = folder.joinpath(model, PROFILE_NAME)
                try:
                    entry = ProfileEntry(model, str(place), folder is built_in, _load(place, str(place), model), None)
                except UsageFault as fault:
                    entry = ProfileEntry(model, str(place), folder is built_in, None, fault)
                found[model] = entry
        return tuple(found[model] for model in sorted(found))


def find_profile(model: str, folders: Sequence[Path] = (), home: Path | None = None) -> Profile:
    """Find a model's profile; see `ProfileLibrary.load`.

    Args:
        model: As the terminal says.
        folders: Folders looked in first.
        home: Home folder of posretire.

    Raises:
        PreconditionNotMet: No profile of this model is known.
        UsageFault: It is there and wrong.
    """
    return ProfileLibrary(home, folders).load(model)


def check_profile(path: Path) -> Profile:
    """Check one profile file, or the ``profile.toml`` of a folder.

    Args:
        path: The file or folder.

    Returns:
        The profile.

    Raises:
        UsageFault: It cannot be read (``profile-unreadable``) or is wrong (``profile-invalid``).
    """
    return _load(path / PROFILE_NAME if path.is_dir() else path, str(path), None)


def built_in_folder() -> Path | resources.abc.Traversable:
    """Return the folder of the profiles that came with posretire: the notes of a checkout, or their copy in a wheel."""
    checkout = Path(__file__).resolve().parent.parent / "firmware-notes"
    if checkout.is_dir():
        return checkout
    return resources.files("agent").joinpath("_firmware_notes")


def _models_in(folder: Path | resources.abc.Traversable) -> list[str]:
    if not folder.is_dir():
        return []
    names = [entry.name for entry in folder.iterdir() if _MODEL.fullmatch(entry.name)]
    return [name for name in names if folder.joinpath(name, PROFILE_NAME).is_file()]


def _load(file: Folder, place: str, model: str | None) -> Profile:
    """Read a profile; where ``model`` is given, the profile must be of this model."""
    try:
        data = file.read_bytes()
        if len(data) > MAX_PROFILE_BYTES:
            raise UsageFault("profile-unreadable", path=place, why=f"more than {MAX_PROFILE_BYTES} bytes")
        table = tomllib.loads(data.decode())
    except OSError as fault:
        raise UsageFault("profile-unreadable", path=place, why=fault.strerror or type(fault).__name__) from None
    except UnicodeError:
        raise UsageFault("profile-unreadable", path=place, why="not UTF-8") from None
    except (tomllib.TOMLDecodeError, RecursionError) as fault:
        raise UsageFault("profile-unreadable", path=place, why=str(fault)) from None
    try:
        profile = profile_from_table(table)
        if profile.family not in FAMILIES:
            raise ProfileError("identification.family", "must be one of " + ", ".join(FAMILIES))
        if model is not None and profile.model != model:
            raise ProfileError("identification.model", f"must be {model!r}, the name of its folder")
    except ProfileError as fault:
        raise UsageFault("profile-invalid", path=place, field=fault.path, why=fault.reason) from None
    return profile
