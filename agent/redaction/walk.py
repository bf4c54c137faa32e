"""Searching files and folders: what was found where, and what could not be looked into."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from agent.errors import UsageFault
from agent.redaction.parts import AGE_MAGIC, parts_of
from agent.redaction.text import Leak, search

MAX_FILE_BYTES = 256 << 20
PACKED = {b"PK\x03\x04": "zip", b"\x1f\x8b": "gzip", b"BZh": "bzip2", b"\xfd7zXZ": "xz", b"(\xb5/\xfd": "zstd"}
"""What archives begin with: what is in one is searched once it is unpacked."""


@dataclass(frozen=True)
class Found:
    """What was found in a file.

    Args:
        path: The file.
        leak: What it is; its place counts from the start of the part of the file that it is in.
    """

    path: Path
    leak: Leak


@dataclass
class Searched:
    """What came of a search.

    Args:
        files: How many files were searched.
        size: Their bytes.
        found: What was found, each kind and value once a file.
        skipped: Files that nobody looked into, each with the reason: ``encrypted``, ``large``, ``unreadable``, or the
            name of what it is packed with.
    """

    files: int = 0
    size: int = 0
    found: list[Found] = field(default_factory=list)
    skipped: list[tuple[Path, str]] = field(default_factory=list)


def search_paths(paths: list[Path], known_in: Callable[[Path], Sequence[str]]) -> Searched:
    """Search files, and folders with everything below them. A link to another place is not followed.

    Args:
        paths: Files and folders.
        known_in: Tells by its folder what in a file is a number of another kind, such as the terminal's serial number.

    Raises:
        UsageFault: ``scan-absent``: there is no such file or folder.
    """
    searched = Searched()
    for path in paths:
        if not path.exists():
            raise UsageFault("scan-absent", path=str(path))
        for each in _files(path):
            _search_file(each, searched, known_in)
    return searched


def _files(path: Path) -> Iterator[Path]:
    if not path.is_dir():
        yield path
        return
    for folder, folders, names in os.walk(path):
        folders.sort()
        for name in sorted(names):
            each = Path(folder, name)
            if each.is_file() and not each.is_symlink():
                yield each


def _search_file(path: Path, searched: Searched, known_in: Callable[[Path], Sequence[str]]) -> None:
    try:
        size = path.stat().st_size
        with path.open("rb") as file:
            start = file.read(32)
            why = _skipped(start, size)
            data = b"" if why else start + file.read(MAX_FILE_BYTES)
    except OSError:
        why, data = "unreadable", b""
    if why:
        searched.skipped.append((path, why))
        return
    searched.files += 1
    searched.size += len(data)
    known = known_in(path.parent)
    leaks = {(leak.kind, leak.shown): leak for part in parts_of(data) for leak in search(part, known)}
    searched.found += [Found(path, leak) for leak in leaks.values()]


def _skipped(start: bytes, size: int) -> str:
    if start.startswith(AGE_MAGIC):
        return "encrypted"
    if size > MAX_FILE_BYTES:
        return "large"
    return next((name for magic, name in PACKED.items() if start.startswith(magic)), "")
