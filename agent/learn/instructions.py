"""What a technician tells the learner, one line a time: in a conversation, or in a script that works unattended.

A script is TOML with ``[[step]]`` tables, or JSON lines. A line names the screen that is shown (``screen``), says what
it is for (``confirms``, ``means``), and then does at most one thing: ``press`` keys, ``choose`` an item by its words,
choose our ``own`` terminal from a list, or ``type`` what the terminal asks for. A screen that nobody wants to reach now
is described with ``declare``: its rows, and the screen (and keys) it comes ``after``.
"""

from __future__ import annotations

import json
import re
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from agent.errors import UsageFault
from protocols.errors import ProfileError
from protocols.menu import MAX_CHORD, Asked, Ending
from protocols.table import read_table
from protocols.words import Key

MAX_BYTES = 262_144
MAX_STEPS = 500

_NAME = re.compile(r"[a-z][a-z0-9_-]{0,31}")


@dataclass(frozen=True)
class Instruction:
    """One line.

    Args:
        screen: Name for the screen that is shown.
        confirms: What going on from here agrees to.
        means: How the menu ends here.
        press: Keys to press together.
        choose: Words of the item to choose.
        own: Choose the entry that names our terminal.
        type: What is to be typed into the field.
        declare: Name of a screen that is only described.
        rows: Its rows, as patterns of a profile.
        after: The screen that it comes after.
    """

    screen: str = ""
    confirms: Literal["unbind"] | None = None
    means: Ending | None = None
    press: tuple[Key, ...] = ()
    choose: str = ""
    own: bool = False
    type: Asked | None = None
    declare: str = ""
    rows: tuple[str, ...] = ()
    after: str = ""


def check_instruction(instruction: Instruction) -> str:
    """Return what is wrong with an instruction, or nothing."""
    names = (instruction.screen, instruction.declare, instruction.after)
    if any(name and not _NAME.fullmatch(name) for name in names):
        return "a name is a-z, 0-9, - and _, at most 32 characters"
    if len(instruction.press) > MAX_CHORD:
        return f"at most {MAX_CHORD} keys are pressed together"
    doing = [instruction.choose, instruction.own, instruction.type]
    if instruction.declare:
        wrong = any(doing) or instruction.screen or not instruction.rows or not instruction.after
        return "declare goes with rows and after, and with press, confirms and means" if wrong else ""
    if instruction.rows or instruction.after:
        return "rows and after go with declare"
    if sum(map(bool, (*doing, instruction.press))) > 1:
        return "a line does one thing"
    return ""


def read_script(path: Path) -> tuple[Instruction, ...]:
    """Read a script.

    Args:
        path: The file: ``.toml``, or else JSON lines.

    Raises:
        UsageFault: ``learn-script-unreadable``, or ``learn-script-invalid`` with the number of the step.
    """
    try:
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except OSError as fault:
        raise UsageFault("learn-script-unreadable", path=str(path), why=fault.strerror or "") from None
    if len(data) > MAX_BYTES:
        raise UsageFault("learn-script-unreadable", path=str(path), why=f"more than {MAX_BYTES} bytes")
    steps = _tables(path, data)
    if len(steps) > MAX_STEPS:
        raise UsageFault("learn-script-unreadable", path=str(path), why=f"more than {MAX_STEPS} steps")
    made = []
    for number, table in enumerate(steps, 1):
        try:
            made.append(read_table(Instruction, table))
        except ProfileError as fault:
            why = f"{fault.path}: {fault.reason}" if fault.path else fault.reason
            raise UsageFault("learn-script-invalid", path=str(path), step=number, why=why) from None
        if why := check_instruction(made[-1]):
            raise UsageFault("learn-script-invalid", path=str(path), step=number, why=why)
    return tuple(made)


def _tables(path: Path, data: bytes) -> list[object]:
    number = 0
    tables: list[object] = []
    try:
        text = data.decode()
        if path.suffix == ".toml":
            table = tomllib.loads(text)
            steps = table.get("step", [])
            if set(table) - {"step"} or not isinstance(steps, list):
                raise UsageFault("learn-script-invalid", path=str(path), step=0, why="holds [[step]] tables only")
            return steps
        for line in text.splitlines():
            number += 1
            if line.strip():
                tables.append(json.loads(line))
    except UnicodeError:
        raise UsageFault("learn-script-unreadable", path=str(path), why="not UTF-8") from None
    except (tomllib.TOMLDecodeError, json.JSONDecodeError, RecursionError):
        kind = "no TOML" if path.suffix == ".toml" else "no JSON"
        raise UsageFault("learn-script-invalid", path=str(path), step=number, why=kind) from None
    return tables
