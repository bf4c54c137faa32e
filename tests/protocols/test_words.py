"""The field's words as numbers; that they are those of the note is tested with the note."""

from __future__ import annotations

from enum import IntEnum

import pytest

from protocols import words
from protocols.words import Key

ENUMS = [each for each in vars(words).values() if isinstance(each, type) and each.__module__ == words.__name__]


@pytest.mark.parametrize("words_of", ENUMS, ids=lambda each: each.__name__)
def test_each_number_fits_a_byte_and_stands_for_one_word(words_of: type[IntEnum]) -> None:
    assert issubclass(words_of, IntEnum)
    assert all(0 <= word.value <= 255 for word in words_of)
    assert len(words_of.__members__) == len({word.value for word in words_of}), "two words for one number"


def test_digit_keys_are_their_ascii_characters() -> None:
    digits = [Key[f"DIGIT_{digit}"].value for digit in range(10)]
    assert bytes(digits) == b"0123456789"
    assert (chr(Key.STAR), chr(Key.HASH)) == ("*", "#")
