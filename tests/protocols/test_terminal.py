"""What terminals tell of themselves are frozen values that a layout can carry."""

from __future__ import annotations

import dataclasses
import typing
from enum import IntEnum
from typing import Any

import pytest

from protocols import terminal

FACTS = [
    each for each in vars(terminal).values() if dataclasses.is_dataclass(each) and each.__module__ == terminal.__name__
]


def portable(hint: Any) -> bool:
    """Tell whether a type is one that a layout carries."""
    if typing.get_origin(hint) is tuple:
        item, more = typing.get_args(hint)
        return more is Ellipsis and portable(item)
    return hint in (int, str, bytes, bool) or hint in FACTS or issubclass(hint, IntEnum)


@pytest.mark.parametrize("fact", FACTS, ids=lambda fact: fact.__name__)
def test_facts_are_frozen_comparable_and_portable(fact: type) -> None:
    assert fact.__dataclass_params__.frozen  # type: ignore[attr-defined]
    assert fact.__dataclass_params__.eq  # type: ignore[attr-defined]
    assert all(portable(hint) for hint in typing.get_type_hints(fact).values())
