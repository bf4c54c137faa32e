"""A terminal's display drawn with lines around it."""

from agent.cli.cells import cell_width
from agent.cli.screen_box import boxed


def test_chinese_stands_in_its_cells():
    assert boxed(["设备 12345678", "TUSN:", ""], 16) == [
        "┌────────────────┐",
        "│设备 12345678   │",
        "│TUSN:           │",
        "│                │",
        "└────────────────┘",
    ]


def test_a_row_that_is_too_long_makes_the_box_wider():
    lines = boxed(["解绑" * 6, "1"], 16)
    assert {cell_width(line) for line in lines} == {26}


def test_a_row_cannot_move_the_cursor():
    assert "\x1b" not in "".join(boxed(["\x1b[2J"], 16))
