"""What the repository holds, for the tests that look at it as text."""

from __future__ import annotations

import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("agent", "protocols", "simulators")
NOTES = ROOT / "firmware-notes"


def modules() -> list[Path]:
    """Return every module of the packages, sorted, relative to the repository."""
    return sorted(
        path.relative_to(ROOT)
        for package in PACKAGES
        for path in (ROOT / package).rglob("*.py")
        if "__pycache__" not in path.parts
    )


def texts() -> list[Path]:
    """Return every text file that is tracked by git or about to be, sorted, relative to the repository."""
    listing = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        check=True,
    )
    files = sorted({Path(name) for name in listing.stdout.decode().split("\0") if name})
    return [file for file in files if (ROOT / file).is_file() and b"\0" not in (ROOT / file).read_bytes()]


def headings(markdown: str, level: int) -> list[str]:
    """Return the headings of one level in their order, those inside fenced blocks left out."""
    found = []
    fenced = False
    for line in markdown.splitlines():
        if line.lstrip().startswith("```"):
            fenced = not fenced
        elif not fenced and line.startswith("#" * level + " "):
            found.append(line[level + 1 :].strip())
    return found
