"""Reading a film strictly. The agent writes them; a simulator imports nothing of the agent and trusts no file."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from protocols.words import Key
from simulators.errors import SimulationError

VERSION = 1
MAX_BYTES = 8 << 20
MAX_STEPS = 2000
MAX_COLUMNS = 64
MAX_ROWS = 32
MAX_CHORD = 4

_HEAD: Mapping[str, type] = {
    "film": int,
    "case": str,
    "tusn": str,
    "maker": str,
    "model": str,
    "hardware_version": str,
    "firmware_name": str,
    "firmware_version": str,
    "label_number": str,
    "columns": int,
    "rows": int,
}
_STEP: Mapping[str, type] = {
    "number": int,
    "screen": str,
    "keys": str,
    "what": str,
    "rows": list,
    "masked": bool,
    "by": str,
}
_TEXT = 32
_MODEL = re.compile(r"[a-z0-9][a-z0-9-]{0,31}")
_TUSN = re.compile(r"[0-9A-Za-z]{8,32}")
_TYPED = re.compile(r"<([a-z_]{1,32})>")


@dataclass(frozen=True)
class ScriptStep:
    """One step of a film.

    Args:
        number: Its number.
        screen: Name of the screen.
        rows: What the display showed, masked.
        masked: Whether a masked field had the cursor.
        keys: Keys pressed together; empty where none was, or where a field was typed into.
        typed: What was typed, by name, or empty.
        what: ``press``, ``type``, ``wait``, ``done``, ``pending`` or ``stop``.
    """

    number: int
    screen: str
    rows: tuple[str, ...]
    masked: bool
    keys: frozenset[Key]
    typed: str
    what: str


@dataclass(frozen=True)
class Script:
    """A film as read.

    Args:
        tusn: Serial number that its screens show.
        maker: The terminal's maker.
        model: The terminal's model.
        hardware_version: Version of its board.
        firmware_name: Name of its firmware.
        firmware_version: Version of its firmware.
        label_number: The device number on its label.
        columns: Half-width cells a row.
        rows: Rows.
        steps: Its steps; at least one has rows.
        sha256: Digest of the file, lower-case hex.
    """

    tusn: str
    maker: str
    model: str
    hardware_version: str
    firmware_name: str
    firmware_version: str
    label_number: str
    columns: int
    rows: int
    steps: tuple[ScriptStep, ...]
    sha256: str


def read_script(path: Path) -> Script:
    """Read a film.

    Args:
        path: The file; a last line without its newline is half a step and is left out.

    Raises:
        SimulationError: ``film-missing``, ``film-unreadable``, or ``film-broken`` with the number of the line.
    """
    try:
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except FileNotFoundError:
        raise SimulationError("film-missing", path=str(path)) from None
    except OSError as fault:
        raise SimulationError("film-unreadable", path=str(path), why=str(fault.strerror)) from None
    lines = data.split(b"\n")[:-1]
    number = 0
    try:
        if len(data) > MAX_BYTES or len(lines) > MAX_STEPS + 1:
            raise ValueError("too long")
        number = 1
        if not lines:
            raise ValueError("no head")
        head = _head(lines[0])
        steps = []
        for number, line in enumerate(lines[1:], 2):
            steps.append(_step(line, number - 1, head))
        if not any(step.rows for step in steps):
            raise ValueError("no screen")
    except (UnicodeError, json.JSONDecodeError, RecursionError):
        raise SimulationError("film-broken", path=str(path), line=number, why="no JSON") from None
    except ValueError as fault:
        raise SimulationError("film-broken", path=str(path), line=number, why=str(fault)) from None
    names = ("tusn", "maker", "model", "hardware_version", "firmware_name", "firmware_version", "label_number")
    return Script(
        **{name: head[name] for name in (*names, "columns", "rows")},
        steps=tuple(steps),
        sha256=hashlib.sha256(data).hexdigest(),
    )


def _head(line: bytes) -> Mapping[str, Any]:
    head = _fields(line, _HEAD)
    if head["film"] != VERSION:
        raise ValueError("film: another version of the format")
    for name, value in head.items():
        if isinstance(value, str):
            _need(name, 0 < len(value.encode()) <= _TEXT and value.isprintable())
    _need("model", _MODEL.fullmatch(head["model"]))
    _need("tusn", _TUSN.fullmatch(head["tusn"]))
    _need("columns", 1 <= head["columns"] <= MAX_COLUMNS)
    _need("rows", 1 <= head["rows"] <= MAX_ROWS)
    return head


def _step(line: bytes, number: int, head: Mapping[str, Any]) -> ScriptStep:
    step = _fields(line, _STEP)
    rows = step["rows"]
    _need("number", step["number"] == number)
    _need("screen", len(step["screen"]) <= 64 and step["screen"].isprintable())
    _need("what", re.fullmatch(r"[a-z][a-z-]{0,31}", step["what"]))
    _need("rows", len(rows) <= head["rows"])
    _need("rows", all(isinstance(row, str) and len(row) <= head["columns"] and row.isprintable() for row in rows))
    typed = _TYPED.fullmatch(step["keys"])
    names = [] if typed or not step["keys"] else step["keys"].split("+")
    _need("keys", len(names) <= MAX_CHORD and all(name in Key.__members__ for name in names))
    keys = frozenset(Key[name] for name in names)
    return ScriptStep(
        number, step["screen"], tuple(rows), step["masked"], keys, typed[1] if typed else "", step["what"]
    )


def _fields(line: bytes, wanted: Mapping[str, type]) -> dict[str, Any]:
    table = json.loads(line.decode())
    if not isinstance(table, dict) or set(table) != set(wanted):
        raise ValueError("fields")
    for name, kind in wanted.items():
        _need(name, type(table[name]) is kind)
    return table


def _need(name: str, holds: object) -> None:
    if not holds:
        raise ValueError(name)
