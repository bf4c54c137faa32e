"""The note pmp.md and the code say the same, and its hand-made dumps are what the code reads and writes."""

from __future__ import annotations

import dataclasses
import inspect
import re
import typing
from collections.abc import Mapping
from enum import Enum, IntEnum
from random import Random
from types import ModuleType
from typing import Any

import pytest

from protocols import eat, words
from protocols.pmp import escape, exchange, facts, fec, handshake, lanes, link, noise, speed, window, wire
from protocols.pmp.commands import COMMANDS, EVENTS, EventId, build_message, split_message
from protocols.pmp.escape import FORBIDDEN, Unescaper
from protocols.pmp.facts import ALWAYS_POSSIBLE, Refusal
from protocols.pmp.handshake import Accept, Capability, Hello, LinkSettings
from protocols.pmp.lanes import Lane, Piece, SealedPieces
from protocols.pmp.link import TRANSITIONS, LinkState, Role
from protocols.pmp.records import JOURNAL_RECORD, PARAMETER
from protocols.pmp.speed import AGENT, SPEED, TERMINAL, SpeedState, Step
from protocols.pmp.wire import Frame, FrameKind, FrameScanner, build_frame
from protocols.wire import Layout
from tests.lint.repo import ROOT, headings
from tests.protocols.pmp import note, rig

Table = Mapping[tuple[Enum, Enum], Enum]
ENUMS = {
    each.__name__: each
    for module in (words, facts)
    for each in vars(module).values()
    if isinstance(each, type) and issubclass(each, IntEnum) and each is not IntEnum
}
FRAMES = [name for name in note.dumps() if name.startswith("FRAME.")]
BODIES: dict[str, Layout[Any]] = {
    "HELLO.payload": handshake.HELLO,
    "ACCEPT.payload": handshake.ACCEPT,
    "JOURNAL.record": JOURNAL_RECORD,
    "PARAMETER.record": PARAMETER,
    "SPEED.propose": SPEED,
    "SPEED.trial": SPEED,
}
BROKEN = ("BROKEN.payload", "BROKEN.header")
ESCAPED = ("ESCAPED.sent", "ESCAPED.received")
OTHERS = {"EAT.claims", "PIECE.urgent", *BROKEN, *ESCAPED}


# ------------------------------------------------------------------------------------------------------- dumps
def test_every_dump_has_its_values() -> None:
    assert list(note.dumps()) == list(note.values())


def test_every_message_has_its_dump() -> None:
    names = set(note.message_names())
    wanted = {f"{spec.name}.{part}" for spec in COMMANDS.values() for part in ("request", "response")}
    wanted |= {f"{event.name}.event" for event in EventId}
    assert wanted <= names, f"no dump of {sorted(wanted - names)}"
    assert any(name.endswith(".refusal") for name in names)
    assert set(note.dumps()) == names | set(FRAMES) | set(BODIES) | OTHERS, "a dump that no test reads"


def test_every_kind_of_frame_has_its_dump() -> None:
    assert {note.values()[name]["kind"] for name in FRAMES} == {kind.name for kind in FrameKind}


@pytest.mark.parametrize("name", note.message_names())
def test_message_dump(name: str) -> None:
    dump = note.dumps()[name]
    header, layout, body = note.message(name)
    assert name.startswith(note.values()[name]["command"] + ".")
    found, rest = split_message(dump)
    assert (found, layout.parse(rest)) == (header, body)
    assert build_message(header, layout.build(body)) == dump


def frame_of(name: str) -> tuple[Frame, int]:
    """Return a frame of the note from its JSON, and its level of error correction."""
    value = note.values()[name]
    assert list(value) == ["kind", "session", "sequence", "acknowledged", "payload", "more", "urgent", "level"]
    payload = bytes.fromhex(value["payload"].removeprefix("hex:"))
    numbers = (value["session"], value["sequence"], value["acknowledged"])
    return Frame(FrameKind[value["kind"]], *numbers, payload, value["more"], value["urgent"]), value["level"]


