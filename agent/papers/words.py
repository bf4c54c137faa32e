"""What stands on papers beside the facts, in both languages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple


class Words(NamedTuple):
    """The same in both languages.

    Args:
        zh: Chinese.
        en: English.
    """

    zh: str
    en: str


RESULTS: Mapping[str, Words] = {
    "PASS": Words("合格", "PASS"),
    "FAIL": Words("不合格", "FAIL"),
    "UNKNOWN": Words("未定", "UNKNOWN"),
}
"""Results by name; what is named otherwise is as bad as not known."""


def result_words(result: str) -> Words:
    """Return the words for a result; those of UNKNOWN where there are none."""
    return RESULTS.get(result, RESULTS["UNKNOWN"])
