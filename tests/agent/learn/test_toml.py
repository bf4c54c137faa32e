"""What is written is read back."""

from __future__ import annotations

import tomllib
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from agent.learn.toml import Plain, toml_text

ROOT = Path(__file__).parents[3]
TEXT = st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=20)
NAME = st.from_regex(r"[a-z_]{1,8}", fullmatch=True)
FLAT = st.dictionaries(NAME, st.one_of(TEXT, st.integers(0, 9999), st.booleans(), st.lists(TEXT, max_size=3)))


@settings(deadline=None, max_examples=25)
@given(FLAT, st.dictionaries(NAME.map(lambda name: f"t{name}"), st.lists(FLAT.filter(bool), min_size=1, max_size=3)))
def test_any_plain_table_comes_back(flat: dict[str, Plain], lists: dict[str, list[dict[str, Plain]]]) -> None:
    table = {**flat, **lists, "inner": {"a": 1, "more": {"b": "x"}}}
    assert tomllib.loads(toml_text(table)) == table  # type: ignore[arg-type]


def test_a_real_profile_comes_back() -> None:
    for path in sorted(ROOT.glob("firmware-notes/*/profile.toml")):
        table = tomllib.loads(path.read_text(encoding="utf-8"))
        assert tomllib.loads(toml_text(table)) == table