@pytest.mark.parametrize("name", FRAMES)
def test_frame_dump(name: str) -> None:
    frame, level = frame_of(name)
    scanner = FrameScanner()
    assert scanner.feed(note.dumps()[name]) == [frame]
    assert (scanner.skipped_bytes, scanner.errors) == (0, 0)
    assert build_frame(frame, level) == note.dumps()[name]


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_frame_of_the_note_is_taken_in_step(name: str) -> None:
    value = note.values()[name]
    assert note.dumps()[name] != note.dumps()[value["frame"]]
    scanner = FrameScanner()
    found = scanner.feed(note.dumps()["FRAME.ACK"] + note.dumps()[name])
    assert found == [frame_of("FRAME.ACK")[0], frame_of(value["frame"])[0]]
    assert (scanner.errors, scanner.corrected) == (value["wrong_bytes"], value["wrong_bytes"])


def test_a_broken_header_is_not_mended_at_the_beginning_or_behind_garbage() -> None:
    for garbage in (b"", b"\x00", note.dumps()["FRAME.ACK"] + b"\x00"):
        scanner = FrameScanner()
        found = scanner.feed(garbage + note.dumps()["BROKEN.header"] + note.dumps()["FRAME.RESET"])
        assert found[-1] == frame_of("FRAME.RESET")[0]
        assert frame_of("FRAME.PING")[0] not in found


def test_escaped_dumps() -> None:
    sent, received = ESCAPED
    frame = bytes.fromhex(note.values()[sent]["frame"].removeprefix("hex:"))
    assert note.values()[received] == note.values()[sent]
    assert FrameScanner().feed(frame)
    assert escape.escape(frame) == note.dumps()[sent]
    assert not set(FORBIDDEN) & set(note.dumps()[sent])
    for name in ESCAPED:
        whole, bytewise = Unescaper(), Unescaper()
        assert whole.feed(note.dumps()[name]) == frame
        assert b"".join(bytewise.feed(bytes([each])) for each in note.dumps()[name]) == frame
    assert note.dumps()[received].translate(None, bytes(FORBIDDEN)) == note.dumps()[sent] != note.dumps()[received]


def test_private_piece_dump() -> None:
    value = note.values()["PIECE.urgent"]
    piece = Piece(bytes.fromhex(value["data"].removeprefix("hex:")), value["more"], Lane[value["lane"]])
    assert SealedPieces().feed(note.dumps()["PIECE.urgent"]) == [piece]
    assert piece.data == note.dumps()["KEY_PRESS.request"]
    outgoing = lanes.Outgoing()
    outgoing.put(piece.data, piece.lane)
    sent = lanes.SealedSource(outgoing, OpenText()).next_piece(1024)
    assert sent == Piece(note.dumps()["PIECE.urgent"], more=False, lane=Lane.BULK)


class OpenText:
    """A channel that hides nothing."""

    established = True
    binding = b""

    def start(self) -> None:
        """Begin."""

    def receive(self, data: bytes) -> bytes:
        """Return what came."""
        return data

    def outgoing(self) -> bytes:
        """Say nothing."""
        return b""

    def seal(self, data: bytes) -> bytes:
        """Return what is to be sent."""
        return data


def test_an_agent_counts_its_session_number_on_as_the_note_tells() -> None:
    told = re.search(r"drew 0x(\w+) finds.*?takes 0x(\w+)\.", note.section("Handshake", 3), re.S)
    assert told
    drawn, taken = (int(each, 16) for each in told.groups())
    hello = note.read(Hello, note.values()["HELLO.payload"])
    settings = LinkSettings(hello.frame_payload, hello.window, capabilities=Capability(hello.capabilities))
    agent = rig.agent(settings, drawn)
    agent.start(0.0)
    assert agent.session == taken
    for session in range(drawn, taken):
        frame = Frame(FrameKind.HELLO, session, 0, 0, note.dumps()["HELLO.payload"])
        assert {*FORBIDDEN, escape.ESCAPE} & set(build_frame(frame))


