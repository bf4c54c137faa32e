"""Widths, wrapping, and text that cannot move a cursor."""

from __future__ import annotations

import random

import pytest

from agent.cli.cells import cell_width, pad, printable, wrap


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("海科融通 H60", "海科融通 H60"),
        ("\x1b[2J", "\\x1b[2J"),
        ("a\nb\r", "a\\nb\\r"),
        ("\u202egnp", "\\u202egnp"),
        ("\udc80", "\\udc80"),
        ("\u2028", "\\u2028"),
    ],
)
def test_control_characters_become_escapes(text: str, shown: str) -> None:
    assert printable(text) == shown


def test_chinese_takes_two_cells() -> None:
    assert cell_width("终端 H60") == 8
    assert pad("终端", 6) == "终端  "
    assert cell_width("e\u0301") == 1


def test_wraps_between_chinese_characters_and_never_begins_with_punctuation() -> None:
    assert wrap("请检查线缆、端口和电源。", 10) == ["请检查线", "缆、端口和", "电源。"]


def test_wraps_at_blanks_and_cuts_what_is_too_long() -> None:
    assert wrap("one two three", 9) == ["one two", "three"]
    assert wrap("0123456789abcdef", 10) == ["0123456789", "abcdef"]
    assert wrap("", 10) == [""]


def test_no_line_is_wider_than_asked_and_nothing_is_lost() -> None:
    draw = random.Random(7)
    alphabet = "ab c，。终端退役 (x) \u0301"
    for _ in range(500):
        text = "".join(draw.choice(alphabet) for _ in range(draw.randrange(60)))
        width = draw.randrange(8, 30)
        lines = wrap(text, width)
        assert all(cell_width(line) <= width for line in lines), (text, width)
        assert "".join(lines).replace(" ", "") == text.replace(" ", ""), (text, width)
