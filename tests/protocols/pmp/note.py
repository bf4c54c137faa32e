"""Reads ``firmware-notes/pmp.md``: its golden dumps with their values, and its tables."""

from __future__ import annotations

import dataclasses
import json
import re
import typing
from enum import IntEnum
from functools import cache
from typing import Any

from protocols.pmp.commands import COMMANDS, EVENTS, EventId, Header
from protocols.pmp.facts import MessageKind, Refusal
from protocols.pmp.layouts import REFUSAL
from protocols.pmp.wire import Frame, FrameKind
from protocols.wire import Layout
from tests.lint.repo import NOTES


@cache
def text() -> str:
    """Return the note."""
    return (NOTES / "pmp.md").read_text(encoding="utf-8")


@cache
def dumps() -> dict[str, bytes]:
    """Return the golden dumps by name."""
    blocks = re.findall(r"^```pmp (\S+)\n(.*?)^```$", text(), re.M | re.S)
    names = [name for name, _ in blocks]
    assert len(set(names)) == len(names), "a name is used twice"
    return {name: bytes.fromhex(re.sub(r";.*", "", body)) for name, body in blocks}


@cache
def values() -> dict[str, Any]:
    """Return the values of the dumps by name, as the JSON that the note writes."""
    return {name: json.loads(body) for name, body in re.findall(r"^```json (\S+)\n(.*?)^```$", text(), re.M | re.S)}


def read(hint: Any, value: Any) -> Any:
    """Turn the note's JSON into a value of a type: enums by name, bytes after ``hex:``."""
    if dataclasses.is_dataclass(hint) and isinstance(hint, type):
        hints = typing.get_type_hints(hint)
        assert list(value) == list(hints), f"{hint.__name__}: fields in their order"
        return hint(**{name: read(hints[name], each) for name, each in value.items()})
    if isinstance(hint, type) and issubclass(hint, IntEnum):
        return hint[value]
    if typing.get_origin(hint) is tuple:
        kinds = typing.get_args(hint)
        if len(kinds) == 2 and kinds[1] is Ellipsis:
            return tuple(read(kinds[0], each) for each in value)
        return tuple(read(kind, each) for kind, each in zip(kinds, value, strict=True))
    if hint is bytes:
        assert value.startswith("hex:")
        return bytes.fromhex(value[4:])
    assert type(value) is hint
    return value


def commands_by_name() -> dict[str, int]:
    """Return the numbers of commands and events by name."""
    return {spec.name: spec.id for spec in COMMANDS.values()} | {event.name: event.value for event in EventId}


def message_names() -> list[str]:
    """Return the names of all dumps that are messages."""
    return [name for name in dumps() if name.rpartition(".")[2] in ("request", "response", "event", "refusal")]


def message(name: str) -> tuple[Header, Layout[Any], Any]:
    """Return header, layout of the body and body of a message of the note, from its JSON."""
    value = values()[name]
    number = commands_by_name()[value["command"]]
    status = value["status"] and Refusal[value["status"]]
    header = Header(MessageKind[value["kind"]], number, value["tag"], status)
    layout: Layout[Any]
    if header.status:
        layout = REFUSAL
    elif header.kind is MessageKind.EVENT:
        layout = EVENTS[number]
    elif header.kind is MessageKind.REQUEST:
        layout = COMMANDS[number].request
    else:
        layout = COMMANDS[number].response
    return header, layout, read(layout.value_type, value["body"])


def frame_names() -> list[str]:
    """Return the names of all dumps that are frames."""
    return [name for name in dumps() if name.startswith("FRAME.")]


def frame_of(name: str) -> tuple[Frame, int]:
    """Return a frame of the note from its JSON, and its level of error correction."""
    value = values()[name]
    assert list(value) == ["kind", "session", "sequence", "acknowledged", "payload", "more", "urgent", "level"]
    payload = bytes.fromhex(value["payload"].removeprefix("hex:"))
    numbers = (value["session"], value["sequence"], value["acknowledged"])
    return Frame(FrameKind[value["kind"]], *numbers, payload, value["more"], value["urgent"]), value["level"]


def section(title: str, level: int) -> str:
    """Return the text under a heading, up to the next heading of its level or above."""
    found = re.search(rf"^#{{{level}}} {re.escape(title)}\n(.*?)(?=^#{{1,{level}}} |\Z)", text(), re.M | re.S)
    assert found, f"the note has no section {title}"
    return found[1]


def tables(markdown: str) -> list[list[list[str]]]:
    """Return all tables of a text: rows of cells, the heading first, rule and blanks left out."""
    found: list[list[list[str]]] = []
    inside = False
    for line in markdown.splitlines():
        if not line.startswith("|"):
            inside = False
            continue
        cells = [cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]]
        if not inside:
            found.append([])
        inside = True
        if not re.fullmatch(r"\|[-|]+\|", line):
            found[-1].append(cells)
    return found