@pytest.mark.parametrize("name", BODIES)
def test_body_dump(name: str) -> None:
    layout, dump = BODIES[name], note.dumps()[name]
    value = note.read(layout.value_type, note.values()[name])
    assert layout.parse(dump) == value
    assert layout.build(value) == dump


def test_claims_dump() -> None:
    claims = note.read(eat.TerminalClaims, note.values()["EAT.claims"])
    assert eat.decode_claims(note.dumps()["EAT.claims"]) == claims
    assert eat.encode_claims(claims) == note.dumps()["EAT.claims"]


def test_the_handshake_frames_carry_the_handshake_payloads() -> None:
    for kind in ("HELLO", "ACCEPT"):
        assert note.values()[f"FRAME.{kind}"]["payload"] == "hex:" + note.dumps()[f"{kind}.payload"].hex()


def test_the_data_frame_carries_a_message_of_this_page() -> None:
    assert note.dumps()["KEY_PRESS.request"] in note.dumps()["FRAME.DATA"]


@pytest.mark.parametrize(("name", "window", "early"), [("wide", 32, (13, 22)), ("selective", 8, (13, 15, 16))])
def test_what_the_acknowledgements_of_the_note_say(name: str, window: int, early: tuple[int, ...]) -> None:
    frame, _level = frame_of(f"FRAME.ACK.{name}")
    settings = LinkSettings(64, window, baud=115_200)
    taker = exchange.Exchange(settings, FrameScanner(), None)
    for sequence in (*range(frame.acknowledged), *early):
        taker.take_data(Frame(FrameKind.DATA, frame.session, sequence, 0, bytes([sequence]), more=True))
    answer = taker.next_answer(carried=False)
    assert answer is not None
    assert answer[1:] == frame.payload[1:]

    sender = exchange.Exchange(settings, FrameScanner(), None)
    sender.put(bytes(64 * 64), Lane.BULK, None)
    for sent in range(frame.acknowledged):
        assert sender.next_data(0.0) is not None
        sender.take_acknowledged(sent + 1, 0.0)
    while sender.next_data(0.0) is not None:
        pass
    sender.take_answer(frame, 1.0)
    again = [sending.sequence for sending in iter(lambda: sender.next_data(1.0), None)]
    assert again == [each for each in range(frame.acknowledged, max(early)) if each not in early]


def test_the_quality_of_the_dumps_is_what_the_note_says() -> None:
    assert "100 stands for one wrong byte in 10,000" in " ".join(note.section("Noise", 3).split())
    for errors, quality in ((0, 0), (10, 100), (1, 125), (100_000, 1)):
        meter = noise.NoiseMeter()
        meter.count(100_000, errors)
        assert meter.quality == quality
    assert frame_of("FRAME.ACK.wide")[0].payload[0] == 100
    assert frame_of("FRAME.ACK")[0].payload[0] == 0


# ------------------------------------------------------------------------------------------- checksums by definition
def crc(data: bytes, bits: int, polynomial: int, start: int) -> int:
    """A checksum bit by bit from its polynomial, highest bit first; the code under test uses library functions."""
    value = start
    for byte in data:
        for bit in range(7, -1, -1):
            top = value >> (bits - 1) ^ byte >> bit & 1
            value = value << 1 & (1 << bits) - 1 ^ (polynomial if top & 1 else 0)
    return value


def crc32(data: bytes) -> int:
    """CRC-32 of IEEE 802.3: the same, with the bits of each byte and of the result turned around."""
    mirrored = bytes(int(f"{byte:08b}"[::-1], 2) for byte in data)
    return int(f"{crc(mirrored, 32, 0x04C11DB7, 0xFFFFFFFF):032b}"[::-1], 2) ^ 0xFFFFFFFF


