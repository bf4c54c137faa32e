"""Where keys, ledger, trust and settings live."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path


def find_home(given: str | None, environment: Mapping[str, str], platform: str, user: Path) -> Path:
    """Choose the home folder; it is not made here.

    Args:
        given: What ``--home`` says, or None.
        environment: The environment; ``POSRETIRE_HOME`` comes after ``--home``.
        platform: As `sys.platform`.
        user: The user's own folder.

    Returns:
        An absolute path.
    """
    named = given or environment.get("POSRETIRE_HOME")
    if named:
        return Path(named).expanduser().absolute()
    if platform == "win32":
        base = Path(environment.get("LOCALAPPDATA") or user / "AppData" / "Local")
    elif platform == "darwin":
        base = user / "Library" / "Application Support"
    else:
        # XDG Base Directory Specification: a relative path there is to be ignored.
        data = Path(environment.get("XDG_DATA_HOME") or "")
        base = data if data.is_absolute() else user / ".local" / "share"
    return (base / "posretire").absolute()
