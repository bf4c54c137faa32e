"""Texts that a person or a file gives: short, in one line, and such that every file and statement can hold them."""

from __future__ import annotations

import unicodedata

MAX_TEXT = 500

_REFUSED = frozenset({"Cc", "Cs", "Zl", "Zp"})
"""Unicode's control characters, lone surrogates, and separators of lines and paragraphs."""


def plain_text(text: str, most: int = MAX_TEXT) -> bool:
    """Tell whether a text is short and in one line.

    Args:
        text: The text; an empty one is plain.
        most: How many characters it may have.
    """
    return len(text) <= most and not any(unicodedata.category(each) in _REFUSED for each in text)


def encodable(text: str) -> bool:
    """Tell whether a text can be written as UTF-8: Python reads bytes of a path that are none as lone surrogates.

    Args:
        text: The text.
    """
    return not any("\ud800" <= each <= "\udfff" for each in text)
