"""Films as files: JSON lines under ``HOME/films``, the first of them the head, one line a step after it.

They are read back as strictly as anything from outside (I10): bounded, typed, numbered without a gap. A last line
without its newline is what a power cut leaves of a step; it is dropped, and the film counts as cut.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

from agent.errors import UsageFault
from agent.menu.film import FilmStep
from protocols.errors import ProfileError
from protocols.table import read_table

FOLDER = "films"
VERSION = 1
MAX_BYTES = 8 << 20
MAX_STEPS = 10_000
MAX_ROWS = 64
MAX_CELLS = 256

_CASE = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]{0,39}")
_KEYS = re.compile(r"(?:[A-Z][A-Z0-9_]{0,15}(?:\+[A-Z][A-Z0-9_]{0,15}){0,3}|<[a-z_]{1,32}>)?")
_WHAT = re.compile(r"[a-z][a-z-]{0,31}")


@dataclass(frozen=True)
class FilmHead:
    """Whose film it is.

    Args:
        film: Version of this format.
        case: The case.
        tusn: Serial number of the terminal.
        maker: Its maker, as it names itself.
        model: Its model, as it names itself.
        hardware_version: Version of its board.
        firmware_name: Name of its firmware.
        firmware_version: Version of its firmware.
        label_number: The device number on its label.
        columns: Half-width cells a row of its display.
        rows: Rows of its display.
    """

    film: int
    case: str
    tusn: str
    maker: str
    model: str
    hardware_version: str
    firmware_name: str
    firmware_version: str
    label_number: str
    columns: int
    rows: int


@dataclass(frozen=True)
class Film:
    """A film as read.

    Args:
        head: Whose it is.
        steps: Its steps.
        cut: True where the last step was not written to its end.
        sha256: Digest of the whole file, lower-case hex.
    """

    head: FilmHead
    steps: tuple[FilmStep, ...]
    cut: bool
    sha256: str


def film_path(home: Path, case: str) -> Path:
    """Return where the film of a case is kept.

    Raises:
        UsageFault: ``no-such-case``: that is no case's number, and would be no file's name.
    """
    if not _CASE.fullmatch(case):
        raise UsageFault("no-such-case", case=case)
    return home / FOLDER / f"{case}.jsonl"


def film_line(content: FilmHead | FilmStep) -> bytes:
    """Return a head or a step as its line."""
    return json.dumps(asdict(content), ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def read_film(path: Path) -> Film:
    """Read a film.

    Args:
        path: The file.

    Returns:
        The film; it may have no step.

    Raises:
        UsageFault: There is none (``film-missing``), it cannot be read (``film-unreadable``), or it is not one
            (``film-broken``, with the number of the line).
    """
    try:
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except FileNotFoundError:
        raise UsageFault("film-missing", path=str(path)) from None
    except OSError as fault:
        raise UsageFault("film-unreadable", path=str(path), why=fault.strerror or type(fault).__name__) from None
    if len(data) > MAX_BYTES:
        raise UsageFault("film-broken", path=str(path), line=0, why=f"more than {MAX_BYTES} bytes")
    *lines, tail = data.split(b"\n")
    if len(lines) > MAX_STEPS + 1:
        raise UsageFault("film-broken", path=str(path), line=0, why=f"more than {MAX_STEPS} steps")
    number = 1
    try:
        if not lines:
            raise ValueError("no head")
        head = _head(lines[0])
        steps = []
        for number, line in enumerate(lines[1:], 2):
            steps.append(_step(line, number - 1))
    except ProfileError as fault:
        why = f"{fault.path}: {fault.reason}" if fault.path else fault.reason
        raise UsageFault("film-broken", path=str(path), line=number, why=why) from None
    except (UnicodeError, json.JSONDecodeError, RecursionError):
        raise UsageFault("film-broken", path=str(path), line=number, why="no JSON") from None
    except ValueError as fault:
        raise UsageFault("film-broken", path=str(path), line=number, why=str(fault)) from None
    return Film(head, tuple(steps), bool(tail), hashlib.sha256(data).hexdigest())


def _head(line: bytes) -> FilmHead:
    head = read_table(FilmHead, _object(line))
    if head.film != VERSION:
        raise ValueError(f"version {head.film} of the format")
    if not (1 <= head.columns <= MAX_CELLS and 1 <= head.rows <= MAX_ROWS):
        raise ValueError("columns, rows")
    return head


def _step(line: bytes, number: int) -> FilmStep:
    table = _object(line)
    missing = [field.name for field in fields(FilmStep) if field.name not in table]
    if missing:
        raise ValueError(f"{missing[0]} is missing")
    step = read_table(FilmStep, table)
    if step.number != number:
        raise ValueError(f"step {step.number} in the place of {number}")
    if not _KEYS.fullmatch(step.keys) or not _WHAT.fullmatch(step.what):
        raise ValueError("keys, what")
    if len(step.rows) > MAX_ROWS or any(len(row) > MAX_CELLS for row in step.rows):
        raise ValueError("rows")
    return step


def _object(line: bytes) -> Mapping[str, Any]:
    def unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        if len(dict(pairs)) != len(pairs):
            raise ValueError("a name stands twice")
        return dict(pairs)

    value = json.loads(line.decode(), object_pairs_hook=unique)
    if not isinstance(value, dict):
        raise ValueError("no object")
    return value
