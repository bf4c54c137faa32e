"""Chinese is Chinese, with its own punctuation."""

from __future__ import annotations

import re

from agent.cli.texts import texts_of, zh, zh_errors

CHINESE = {**zh.TEXTS, **zh_errors.TEXTS}

NOT_WORDS = {
    "end.comma",
    "verify.dash",
    "verify.because",
    "help.options-metavar",
    "help.command-metavar",
    "help.colon",
    "finding.other",
}


def test_every_text_is_chinese() -> None:
    foreign = {key: text for key, text in CHINESE.items() if not re.search(r"[\u4e00-\u9fff]", text)}
    assert set(foreign) <= NOT_WORDS, foreign


def test_no_english_punctuation_after_chinese() -> None:
    odd = [text for text in CHINESE.values() if re.search(r"[\u4e00-\u9fff][,;:?!]", text)]
    assert not odd


def test_other_languages_fall_back_to_english() -> None:
    assert texts_of("zh").language == "zh"
    assert texts_of("fr").language == "en"
