"""Profiles from plain tables."""

from __future__ import annotations

import copy
import random
import tomllib
from typing import Any

import pytest

from protocols.errors import ProfileError
from protocols.profile import Profile, profile_from_table
from protocols.words import BindingKind, KeyKind, RegionHolds, Technique
from tests.lint.repo import NOTES

TABLE = tomllib.loads((NOTES / "haike-h60" / "profile.toml").read_text(encoding="utf-8"))


def changed(path: str, value: object) -> dict[str, Any]:
    """The profile of haike-h60 with one field changed."""
    table: Any = copy.deepcopy(TABLE)
    here = table
    *way, last = [int(step) if step.isdecimal() else step for step in path.split(".")]
    for step in way:
        here = here[step]
    here[last] = value
    return table


def test_the_profile_of_haike_h60() -> None:
    profile = profile_from_table(TABLE)
    assert (profile.model, profile.family) == ("haike-h60", "pmp")
    assert (profile.wipe.technique, profile.wipe.method) == (Technique.BLOCK_ERASE, "Clear")
    assert {region.holds for region in profile.regions} == set(RegionHolds)
    assert {slot.kind for slot in profile.key_slots if not slot.survives_wipe} == set(KeyKind) - {KeyKind.IDENTITY}
    assert sum(binding.kind is BindingKind.MERCHANT for binding in profile.bindings) == 4
    assert profile.menu is not None
    assert not profile.identification.verified_on_hardware


@pytest.mark.parametrize(
    ("path", "value", "reason"),
    [
        ("schema", 2, "one of 1"),
        ("identification.source", "hearsay", "one of"),
        ("identification.verified_on_hardware", "no", "true or false"),
        ("link.baud", 0, "not be 0"),
        ("link.baud", 1_000_000, "less than baud"),
        ("link.highest_baud", 300, "less than baud"),
        ("link.parity", "mark", "one of"),
        ("link.stop_bits", 3, "one of"),
        ("link.flow", True, "one of"),
        ("link.private", "yes", "one of"),
        ("link.datasets", "kermit", "one of"),
        ("wipe.method", "Erase", "Clear"),
        ("wipe.technique", "block erase", "BLOCK_ERASE"),
        ("regions.1.name", "journal", "twice"),
        ("key_slots.1.slot", 1, "twice"),
        ("bindings.1.name", "printer", "twice"),
        ("quirks", [{"id": "a", "what": {"zh": "甲", "en": "a"}}] * 2, "twice"),
        ("regions.5.technique", "OVERWRITE", "wipeable"),
        ("regions.0.wipeable", False, "wipeable"),
        ("menu.screens.0.id", "main", "twice"),
        ("colour", "red", "unknown field"),
    ],
)
def test_i10_what_is_wrong_is_told(path: str, value: object, reason: str) -> None:
    with pytest.raises(ProfileError, match=reason):
        profile_from_table(changed(path, value))


@pytest.mark.parametrize("name", ["schema", "identification", "link", "wipe"])
def test_i10_what_is_missing_is_told(name: str) -> None:
    with pytest.raises(ProfileError, match="missing"):
        profile_from_table({key: value for key, value in TABLE.items() if key != name})


def leaves(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """All paths into a table."""
    found = [path]
    steps = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for step, below in steps:
        found += leaves(below, (*path, step))
    return found


def test_i10_any_table_is_a_profile_or_a_profile_error() -> None:
    seed = 8
    source = random.Random(seed)
    paths = [path for path in leaves(TABLE) if path]
    values: list[object] = [None, 0, -1, 1.5, True, "", "x", "{", "\0", [], {}, [[]], [{}], "idle", "CANCEL", 10**30]
    for turn in range(300):
        table: Any = copy.deepcopy(TABLE)
        path, value = source.choice(paths), source.choice(values)
        here = table
        for step in path[:-1]:
            here = here[step]
        here[path[-1]] = value
        try:
            assert isinstance(profile_from_table(table), Profile), f"seed {seed}, turn {turn}"
        except ProfileError:
            continue
