"""Letters by taps."""

from __future__ import annotations

import random

import pytest

from protocols.multitap import CHARACTERS, SETTLE, TAPS, key_of, next_tap, tap
from protocols.words import Key


def typed(keys: list[Key]) -> str:
    text, open_key = "", None
    for key in keys:
        text, open_key = tap(text, open_key, key)
    return text


@pytest.mark.parametrize(
    ("keys", "text"),
    [
        ([Key.DIGIT_3], "3"),
        ([Key.DIGIT_3] * 2, "D"),
        ([Key.DIGIT_3] * 5, "3"),
        ([Key.DIGIT_1, SETTLE, Key.DIGIT_1], "11"),
        ([Key.DIGIT_1, Key.DIGIT_1], "-"),
        ([Key.DIGIT_0, Key.DIGIT_0], "0"),
        ([Key.DIGIT_2, Key.DIGIT_3, Key.DIGIT_2], "232"),
    ],
)
def test_taps(keys: list[Key], text: str) -> None:
    assert typed(keys) == text


def test_each_character_is_on_one_key() -> None:
    assert sum(map(len, TAPS.values())) == len(CHARACTERS) == 37
    assert key_of("D") is Key.DIGIT_3
    with pytest.raises(KeyError):
        key_of("d")


@pytest.mark.parametrize("wanted", ["D20-12345678", "11", "AAAA", "Z", "0-0-", "S7PQ"])
def test_the_next_tap_leads_to_the_text(wanted: str) -> None:
    text, open_key = "", None
    for _ in range(100):
        if text == wanted:
            return
        key = next_tap(text, wanted, open_key)
        assert key is not None
        text, open_key = tap(text, open_key, key)
    pytest.fail(text)


@pytest.mark.parametrize(("shown", "open_key"), [("E9", None), ("DD", Key.DIGIT_3), ("D200", Key.DIGIT_0), ("3", None)])
def test_what_no_tap_can_right_is_deleted(shown: str, open_key: Key | None) -> None:
    assert next_tap(shown, "D20", open_key) is None


def test_i10_any_text_gets_there_after_any_taps_and_deletions() -> None:
    source = random.Random(5)
    alphabet = sorted(CHARACTERS)
    for _ in range(300):
        wanted = "".join(source.choices(alphabet, k=8))
        text, open_key = "".join(source.choices(alphabet, k=source.randrange(10))), None
        for _ in range(200):
            if text == wanted:
                break
            key = next_tap(text, wanted, open_key)
            text, open_key = (text[:-1], None) if key is None else tap(text, open_key, key)
        assert text == wanted, "seed 5"