def test_the_definitions_give_the_published_check_values() -> None:
    assert crc(b"123456789", 16, 0x1021, 0) == 0x31C3
    assert crc32(b"123456789") == 0xCBF43926
    assert "0x31C3" in note.section("Sources", 2)
    assert "0xCBF43926" in note.section("Sources", 2)


@pytest.mark.parametrize("name", FRAMES)
def test_the_checksums_of_the_dumps_follow_their_definitions(name: str) -> None:
    dump = note.dumps()[name]
    assert crc(dump[:11], 16, 0x1021, 0) == int.from_bytes(dump[11:13], "big")
    end = 13 + int.from_bytes(dump[9:11], "big")
    assert crc32(dump[:end]) == int.from_bytes(dump[end : end + 4], "big")


# ------------------------------------------------------------------------------------------- parity by definition
def times(left: int, right: int) -> int:
    """Multiply two polynomials over GF(2), then take the remainder by x⁸ + x⁴ + x³ + x² + 1."""
    product = 0
    for bit in range(8):
        product ^= (left << bit) * (right >> bit & 1)
    for bit in range(14, 7, -1):
        product ^= (0x11D << bit - 8) * (product >> bit & 1)
    return product


def generator(roots: int) -> list[int]:
    """Return (x − 1)(x − 2)(x − 4)… with so many roots, highest coefficient first."""
    polynomial, root = [1], 1
    for _ in range(roots):
        shifted = [*polynomial, 0]
        polynomial = [shifted[0], *(shifted[at] ^ times(shifted[at - 1], root) for at in range(1, len(shifted)))]
        root = times(root, 2)
    return polynomial


def remainder(block: bytes, size: int) -> bytes:
    """Divide block(x) · xⁿ by the generator polynomial, as on paper."""
    left, divisor = [*block, *bytes(size)], generator(size)
    for at in range(len(block)):
        factor = left[at]
        for place, coefficient in enumerate(divisor):
            left[at + place] ^= times(factor, coefficient)
    assert not any(left[: len(block)])
    return bytes(left[len(block) :])


