"""Chinese is Chinese, with its own punctuation."""

from __future__ import annotations

import re

import pytest

from agent.cli.texts import texts_of, zh

NOT_WORDS = {"end.comma", "verify.dash", "help.options-metavar", "help.command-metavar", "help.colon", "finding.other"}


@pytest.mark.parametrize("key", sorted(set(zh.TEXTS) - NOT_WORDS))
def test_every_text_is_chinese(key: str) -> None:
    assert re.search(r"[\u4e00-\u9fff]", zh.TEXTS[key]), zh.TEXTS[key]


@pytest.mark.parametrize("key", sorted(zh.TEXTS))
def test_no_english_punctuation_after_chinese(key: str) -> None:
    assert not re.search(r"[\u4e00-\u9fff][,;:?!]", zh.TEXTS[key]), zh.TEXTS[key]


def test_other_languages_fall_back_to_english() -> None:
    assert texts_of("zh").language == "zh"
    assert texts_of("fr").language == "en"
