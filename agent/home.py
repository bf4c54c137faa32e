"""The home folder: keys, ledger and films stand in it, so it is made for its owner alone, whoever comes first."""

from __future__ import annotations

from pathlib import Path

OWNER_ALONE = 0o700


def make_home(home: Path) -> None:
    """Make the home folder where there is none (0700). One that is there keeps its permissions.

    Args:
        home: Home folder; folders above it are made with the usual permissions.

    Raises:
        OSError: It cannot be made.
    """
    home.mkdir(mode=OWNER_ALONE, parents=True, exist_ok=True)


def private_folder(home: Path, *names: str) -> Path:
    """Make a folder in the home folder, with each one on the way to it (0700).

    Args:
        home: Home folder; it is made first.
        names: Names of the folders, one inside the other.

    Returns:
        The last of them.

    Raises:
        OSError: One cannot be made.
    """
    make_home(home)
    folder = home
    for name in names:
        folder = folder / name
        folder.mkdir(mode=OWNER_ALONE, exist_ok=True)
    return folder
