"""The strict wrapper: whole values only, documented errors only, and nothing of the data in their texts."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, IntEnum
from typing import Any

import construct
import pytest

from protocols.errors import LocalProtocolError, RemoteProtocolError
from protocols.wire import Layout, Octets
from tests.protocols.inputs import Parser, garbage_run, mutation_run, parsers

PARSERS = list(parsers())
STRICT = [parser for parser in PARSERS if parser.strict]


def by_name(parser: Parser) -> str:
    """Name a test after its parser."""
    return parser.name


class Colour(IntEnum):
    """A made-up enumeration."""

    RED = 1
    BLUE = 2


class Word(Enum):
    """A made-up enumeration that is no number."""

    YES = b"Y"


@dataclass(frozen=True)
class Part:
    """A nested value."""

    colour: Colour
    name: str


@dataclass(frozen=True)
class Whole:
    """A value with one of everything."""

    flag: bool
    key: bytes
    parts: tuple[Part, ...]
    rest: bytes


WHOLE = Layout(
    Whole,
    construct.Struct(
        "flag" / construct.Flag,
        "key" / Octets(4),
        "parts"
        / construct.PrefixedArray(
            construct.Int8ub,
            construct.Struct("colour" / construct.Int8ub, "name" / construct.PascalString(construct.Int8ub, "gb18030")),
        ),
        "rest" / construct.Prefixed(construct.Int16ub, construct.GreedyBytes),
    ),
    maximum=64,
)
VALUE = Whole(True, b"KEY!", (Part(Colour.BLUE, "解绑"), Part(Colour.RED, "")), b"end")
BYTES = bytes.fromhex("01 4b455921 02 02 04 bde2b0f3 01 00 0003 656e64")


def test_reads_and_writes() -> None:
    assert WHOLE.parse(BYTES) == VALUE
    assert WHOLE.build(VALUE) == BYTES


@pytest.mark.parametrize("parser", STRICT, ids=by_name)
def test_every_vector_cut_at_every_byte_is_refused(parser: Parser) -> None:
    parser.parse(parser.valid)
    for end in range(len(parser.valid)):
        with pytest.raises(RemoteProtocolError):
            parser.parse(parser.valid[:end])


@pytest.mark.parametrize("parser", STRICT, ids=by_name)
def test_every_vector_with_bytes_behind_it_is_refused(parser: Parser) -> None:
    for tail in (b"\x00", b"\xff", parser.valid or b"\x01"):
        with pytest.raises(RemoteProtocolError):
            parser.parse(parser.valid + tail)


@pytest.mark.parametrize("parser", PARSERS, ids=by_name)
def test_i10_garbage_ends_in_documented_errors(parser: Parser) -> None:
    garbage_run(parser, 1000)


@pytest.mark.parametrize("parser", PARSERS, ids=by_name)
def test_i10_mutations_end_in_documented_errors(parser: Parser) -> None:
    mutation_run(parser, 1000)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"\x02" + BYTES[1:], "bytes left over or reserved bytes set"),
        (BYTES[:6] + b"\x03" + BYTES[7:], "a number has no meaning here"),
        (BYTES[:8] + b"\xff\xff\xff\xff" + BYTES[12:], "text is not in its character set"),
        (BYTES[:3], "cut short"),
        (BYTES + b"\x00", "bytes left over or reserved bytes set"),
        (bytes(65), "at most 64 allowed"),
    ],
)
def test_refusals_say_what_is_wrong(data: bytes, reason: str) -> None:
    with pytest.raises(RemoteProtocolError, match=reason) as caught:
        WHOLE.parse(data)
    assert str(caught.value).startswith("Whole: ")


def test_i4_the_peers_bytes_are_in_the_excerpt_and_not_in_the_text() -> None:
    with pytest.raises(RemoteProtocolError) as caught:
        WHOLE.parse(BYTES + b"4111111111111111")
    assert b"4111" in caught.value.excerpt
    assert "4111" not in str(caught.value)
    assert len(caught.value.excerpt) <= 16
    assert caught.value.offset == len(BYTES)
    assert caught.value.__cause__ is None


@pytest.mark.parametrize(
    "value",
    [
        Whole(True, b"KEY", (), b""),
        Whole(True, b"KEYS!", (), b""),
        Whole(True, "KEY!", (), b""),  # type: ignore[arg-type]
        Whole(True, b"KEY!", (Part(Colour.RED, "\ud800"),), b""),
        Whole(True, b"KEY!", (Part(256, "x"),), b""),  # type: ignore[arg-type]
        Whole(True, b"KEY!", (None,), b""),  # type: ignore[arg-type]
        Whole(True, b"KEY!", (), bytes(60)),
        None,
    ],
)
def test_i4_what_does_not_fit_is_our_fault_and_not_quoted(value: Any) -> None:
    with pytest.raises(LocalProtocolError) as caught:
        WHOLE.build(value)
    assert "KEY" not in str(caught.value)


def test_octets_are_exact_where_construct_alone_is_not() -> None:
    careless = construct.Struct("key" / construct.Bytes(4)).compile()
    assert careless.parse(b"ab").key == b"ab", "construct checks by now: Octets is not needed any more"
    exact = construct.Struct("key" / Octets(4)).compile()
    assert exact.parse(b"abcd").key == b"abcd"
    with pytest.raises(construct.StreamError):
        exact.parse(b"abc")
    with pytest.raises(construct.StreamError):
        exact.build({"key": b"abc"})


@dataclass(frozen=True)
class Plain:
    """A flat value."""

    number: int
    colour: Colour
    flag: bool
    key: bytes


PLAIN_PARTS = (
    "number" / construct.Int32ub,
    "colour" / construct.Int8ub,
    "flag" / construct.Flag,
    "key" / Octets(2),
    "reserved" / construct.Const(b"\x00"),
)


def test_a_flat_layout_reads_as_the_same_layout_does_in_construct() -> None:
    flat = Layout(Plain, construct.Struct(*PLAIN_PARTS), maximum=9)
    nested = Layout(Plain, construct.Struct(*PLAIN_PARTS, construct.Check(True)), maximum=9)
    value = Plain(0xA5A5A5A5, Colour.BLUE, True, b"ok")
    data = bytes.fromhex("a5a5a5a5 02 01 6f6b 00")
    for layout in (flat, nested):
        assert layout.parse(data) == value
        assert layout.build(value) == data
        for at in range(len(data)):
            with pytest.raises(RemoteProtocolError):
                layout.parse(data[:at])
        for spoilt in ("a5a5a5a5 03 01 6f6b 00", "a5a5a5a5 02 02 6f6b 00", "a5a5a5a5 02 01 6f6b 01"):
            with pytest.raises(RemoteProtocolError):
                layout.parse(bytes.fromhex(spoilt))
        for wrong in (Plain(-1, Colour.RED, True, b"ok"), Plain(1, Colour.RED, True, b"o")):
            with pytest.raises(LocalProtocolError):
                layout.build(wrong)
    assert type(flat.parse(data).colour) is Colour
    assert type(flat.parse(data).flag) is bool


def test_a_layout_and_its_dataclass_must_agree() -> None:
    with pytest.raises(LocalProtocolError):
        Layout(Plain, construct.Struct(*PLAIN_PARTS[1:], "number" / construct.Int32ub), maximum=9)


@dataclass(frozen=True)
class Odd:
    """A value that no layout can carry."""

    words: dict[str, str]


def test_a_type_that_no_layout_carries_is_our_fault() -> None:
    with pytest.raises(LocalProtocolError):
        Layout(Odd, construct.Struct("words" / construct.GreedyBytes), maximum=1)


@dataclass(frozen=True)
class Answer:
    """A value with an enumeration that is no number."""

    word: Word


def test_enumerations_travel_as_their_values() -> None:
    layout = Layout(Answer, construct.Struct("word" / Octets(1)), maximum=1)
    assert layout.build(Answer(Word.YES)) == b"Y"
    assert layout.parse(b"Y") == Answer(Word.YES)
    with pytest.raises(RemoteProtocolError):
        layout.parse(b"N")
