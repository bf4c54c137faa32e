"""What the note pmp.md says of the link in numbers and tables is what the code does."""

from __future__ import annotations

import dataclasses
import inspect
import re
from types import ModuleType

from protocols.pmp import escape, exchange, lanes, link, noise, speed, window, wire
from protocols.pmp.escape import FORBIDDEN
from protocols.pmp.handshake import Accept, Capability, Hello
from protocols.pmp.speed import Step
from protocols.pmp.wire import Frame, FrameKind, build_frame
from tests.lint.repo import ROOT, headings
from tests.protocols.pmp import note

TIMED = (link, window, speed)
"""Modules whose constants all stand in the note."""


def test_handshake_tables_list_the_fields() -> None:
    found = [
        [row[2].strip("`") for row in table[1:]]
        for table in note.tables(note.section("Handshake", 3))
        if table[0][0] == "at"
    ]
    assert found == [[field.name for field in dataclasses.fields(each)] for each in (Hello, Accept)]


def test_frame_kinds_have_the_numbers_of_the_code() -> None:
    kinds = next(t for t in note.tables(note.section("Frame", 3)) if t[0][0] == "kind")
    assert {row[1]: int(row[0]) for row in kinds[1:]} == {kind.name: kind.value for kind in FrameKind}


def numbers_of(module: ModuleType) -> dict[str, float]:
    """Return the public constants that a module itself sets to a number."""
    source = inspect.getsource(module)
    return {name: vars(module)[name] for name in re.findall(r"^([A-Z][A-Z_]+) = [\d_.]+$", source, re.M)}


def test_timers_and_limits_are_those_of_the_code() -> None:
    (table,) = note.tables(note.section("Timers", 3))
    told = {row[0].strip("`"): float(row[1]) for row in table[1:]}
    code: dict[str, float] = {}
    for module in (*TIMED, wire, noise, lanes, exchange):
        code |= {name: value for name, value in vars(module).items() if name.isupper() and name in told}
    assert told == code
    assert len(table) == len(told) + 1
    assert {name for module in TIMED for name in numbers_of(module)} <= set(told)


def test_constants_in_the_text_stand_in_the_table() -> None:
    (table,) = note.tables(note.section("Timers", 3))
    told = set(re.findall(r"`([A-Z]+_?[A-Z_]+)`", note.section("Link", 2)))
    assert told == {row[0].strip("`") for row in table[1:]}


def test_seconds_in_the_text_are_those_of_the_table() -> None:
    (table,) = note.tables(note.section("Timers", 3))
    seconds_of = {row[0]: float(row[1]) for row in table[1:] if row[2] == "s"}
    found = re.findall(r"([\d.]+) s\b(?:(?! s\b)[^`])*?\((`[A-Z_]+`)\)", note.section("Link", 2))
    assert len(found) >= 8
    assert all(seconds_of[name] == float(number) for number, name in found)


def test_capabilities_have_the_bits_of_the_code() -> None:
    table = next(t for t in note.tables(note.section("Handshake", 3)) if t[0][0] == "bit")
    assert {row[1]: int(row[0]) for row in table[1:]} == {each.name: each.value for each in Capability}


def test_special_bytes_are_those_of_the_code() -> None:
    (table,) = note.tables(note.section("Lines with flow control in the data", 3))
    told = {bytes([int(row[0], 16)]): bytes.fromhex(row[1]) for row in table[1:]}
    changed = {bytes([byte]): escape.escape(bytes([byte])) for byte in range(256)}
    assert told == {plain: coded for plain, coded in changed.items() if plain != coded}
    assert set(FORBIDDEN) | {escape.ESCAPE} == {plain[0] for plain in told}


def test_speed_steps_have_the_numbers_of_the_code() -> None:
    table = next(t for t in note.tables(note.section("Speed", 3)) if t[0][0] == "step")
    assert {row[1]: int(row[0]) for row in table[1:]} == {each.name: each.value for each in Step}


def test_memory_is_what_the_sizes_make_of_it() -> None:
    (table,) = note.tables(note.section("Memory", 3))
    assert table[1][:3] == ["1", str(wire.MIN_PAYLOAD), "no"]
    assert table[-1][:3] == [str(wire.MAX_WINDOW), f"{wire.MAX_PAYLOAD:,}", "yes"]
    for frames, payload, correction, *told in ([cell.replace(",", "") for cell in row] for row in table[1:]):
        count, size, level = int(frames), int(payload), 3 if correction == "yes" else 0
        arriving = len(build_frame(Frame(FrameKind.DATA, 0, 0, 0, bytes(size)), level))
        parts = [arriving, (count - 1) * size, count * size]
        assert told == [str(each) for each in (*parts, sum(parts))]
    assert f"{wire.MAX_FRAME:,} bytes with all parity" in note.section("Finding frames", 3)


def test_each_section_that_the_code_cites_is_there() -> None:
    there = {*headings(note.text(), 2), *headings(note.text(), 3)}
    cited = {}
    for path in sorted((ROOT / "protocols" / "pmp").glob("*.py")):
        text = " ".join(path.read_text(encoding="utf-8").replace("#", " ").split())
        found = re.findall(r"\bnote(?: pmp\.md)?,? (?:section )?([A-Z][A-Za-z_ ]+?)[;).]", text)
        assert len(found) >= len(re.findall(r"\bnote pmp\.md|\bnote, section", text)), (
            f"a citation in {path.name} is not understood"
        )
        cited |= dict.fromkeys(found, path.name)
    assert len(cited) >= 9
    assert {title: name for title, name in cited.items() if title not in there} == {}


def test_each_section_that_the_note_sends_to_is_there() -> None:
    markdown = note.text()
    there = {*headings(markdown, 2), *headings(markdown, 3)}
    must, _may = note.tables(note.section("What a terminal must do", 3))
    sent_to = {title for row in must[1:] for title in row[1].split(", ")}
    sent_to |= set(re.findall(r"section ([A-Z][a-z]+(?: [a-z]+)*?)(?=[.,;:)\n]| \()", note.section("Link", 2)))
    assert sent_to - there == set()
