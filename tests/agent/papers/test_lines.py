import random

from agent.papers.fonts import MONO, printable, width
from agent.papers.lines import NOT_FIRST, broken, clipped


def test_latin_breaks_between_words_and_chinese_between_characters():
    assert broken("the terminal is empty", 60, 10) == ["the terminal", "is empty"]
    assert broken("终端已经清空", 30, 10) == ["终端已", "经清空"]


def test_no_line_begins_with_a_closing_mark_or_ends_with_an_opening_one():
    lines = broken("终端已，清空。（全部）", 30, 10)
    assert "".join(lines) == "终端已，清空。（全部）"
    assert not any(line[0] in NOT_FIRST for line in lines)
    assert not any(line.endswith("（") for line in lines)


def test_what_is_longer_than_a_line_is_cut_and_nothing_is_lost():
    assert "".join(broken("a" * 64, 50, 8, MONO)) == "a" * 64
    assert broken("", 50, 8) == [""]


def test_every_line_fits_whatever_the_text():
    draw = random.Random(4)
    for _ in range(200):
        text = "".join(draw.choices("ab 终端，。（😀é-", k=draw.randrange(1, 60)))
        lines = broken(text, 40, 8)
        assert all(width(line, 8) <= 40 + 1e-9 for line in lines), text
        assert "".join(lines).replace(" ", "") == printable(text).replace(" ", "")


def test_what_is_clipped_says_so_and_fits():
    assert clipped("short", 50, 8) == "short"
    shown = clipped("very long indeed", 30, 8)
    assert shown.endswith("…")
    assert width(shown, 8) <= 30
