"""Nothing in the repository names the machine it was made on or the address of a package index."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from tests.lint.repo import ROOT, texts

# In pieces, so that this file does not find itself.
MACHINE_FOLDERS = ["/ro" + "ot", "/wo" + "rk", "/t" + "mp"]
USERS_FOLDERS = ["/ho" + "me/", "/Us" + "ers/", "C:" + "\\Users"]
INDEX_HOSTS = ["py" + "pi.org", "pypi.py" + "thon.org", "python" + "hosted.org", "npm" + "js.org", "npm" + "js.com"]
INDEX_HOSTS += ["yarn" + "pkg.com", "debian" + ".org/debian", "security." + "debian.org", "proxy.go" + "lang.org"]
INDEX_HOSTS += ["static.crates" + ".io"]


def one_of(words: list[str]) -> str:
    """Return a pattern of plain words."""
    return "(?:" + "|".join(map(re.escape, words)) + ")"


FORBIDDEN = re.compile(
    # A folder's name counts where a path starts, not in the middle of one such as docs/<name>/.
    rf"(?<![\w.~<>)}}-])(?:{one_of(MACHINE_FOLDERS)}(?![\w-])|{one_of(USERS_FOLDERS)})|(?i:{one_of(INDEX_HOSTS)})"
)


@pytest.mark.parametrize("name", texts(), ids=str)
def test_no_machine_path_and_no_index(name: Path) -> None:
    lines = (ROOT / name).read_text(encoding="utf-8", errors="replace").splitlines()
    found = [f"{number}: {line.strip()[:100]}" for number, line in enumerate(lines, 1) if FORBIDDEN.search(line)]
    assert not found, f"{name} names a machine's path or a package index:\n" + "\n".join(found)


@pytest.mark.parametrize(
    "text",
    [
        f'cd "{MACHINE_FOLDERS[1]}/main"',
        f"Path('{MACHINE_FOLDERS[2]}')",
        f"file://{MACHINE_FOLDERS[0]}/x",
        f"{USERS_FOLDERS[0]}someone",
        f"https://{INDEX_HOSTS[0].title()}/simple",
    ],
)
def test_the_check_finds_them(text: str) -> None:
    assert FORBIDDEN.search(text)


def test_paths_inside_the_repository_are_free() -> None:
    assert not FORBIDDEN.search("docs" + MACHINE_FOLDERS[1] + "/orders.md and " + MACHINE_FOLDERS[1] + "-order")


@pytest.mark.parametrize("name", [name for name in texts() if name.name == "package-lock.json"], ids=str)
def test_a_lock_of_npm_names_versions_and_digests_and_no_address(name: Path) -> None:
    packages = json.loads((ROOT / name).read_text(encoding="utf-8"))["packages"]
    del packages[""]
    assert packages
    for package, row in packages.items():
        assert row["integrity"].startswith("sha512-"), package
        assert "resolved" not in row, f"{package}: made without --omit-lockfile-registry-resolved"
