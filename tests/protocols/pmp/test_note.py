"""The note pmp.md and the code say the same, and its hand-made dumps are what the code reads and writes."""

from __future__ import annotations

import dataclasses
import re
import typing
from enum import IntEnum
from typing import Any

import pytest

from protocols import eat, words
from protocols.pmp import facts, handshake
from protocols.pmp.commands import COMMANDS, EVENTS, EventId, build_message, split_message
from protocols.pmp.facts import ALWAYS_POSSIBLE, Refusal
from protocols.pmp.records import JOURNAL_RECORD, PARAMETER, RECEIPT
from protocols.pmp.speed import SPEED
from protocols.wire import Layout
from tests.protocols.pmp import note

ENUMS = {
    each.__name__: each
    for module in (words, facts)
    for each in vars(module).values()
    if isinstance(each, type) and issubclass(each, IntEnum) and each is not IntEnum
}
BODIES: dict[str, Layout[Any]] = {
    "HELLO.payload": handshake.HELLO,
    "ACCEPT.payload": handshake.ACCEPT,
    "JOURNAL.record": JOURNAL_RECORD,
    "PARAMETER.record": PARAMETER,
    "RECEIPT.record": RECEIPT,
    "SPEED.propose": SPEED,
    "SPEED.trial": SPEED,
}
OTHERS = {
    "EAT.claims",
    "EAT.filled",
    "EAT.measured",
    "PIECE.urgent",
    "BROKEN.payload",
    "BROKEN.header",
    "ESCAPED.sent",
    "ESCAPED.received",
}


# ------------------------------------------------------------------------------------------------------- dumps
def test_every_dump_has_its_values() -> None:
    assert list(note.dumps()) == list(note.values())


def test_every_message_has_its_dump() -> None:
    names = set(note.message_names())
    wanted = {f"{spec.name}.{part}" for spec in COMMANDS.values() for part in ("request", "response")}
    wanted |= {f"{event.name}.event" for event in EventId}
    assert wanted <= names, f"no dump of {sorted(wanted - names)}"
    assert any(name.endswith(".refusal") for name in names)
    assert set(note.dumps()) == names | set(note.frame_names()) | set(BODIES) | OTHERS, "a dump that no test reads"


@pytest.mark.parametrize("name", note.message_names())
def test_message_dump(name: str) -> None:
    dump = note.dumps()[name]
    header, layout, body = note.message(name)
    assert name.startswith(note.values()[name]["command"] + ".")
    found, rest = split_message(dump)
    assert (found, layout.parse(rest)) == (header, body)
    assert build_message(header, layout.build(body)) == dump


@pytest.mark.parametrize("name", BODIES)
def test_body_dump(name: str) -> None:
    layout, dump = BODIES[name], note.dumps()[name]
    value = note.read(layout.value_type, note.values()[name])
    assert layout.parse(dump) == value
    assert layout.build(value) == dump


@pytest.mark.parametrize("name", ["EAT.claims", "EAT.filled", "EAT.measured"])
def test_claims_dump(name: str) -> None:
    claims = note.read(eat.TerminalClaims, note.values()[name])
    assert eat.decode_claims(note.dumps()[name]) == claims
    assert eat.encode_claims(claims) == note.dumps()[name]


# ------------------------------------------------------------------------------------------------------ tables
def seconds(number: float) -> str:
    """Write a time limit as the note does."""
    return f"{number:g} s"


def test_the_overview_is_that_of_the_code() -> None:
    commands, events = note.tables(note.section("Overview", 3))
    assert commands[1:] == [
        [
            f"0x{spec.id:04X}",
            spec.name,
            spec.effect.name,
            seconds(spec.timeout),
            ", ".join(Refusal(code).name for code in sorted(spec.refusals)),
        ]
        for spec in COMMANDS.values()
    ]
    assert [row[:2] for row in events[1:]] == [[f"0x{event.value:04X}", event.name] for event in EventId]


def test_refusals_that_are_always_possible_are_told() -> None:
    listed = re.search(r"also be refused with\s+(.*?)\.", note.section("Overview", 3), re.S)
    assert listed
    assert {Refusal[name] for name in re.findall(r"[A-Z_]+", listed[1])} == ALWAYS_POSSIBLE
    assert not any(spec.refusals & ALWAYS_POSSIBLE for spec in COMMANDS.values())


def wanted_fields(value_type: type) -> list[str]:
    """Return the field names of a body as the note's tables write them, those of items after their list."""
    names = []
    for name, hint in typing.get_type_hints(value_type).items():
        names.append(name)
        items = [each for each in typing.get_args(hint) if dataclasses.is_dataclass(each)]
        names += [f"{name}[].{field.name}" for item in items for field in dataclasses.fields(item)]
    return names


def field_tables(markdown: str) -> list[list[str]]:
    """Return the field names of each table of fields in a section."""
    return [
        [row[table[0].index("field")].strip("`") for row in table[1:]]
        for table in note.tables(markdown)
        if "field" in table[0] and "type" in table[0]
    ]


@pytest.mark.parametrize("spec", COMMANDS.values(), ids=lambda spec: spec.name)
def test_a_command_lists_its_fields_in_order(spec: Any) -> None:
    bodies = (spec.request.value_type, spec.response.value_type)
    wanted = [wanted_fields(body) for body in bodies if dataclasses.fields(body)]
    assert field_tables(note.section(spec.name, 3)) == wanted


@pytest.mark.parametrize("spec", COMMANDS.values(), ids=lambda spec: spec.name)
def test_a_command_explains_its_refusals(spec: Any) -> None:
    told = note.section(spec.name, 3)
    assert all(Refusal(code).name in told for code in spec.refusals)


def test_events_list_their_fields() -> None:
    assert field_tables(note.section("WIPE_PROGRESS", 3)) == [wanted_fields(EVENTS[EventId.WIPE_PROGRESS].value_type)]
    assert EVENTS[EventId.SCREEN_CHANGED] is COMMANDS[0x0201].response
    assert "the same body as the response to SCREEN_READ" in note.section("SCREEN_CHANGED", 3)


def test_offsets_of_the_journal_record_add_up() -> None:
    table, *_others = [t for t in note.tables(note.section("Datasets", 3)) if "field" in t[0]]
    at = 0
    for row in table[1:]:
        assert int(row[0]) == at, row
        at += int(row[1])
    assert at == 128
    fields = [row[2].strip("`") for row in table[1:-1]]
    assert fields == [field.name for field in dataclasses.fields(JOURNAL_RECORD.value_type)]


def test_enumerations_have_the_numbers_of_the_code() -> None:
    text = note.section("Numbers", 3)
    found = {}
    for name, rest in re.findall(r"^\*(\w+)\*(.*?)(?=^\*|\Z)", text, re.M | re.S):
        (table,) = note.tables(rest)
        found[name] = {row[1]: int(row[0], 0) for row in table[1:]}
    assert found == {name: {each.name: each.value for each in members} for name, members in ENUMS.items()}


def test_claims_have_the_numbers_of_the_code() -> None:
    (table,) = note.tables(note.section("Attestation", 3))
    assert all(vars(eat)[row[1].strip("`")] == int(row[0]) for row in table[1:])
    keys = sorted((int(row[0]) for row in table[1:]), key=lambda key: (key < 0, abs(key)))
    assert keys == [int(row[0]) for row in table[1:]], "in the order of the map"
    names = {field.name for field in dataclasses.fields(eat.TerminalClaims)}
    assert len(keys) == len(names - {"binding"}) + 1, "the UEID is made of two others, the binding is in the nonce"
