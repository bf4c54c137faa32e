"""Strict reading of plain tables (as TOML gives them) into frozen dataclasses."""

from __future__ import annotations

import dataclasses
import types
import typing
from enum import Enum
from functools import cache
from typing import Any, Literal, TypeVar

from protocols.errors import LocalProtocolError, ProfileError

TableT = TypeVar("TableT")

MAX_TEXT = 1000
MAX_ITEMS = 256
MAX_NUMBER = (1 << 32) - 1


def read_table(kind: type[TableT], table: object, path: str = "") -> TableT:
    """Build a dataclass from a table of the same names.

    Fields may be text, whole numbers (0 to 2³²-1), true and false, enum members by their name, one of several words,
    tuples and tables of these. A field with a default may be left out; a field of no name is an error.

    Args:
        kind: A frozen dataclass.
        table: The table.
        path: Where it stands, for errors.

    Returns:
        The dataclass.

    Raises:
        ProfileError: A field is missing, unknown, or of the wrong type.
    """
    if not isinstance(table, dict):
        raise ProfileError(path, "must be a table")
    hints = _hints_of(kind)  # type: ignore[arg-type]  # every class is hashable
    fields = {field.name: field for field in dataclasses.fields(kind)}  # type: ignore[arg-type]
    for name in table:
        if name not in fields:
            raise ProfileError(path, f"unknown field {str(name)[:40]!r}")
    values: dict[str, Any] = {}
    for name, field in fields.items():
        here = f"{path}.{name}" if path else name
        if name in table:
            values[name] = _read(hints[name], table[name], here)
        elif field.default is dataclasses.MISSING and field.default_factory is dataclasses.MISSING:
            raise ProfileError(here, "is missing")
    return kind(**values)


# Annotations are text until they are compiled, which costs more than all the rest of reading a profile.
@cache
def _hints_of(kind: type) -> dict[str, Any]:
    return typing.get_type_hints(kind)


def _read(hint: Any, value: object, path: str) -> Any:
    origin = typing.get_origin(hint)
    if origin in (types.UnionType, typing.Union):  # only ever "X or None", and None is what leaving it out means
        return _read(typing.get_args(hint)[0], value, path)
    if origin is Literal:
        words = typing.get_args(hint)
        if type(value) not in {type(word) for word in words} or value not in words:
            raise ProfileError(path, "must be one of " + ", ".join(map(repr, words)))
        return value
    if origin is tuple:
        return _read_list(typing.get_args(hint)[0], value, path)
    if dataclasses.is_dataclass(hint) and isinstance(hint, type):
        return read_table(hint, value, path)
    if isinstance(hint, type) and issubclass(hint, Enum):
        return _read_member(hint, value, path)
    return _read_plain(hint, value, path)


def _read_list(item: Any, value: object, path: str) -> tuple[Any, ...]:
    if not isinstance(value, list):
        raise ProfileError(path, "must be a list")
    if len(value) > MAX_ITEMS:
        raise ProfileError(path, f"has {len(value)} items, at most {MAX_ITEMS} allowed")
    return tuple(_read(item, each, f"{path}[{place}]") for place, each in enumerate(value))


def _read_member(hint: type[Enum], value: object, path: str) -> Enum:
    if not isinstance(value, str) or value not in hint.__members__:
        raise ProfileError(path, "must be one of " + ", ".join(hint.__members__))
    return hint[value]


def _read_plain(hint: Any, value: object, path: str) -> Any:
    if hint is str and type(value) is str:
        if len(value) > MAX_TEXT or not value.isprintable():
            raise ProfileError(path, f"must be printable text of at most {MAX_TEXT} characters")
        return value
    if hint is int and type(value) is int:
        if not 0 <= value <= MAX_NUMBER:
            raise ProfileError(path, f"must be 0 to {MAX_NUMBER}")
        return value
    if hint is bool and type(value) is bool:
        return value
    words = {str: "text", int: "a whole number", bool: "true or false"}
    if hint not in words:
        raise LocalProtocolError(f"a table cannot carry {hint!r}")
    raise ProfileError(path, f"must be {words[hint]}")
