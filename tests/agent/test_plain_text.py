import pytest

from agent.plain_text import MAX_TEXT, encodable, plain_text


@pytest.mark.parametrize("text", ["", "门店关闭 – closed", "x" * MAX_TEXT, "\U00020000", "a\u200db"])
def test_one_short_line_is_plain(text):
    assert plain_text(text)


@pytest.mark.parametrize(
    "text", ["x" * (MAX_TEXT + 1), "a\nb", "\t", "\x00", "\x1b[2J", "\x7f", "\x9b", "\u2028", "\u2029", "\udc80"]
)
def test_i10_what_is_long_or_no_line_is_not(text):
    assert not plain_text(text)


def test_the_length_can_be_less():
    assert plain_text("x" * 64, 64)
    assert not plain_text("x" * 65, 64)


def test_a_path_of_bytes_that_are_no_utf8_is_not_encodable():
    assert encodable("/台账/\n")
    assert not encodable("/\udcff")
