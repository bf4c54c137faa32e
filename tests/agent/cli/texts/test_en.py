"""Both languages say the same things."""

from __future__ import annotations

import string

import pytest

from agent.cli.texts import Texts, en, en_errors, texts_of, zh, zh_errors

ENGLISH = {**en.TEXTS, **en_errors.TEXTS}
CHINESE = {**zh.TEXTS, **zh_errors.TEXTS}


def placeholders(template: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(template) if name}


def test_both_languages_have_the_same_keys() -> None:
    assert set(ENGLISH) == set(CHINESE)


def test_both_languages_use_the_same_facts() -> None:
    differing = [key for key in ENGLISH if placeholders(ENGLISH[key]) != placeholders(CHINESE[key])]
    assert not differing


def test_every_command_has_a_short_first_line() -> None:
    first = [text.splitlines()[0] for key, text in ENGLISH.items() if key.startswith("command.")]
    assert all(10 < len(line) <= 90 and line.endswith(".") for line in first)


def test_i10_a_missing_fact_ends_nothing() -> None:
    assert "?" in texts_of("en")("error.no-such-case.what")


def test_a_fact_cannot_move_the_cursor() -> None:
    shown = texts_of("en")("cases.none", home="\x1b[2J{home}")
    assert "\x1b" not in shown
    assert "\\x1b[2J{home}" in shown


def test_unknown_words_are_shown_as_they_are() -> None:
    texts = Texts("en", {"step.wipe": "Wipe"})
    assert texts.word("step", "wipe") == "Wipe"
    assert texts.word("step", "new\n") == "new\\n"
    assert "step.wipe" in texts
    with pytest.raises(KeyError):
        texts("step.new")


def test_errors_are_loaded_when_they_are_asked_for() -> None:
    texts = texts_of("en")
    assert "help.usage" in texts
    assert texts("error.not-confirmed.what")
    assert not set(en.TEXTS) & set(en_errors.TEXTS)
