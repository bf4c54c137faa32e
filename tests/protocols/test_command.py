"""A command as one row of data."""

from __future__ import annotations

import dataclasses

import pytest

from protocols.command import CommandSpec, Effect
from protocols.pmp.commands import WIPE_START


def test_a_row_cannot_be_changed() -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        WIPE_START.effect = Effect.READ  # type: ignore[misc]


def test_there_are_three_effects() -> None:
    assert [effect.value for effect in Effect] == ["read", "write", "destructive"]


def test_a_row_says_all_that_a_session_needs() -> None:
    names = [field.name for field in dataclasses.fields(CommandSpec)]
    assert names == ["id", "name", "effect", "request", "response", "refusals", "timeout", "bulk", "bulk_request"]
