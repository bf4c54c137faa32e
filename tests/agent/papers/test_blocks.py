import pytest

from agent.papers.blocks import MAX_LINES, Beside, Cell, Column, Heading, Style, TableRow, Twin, grid, spread, table
from agent.papers.sheet import HEIGHT
from agent.papers.words import Words

WORDS = Words("字", "word")


class Box:
    def __init__(self, height, with_next=False):
        self.height, self.with_next, self.at = height, with_next, None

    def draw(self, _sheets, x, top):
        self.at = (x, top)


def test_blocks_that_do_not_fit_go_onto_the_next_sheet():
    boxes = [Box(40), Box(40), Box(40)]
    assert spread(boxes, 80, 100) == [boxes[:2], boxes[2:]]


def test_a_heading_is_never_the_last_on_a_sheet():
    boxes = [Box(50), Box(20, with_next=True), Box(40)]
    assert spread(boxes, 100, 100) == [boxes[:1], boxes[1:]]


def test_what_is_higher_than_a_sheet_does_not_make_empty_sheets():
    boxes = [Box(500), Box(10)]
    assert spread(boxes, 100, 100) == [boxes[:1], boxes[1:]]
    assert spread([], 100, 100) == [[]]


def test_a_grid_fills_rows():
    cells = [Cell(WORDS, "a"), Cell(WORDS, "b", span=2), Cell(WORDS, "c", span=2)]
    assert [len(row.cells) for row in grid(cells, 4, 400, Style())] == [2, 1]


def test_a_row_is_as_high_as_its_highest_value():
    low, high = (grid([Cell(WORDS, text)], 4, 400, Style())[0] for text in ("a", "字" * 100))
    assert high.height > low.height + 5 * Style().lead


def test_no_text_is_higher_than_a_sheet():
    assert grid([Cell(WORDS, "字" * 100_000)], 4, 400, Style())[0].height < HEIGHT - 150
    assert Twin(Words("字" * 100_000, "word " * 9_000), 400, Style()).height < HEIGHT - 150
    assert len(Twin(Words("字" * 100_000, "w"), 400, Style()).zh) == MAX_LINES


def test_one_language_takes_the_whole_width():
    both = Twin(Words("字 " * 40, "word " * 40), 400, Style())
    alone = Twin(Words("", "word " * 40), 400, Style())
    assert len(alone.en) < len(both.en)


def test_beside_is_as_high_as_the_higher_side_and_draws_both():
    left, below, right = Box(10), Box(10), Box(15)
    block = Beside([left, below], [right], 100)
    assert block.height == 20
    block.draw(None, 5, 50)
    assert (left.at, below.at, right.at) == ((5, 50), (5, 60), (105, 50))


def test_the_head_of_a_table_stays_with_its_first_row():
    head, row = table([Column(WORDS, 1)], [["a"]], 100, Style())
    assert isinstance(head, TableRow)
    assert (head.with_next, row.with_next) == (True, False)


@pytest.mark.parametrize("scale", [1.0, 0.9])
def test_everything_scales(scale):
    assert Heading(WORDS, 100, Style(scale), "#000000").height == pytest.approx(
        scale * Heading(WORDS, 100, Style(), "#000000").height
    )