@pytest.mark.parametrize("name", [name for name in FRAMES if note.values()[name]["level"]])
def test_the_parity_of_the_dumps_follows_its_definition(name: str) -> None:
    dump, level = note.dumps()[name], note.values()[name]["level"]
    end = 17 + int.from_bytes(dump[9:11], "big")
    size, checked = (0, 2, 6, 16)[level], dump[13:end]
    blocks = -(-len(checked) // (255 - size))
    assert dump[end:] == b"".join(remainder(checked[block::blocks], size) for block in range(blocks))


def test_there_is_a_dump_of_each_level_and_one_of_several_blocks() -> None:
    levels = {name: note.values()[name]["level"] for name in FRAMES}
    assert set(levels.values()) == set(range(len(fec.PARITY)))
    assert any(fec.blocks_of(len(frame_of(name)[0].payload) + 4, level) > 1 for name, level in levels.items() if level)


def test_levels_and_generator_polynomials_are_those_of_the_code() -> None:
    levels, polynomials = note.tables(note.section("Error correction", 3))
    assert levels[1:] == [
        [str(level), str(size), str(255 - size) if level else "·", str(size // 2)]
        for level, size in enumerate(fec.PARITY)
    ]
    assert polynomials[1:] == [[str(level), bytes(generator(fec.PARITY[level])).hex(" ")] for level in (1, 2, 3)]


def test_the_code_makes_parity_by_the_definition() -> None:
    random = Random(7)
    for level in (1, 2, 3):
        for length in (1, 40, 239, 249, 253, 254, 700):
            data = random.randbytes(length)
            size, blocks = fec.PARITY[level], fec.blocks_of(length, level)
            wanted = b"".join(remainder(data[block::blocks], size) for block in range(blocks))
            assert fec.parity(data, level) == wanted


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
    table, _parameter = [t for t in note.tables(note.section("Datasets", 3)) if "field" in t[0]]
    at = 0
    for row in table[1:]:
        assert int(row[0]) == at, row
        at += int(row[1])
    assert at == 128
    fields = [row[2].strip("`") for row in table[1:-1]]
    assert fields == [field.name for field in dataclasses.fields(JOURNAL_RECORD.value_type)]


def test_handshake_tables_list_the_fields() -> None:
    found = [
        [row[2].strip("`") for row in table[1:]]
        for table in note.tables(note.section("Handshake", 3))
        if table[0][0] == "at"
    ]
    assert found == [wanted_fields(Hello), wanted_fields(Accept)]


def test_enumerations_have_the_numbers_of_the_code() -> None:
    text = note.section("Numbers", 3)
    found = {}
    for name, rest in re.findall(r"^\*(\w+)\*(.*?)(?=^\*|\Z)", text, re.M | re.S):
        (table,) = note.tables(rest)
        found[name] = {row[1]: int(row[0], 0) for row in table[1:]}
    assert found == {name: {each.name: each.value for each in members} for name, members in ENUMS.items()}


def test_frame_kinds_have_the_numbers_of_the_code() -> None:
    kinds = next(t for t in note.tables(note.section("Frame", 3)) if t[0][0] == "kind")
    assert {row[1]: int(row[0]) for row in kinds[1:]} == {kind.name: kind.value for kind in FrameKind}


def numbers_of(module: ModuleType) -> dict[str, float]:
    """Return the public constants that a module itself sets to a number."""
    source = inspect.getsource(module)
    return {name: vars(module)[name] for name in re.findall(r"^([A-Z][A-Z_]+) = [\d_.]+$", source, re.M)}


TIMED = (link, window, speed)
"""Modules whose constants all stand in the note."""


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


def test_claims_have_the_numbers_of_the_code() -> None:
    (table,) = note.tables(note.section("Attestation", 3))
    assert all(vars(eat)[row[1].strip("`")] == int(row[0]) for row in table[1:])
    keys = sorted((int(row[0]) for row in table[1:]), key=lambda key: (key < 0, abs(key)))
    assert keys == [int(row[0]) for row in table[1:]], "in the order of the map"
    assert len(keys) == len(dataclasses.fields(eat.TerminalClaims)) + 1, "the UEID is made of two others"


# ------------------------------------------------------------------------------------------------------ states
def state_table(table: Table) -> str:
    """Draw the table of transitions."""
    rows = [f"| {state.name} | {trigger.value} | {to.name} |" for (state, trigger), to in table.items()]
    return "\n".join(["| state | trigger | next state |", "|---|---|---|", *rows, ""])


def state_diagram(table: Table, first: Enum) -> str:
    """Draw the diagram of transitions."""
    arrows = [f"    {state.name} --> {to.name}: {trigger.value}" for (state, trigger), to in table.items()]
    return "\n".join(["```mermaid", "stateDiagram-v2", f"    [*] --> {first.name}", *arrows, "```", ""])


@pytest.mark.parametrize(
    ("title", "drawn", "first"),
    [
        ("States", (TRANSITIONS[Role.AGENT], TRANSITIONS[Role.TERMINAL]), LinkState.IDLE),
        ("Speed", (AGENT, TERMINAL), SpeedState.STEADY),
    ],
)
def test_states_are_drawn_from_the_data(title: str, drawn: tuple[Table, ...], first: Enum) -> None:
    states = note.section(title, 3)
    places = [states.find(text) for table in drawn for text in (state_table(table), state_diagram(table, first))]
    assert -1 not in places, "the note's states are not those of the data"
    assert places == sorted(places)
    assert states.count(" --> ") == sum(len(each) + 1 for each in drawn)


# ---------------------------------------------------------------------------------------------------- sequences
def label(frame: Frame) -> str:
    """Name a frame as the diagrams do."""
    if frame.kind is FrameKind.SPEED:
        said = SPEED.parse(frame.payload)
        return f"SPEED {said.step.name} {said.baud}"
    if frame.kind is FrameKind.DATA:
        return f"DATA {frame.sequence}"
    if frame.kind is FrameKind.ACK:
        bitmap = frame.payload[2:].hex()
        return f"ACK {frame.acknowledged}" + (f", bitmap {bitmap}" if bitmap else "")
    return frame.kind.name


class Traced:
    """Two links whose frames are written down as a diagram's arrows."""

    def __init__(self, settings: LinkSettings) -> None:
        self.near, self.far = rig.agent(settings), rig.terminal(settings)
        self.baud = {Role.AGENT: settings.baud, Role.TERMINAL: settings.baud}
        self.carries = settings.baud
        self.lost: set[str] = set()
        self.now = 0.0
        self.arrows: list[str] = []
        self.came: list[bytes] = []

    def run(self) -> None:
        """Carry frames until nothing moves any more."""
        moved = True
        while moved:
            moved = False
            for link_, peer, names in ((self.near, self.far, "AT"), (self.far, self.near, "TA")):
                changes = self._take(link_)
                for frame in FrameScanner().feed(link_.bytes_to_send()):
                    moved = True
                    same = self.baud[link_.role] == self.baud[peer.role] <= self.carries
                    arrives = same and label(frame) not in self.lost
                    self.lost.discard(label(frame))
                    self.arrows.append(f"{names[0]}{'->>' if arrives else '-x'}{names[1]}: {label(frame)}")
                    if arrives:
                        peer.receive_bytes(build_frame(frame), self.now)
                for baud in changes:  # what was to be sent has left the line
                    moved = True
                    self.baud[link_.role] = baud
                    link_.speed_changed(self.now)

    def wait(self, until: float) -> None:
        """Turn the clock, and carry what it brings."""
        while self.now < until:
            times = [each.next_deadline() for each in (self.near, self.far)]
            self.now = min([until, *(each for each in times if each is not None and each > self.now)])
            for each in (self.near, self.far):
                each.handle_timeout(self.now)
            self.run()

    def _take(self, link_: link.Link) -> list[int]:
        taken = rig.events(link_)
        self.came += [event.data for event in taken if isinstance(event, link.MessageReceived)]
        return [event.baud for event in taken if isinstance(event, link.SpeedChange)]


def diagrams(title: str) -> list[list[str]]:
    """Return the arrows of the sequence diagrams in a section."""
    drawn = re.findall(r"^```mermaid\nsequenceDiagram\n(.*?)^```$", note.section(title, 3), re.M | re.S)
    return [[line.strip() for line in each.splitlines() if re.match(r"\s+\w+-(?:>>|x)", line)] for each in drawn]


def test_loss_and_selective_repeat_go_as_drawn() -> None:
    traced = Traced(rig.SETTINGS)
    traced.near.start(0.0)
    traced.run()
    traced.lost = {"DATA 1"}
    traced.near.send_message(bytes(5 * rig.SETTINGS.frame_payload), 0.0)
    traced.run()
    traced.far.send_message(b"answer", 0.0)
    traced.run()
    assert diagrams("Window") == [traced.arrows]
    assert traced.came == [bytes(5 * rig.SETTINGS.frame_payload), b"answer"]


@pytest.mark.parametrize(("place", "carries"), [(0, 921_600), (1, 460_800)])
def test_agreeing_on_a_speed_goes_as_drawn(place: int, carries: int) -> None:
    traced = Traced(LinkSettings(64, 8, 0.5, baud=115_200, highest_baud=921_600))
    traced.near.start(0.0)
    traced.run()
    traced.arrows.clear()
    traced.carries = carries
    traced.near.propose_speed(921_600, 0.0)
    traced.run()
    if place:
        traced.near.send_message(b"waits until the first speed is back", 0.0)
        traced.wait(4.4)
        assert traced.came == []
        assert set(traced.baud.values()) == {115_200}
        traced.wait(4.5)
        assert traced.came == [b"waits until the first speed is back"]
    else:
        assert set(traced.baud.values()) == {921_600}
    assert diagrams("Speed")[place] == traced.arrows
