"""Where the home folder is."""

from __future__ import annotations

from pathlib import Path

import pytest

from agent.cli.home import find_home

USER = Path("/users/one")


@pytest.mark.parametrize(
    ("given", "environment", "platform", "home"),
    [
        ("/given", {"POSRETIRE_HOME": "/named"}, "linux", "/given"),
        (None, {"POSRETIRE_HOME": "/named"}, "linux", "/named"),
        (None, {}, "linux", "/users/one/.local/share/posretire"),
        (None, {"XDG_DATA_HOME": "/data"}, "linux", "/data/posretire"),
        (None, {"XDG_DATA_HOME": "relative"}, "linux", "/users/one/.local/share/posretire"),
        (None, {}, "darwin", "/users/one/Library/Application Support/posretire"),
        (None, {"LOCALAPPDATA": "/local"}, "win32", "/local/posretire"),
        (None, {}, "win32", "/users/one/AppData/Local/posretire"),
    ],
)
def test_home(given: str | None, environment: dict[str, str], platform: str, home: str) -> None:
    assert find_home(given, environment, platform, USER) == Path(home).absolute()
