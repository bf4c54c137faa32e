"""Checking the transactions of an export that comes from anywhere: each field of the kind and form that is written."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, Final

from agent.export.lines import ENTRY_MODE_WORDS, FIELDS, KIND_WORDS, LARGEST_NUMBER, SCHEME_WORDS

_ACCOUNT = re.compile(r"[0-9]{6}\*{3,9}[0-9]{4}|\*{0,12}")
_TIME = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(?:Z|[+-][0-9]{2}:[0-9]{2})")


def _number(value: Any) -> bool:
    return type(value) is int and 0 <= value <= LARGEST_NUMBER


def _amount(value: Any) -> bool:
    return type(value) is int and -LARGEST_NUMBER <= value <= LARGEST_NUMBER


def _of(words: frozenset[str]) -> Callable[[Any], bool]:
    return lambda value: type(value) is str and value in words


def _text(most: int) -> Callable[[Any], bool]:
    return lambda value: type(value) is str and len(value) <= most and value.isprintable()


def _like(pattern: re.Pattern[str]) -> Callable[[Any], bool]:
    return lambda value: type(value) is str and pattern.fullmatch(value) is not None


FORMS: Final[dict[str, Callable[[Any], bool]]] = {
    "account": _like(_ACCOUNT),
    "amount": _amount,
    "authorisation": _text(6),
    "batch": _number,
    "currency": _number,
    "entry_mode": _of(frozenset(ENTRY_MODE_WORDS.values())),
    "kind": _of(frozenset(KIND_WORDS.values())),
    "number": _number,
    "original_trace": _number,
    "reference": _text(12),
    "response": _text(2),
    "scheme": _of(frozenset(SCHEME_WORDS.values())),
    "settled": lambda value: type(value) is bool,
    "time": _like(_TIME),
    "trace": _number,
}
"""The form of each field."""


def well_formed(row: Any) -> bool:
    """Tell whether a parsed line is a transaction as exports hold them.

    Args:
        row: Whatever JSON gave.
    """
    return type(row) is dict and tuple(row) == FIELDS and all(FORMS[name](value) for name, value in row.items())
