"""JSON as evidence holds it: RFC 8785 canonical form out, and strictly that form in."""

from __future__ import annotations

import json
from typing import Any, NoReturn

import rfc8785

from agent.evidence.errors import EvidenceRejected

MAX_DEPTH = 32

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
    try:
        value: Json = json.loads(
            data.decode(),
            object_pairs_hook=_without_duplicates,
            parse_float=_no_fraction,
            parse_constant=_no_fraction,
        )
    except (ValueError, RecursionError) as fault:
        raise EvidenceRejected("json-broken", document=document, why=type(fault).__name__) from None
    if _deeper_than(value, MAX_DEPTH):
        raise EvidenceRejected("json-broken", document=document, why="depth")
    try:
        canonical = rfc8785.dumps(value)
    except rfc8785.CanonicalizationError:
        raise EvidenceRejected("json-not-canonical", document=document) from None
    if canonical != data:
        raise EvidenceRejected("json-not-canonical", document=document)
    return value


def _without_duplicates(pairs: list[tuple[str, Json]]) -> dict[str, Json]:
    made = dict(pairs)
    if len(made) != len(pairs):
        raise ValueError("a key stands twice")
    return made


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
