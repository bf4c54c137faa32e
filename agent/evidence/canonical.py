"""JSON as evidence holds it: RFC 8785 canonical form out, and strictly that form in."""

from __future__ import annotations

import json
from typing import Any, NoReturn

import rfc8785

from agent.evidence.errors import EvidenceRejected

MAX_DEPTH = 32
SURE_DIGITS = 15
"""Integers of so many digits are below 2^53, whatever they are."""

Json = None | bool | int | str | list["Json"] | dict[str, "Json"]


def canonical_json(value: Any) -> bytes:
    """Write a value in canonical form (RFC 8785).

    Args:
        value: Objects, lists, texts, integers up to 2^53 - 1, booleans and null.

    Raises:
        EvidenceRejected: ``json-value``: it holds something else, such as a text that is not Unicode.
    """
    try:
        return rfc8785.dumps(value)
    except rfc8785.CanonicalizationError as fault:
        raise EvidenceRejected("json-value", why=str(fault)) from None


def parse_json(data: bytes, document: str, *, max_bytes: int) -> Json:
    """Read a document that must be in canonical form, so that its bytes and its meaning are one.

    Args:
        data: The document.
        document: Its name, for the error.
        max_bytes: Longest document that is looked at.

    Raises:
        EvidenceRejected: ``json-too-large``, ``json-broken`` (no JSON, a key twice, a fraction, too deep) or
            ``json-not-canonical``.
    """
    if len(data) > max_bytes:
        raise EvidenceRejected("json-too-large", document=document, bytes=len(data), limit=max_bytes)
    reader = _Reader()
    try:
        value: Json = json.loads(
            data.decode(),
            object_pairs_hook=reader.pairs,
            parse_int=reader.integer,
            parse_float=_no_fraction,
            parse_constant=_no_fraction,
        )
    except (ValueError, RecursionError) as fault:
        raise EvidenceRejected("json-broken", document=document, why=type(fault).__name__) from None
    if _deeper_than(value, MAX_DEPTH):
        raise EvidenceRejected("json-broken", document=document, why="depth")
    if not reader.needs_care and _quickly(value) == data:
        return value
    try:
        canonical = rfc8785.dumps(value)
    except rfc8785.CanonicalizationError:
        raise EvidenceRejected("json-not-canonical", document=document) from None
    if canonical != data:
        raise EvidenceRejected("json-not-canonical", document=document)
    return value


def same_json(one: Any, other: Any) -> bool:
    """Tell whether two values are written alike: to Python 1 and true are equal, to whoever reads JSON they are not.

    Raises:
        EvidenceRejected: ``json-value``: one of them cannot be written.
    """
    return _alike(one, other) or canonical_json(one) == canonical_json(other)


def _alike(one: Any, other: Any) -> bool:
    """Tell that two values are the same in value and in type; what it says no to may still be written alike."""
    if type(one) is not type(other):
        return False
    if isinstance(one, dict):
        return one.keys() == other.keys() and all(_alike(value, other[key]) for key, value in one.items())
    if isinstance(one, list):
        return len(one) == len(other) and all(map(_alike, one, other))
    return bool(one == other)


def _quickly(value: Json) -> bytes:
    """Write what was read as JSON in a form that is canonical where it holds no odd key or number, many times faster.

    The standard library escapes as RFC 8785, 3.2.2.2, has it. It sorts keys by code points instead of UTF-16 units,
    which is another order beyond the basic plane, and writes integers of any size (`_Reader` looks for both).
    """
    try:
        return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
    except UnicodeEncodeError:
        return b""


class _Reader:
    """Reads the parts of a document, and notes whether `_quickly` could write one of them in another form."""

    def __init__(self) -> None:
        self.needs_care = False

    def pairs(self, pairs: list[tuple[str, Json]]) -> dict[str, Json]:
        made = dict(pairs)
        if len(made) != len(pairs):
            raise ValueError("a key stands twice")
        if not all(map(str.isascii, made)):
            self.needs_care = True
        return made

    def integer(self, digits: str) -> int:
        if len(digits) > SURE_DIGITS:
            self.needs_care = True
        return int(digits)


def _no_fraction(_text: str) -> NoReturn:
    raise ValueError("evidence holds whole numbers only")


def _deeper_than(value: Json, limit: int) -> bool:
    level = [value]
    for _ in range(limit):
        inner: list[Json] = []
        for each in level:
            if isinstance(each, dict):
                inner.extend(each.values())
            elif isinstance(each, list):
                inner.extend(each)
        if not inner:
            return False
        level = inner
    return True
