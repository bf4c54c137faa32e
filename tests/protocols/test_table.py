"""Strict reading of tables."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Literal

import pytest

from protocols.errors import LocalProtocolError, ProfileError
from protocols.table import MAX_ITEMS, MAX_TEXT, read_table


class Colour(Enum):
    RED = 1
    BLUE = 2


@dataclass(frozen=True)
class Inner:
    name: str
    colours: tuple[Colour, ...] = ()


@dataclass(frozen=True)
class Outer:
    number: int
    flag: bool
    word: Literal["a", "b"]
    inner: Inner
    many: tuple[Inner, ...] = ()
    maybe: int | None = None
    perhaps: Literal["x"] | None = None
    version: Literal[1] = 1


GOOD = {"number": 1, "flag": True, "word": "a", "inner": {"name": "n", "colours": ["RED", "BLUE"]}}


def test_a_table_becomes_a_dataclass() -> None:
    table = GOOD | {"many": [{"name": "1"}, {"name": "2"}], "maybe": 3, "perhaps": "x"}
    assert read_table(Outer, table) == Outer(
        1, True, "a", Inner("n", (Colour.RED, Colour.BLUE)), (Inner("1"), Inner("2")), 3, "x"
    )


def test_what_has_a_default_may_be_left_out() -> None:
    assert read_table(Outer, GOOD).maybe is None


@pytest.mark.parametrize(
    ("change", "path", "reason"),
    [
        ({"number": "1"}, "number", "a whole number"),
        ({"number": True}, "number", "a whole number"),
        ({"number": 1.0}, "number", "a whole number"),
        ({"number": -1}, "number", "must be 0 to"),
        ({"number": 1 << 32}, "number", "must be 0 to"),
        ({"flag": 1}, "flag", "true or false"),
        ({"word": "c"}, "word", "'a', 'b'"),
        ({"word": ["a"]}, "word", "'a', 'b'"),
        ({"version": True}, "version", "one of 1"),
        ({"version": 2}, "version", "one of 1"),
        ({"inner": "n"}, "inner", "a table"),
        ({"inner": {}}, "inner.name", "missing"),
        ({"inner": {"name": 5}}, "inner.name", "text"),
        ({"inner": {"name": "a\nb"}}, "inner.name", "printable"),
        ({"inner": {"name": "x" * (MAX_TEXT + 1)}}, "inner.name", "at most"),
        ({"inner": {"name": "n", "colours": "RED"}}, "inner.colours", "a list"),
        ({"inner": {"name": "n", "colours": ["RED", "GREEN"]}}, "inner.colours[1]", "RED, BLUE"),
        ({"inner": {"name": "n", "colours": [1]}}, "inner.colours[0]", "RED, BLUE"),
        ({"inner": {"name": "n", "colours": ["RED"] * (MAX_ITEMS + 1)}}, "inner.colours", "at most"),
        ({"many": [{"name": "1"}, {"nam": "2"}]}, "many[1]", "unknown field 'nam'"),
        ({"maybe": None}, "maybe", "a whole number"),
        ({"perhaps": "y"}, "perhaps", "'x'"),
        ({"more": 1}, "", "unknown field 'more'"),
    ],
)
def test_i10_what_is_wrong_is_told_with_its_place(change: dict[str, object], path: str, reason: str) -> None:
    with pytest.raises(ProfileError) as caught:
        read_table(Outer, GOOD | change)
    assert caught.value.path == path
    assert reason in caught.value.reason


@pytest.mark.parametrize("nothing", [None, [], "text", 1])
def test_what_is_no_table(nothing: object) -> None:
    with pytest.raises(ProfileError):
        read_table(Outer, nothing)


def test_a_type_that_no_table_has_is_our_mistake() -> None:
    @dataclass(frozen=True)
    class Odd:
        data: bytes

    with pytest.raises(LocalProtocolError):
        read_table(Odd, {"data": "x"})
