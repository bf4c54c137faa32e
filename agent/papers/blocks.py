"""What a paper is built of: blocks that know how high they are, one below the other over as many sheets as needed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol

from agent.papers.fonts import FACE, MONO
from agent.papers.lines import broken, clipped
from agent.papers.sheet import GREY, INK, Sheets
from agent.papers.words import Words

MAX_TEXT = 6_000
MAX_LINES = 60
"""Of one text: a sheet holds more, so no block is higher than a sheet."""


class Block(Protocol):
    """Something to draw.

    Attributes:
        height: In points.
        with_next: Whether it may not be the last on a sheet.
    """

    height: float
    with_next: bool

    def draw(self, sheets: Sheets, x: float, top: float) -> None:
        """Draw it with its upper left corner there."""


@dataclass(frozen=True)
class Style:
    """Sizes of text in points.

    Args:
        scale: Makes all of them smaller, so that a case fits onto one sheet.
    """

    scale: float = 1.0

    @property
    def body(self) -> float:
        """Values and sentences."""
        return 7.7 * self.scale

    @property
    def small(self) -> float:
        """Labels, and the cells of tables."""
        return 6.3 * self.scale

    @property
    def lead(self) -> float:
        """From one line of the body to the next."""
        return self.body * 1.3


def _lines(text: str, room: float, size: float, face: str) -> list[str]:
    lines = broken(text[:MAX_TEXT], room, size, face)
    return lines if len(lines) <= MAX_LINES else [*lines[: MAX_LINES - 1], "…"]


@dataclass
class Heading:
    """The heading of a section under a hairline."""

    words: Words
    room: float
    style: Style
    colour: str
    with_next: bool = True

    def __post_init__(self) -> None:
        self.height = 20.5 * self.style.scale

    def draw(self, sheets: Sheets, x: float, top: float) -> None:
        """Draw it."""
        scale = self.style.scale
        sheets.rule(x, top + 4.5 * scale, self.room)
        base = top + 15.6 * scale
        wide = sheets.text(x, base, self.words.zh, 8.6 * scale, self.colour)
        sheets.text(x + wide + 5 * scale, base, self.words.en, 6.9 * scale, GREY)


@dataclass(frozen=True)
class Cell:
    """A value under its label.

    Args:
        words: The label.
        value: The value.
        span: How many columns it takes.
        mono: Whether it is a digest or the like.
        colour: Of the value.
    """

    words: Words
    value: str
    span: int = 1
    mono: bool = False
    colour: str = INK


class GridRow:
    """A row of values under their labels.

    Args:
        cells: From left to right.
        columns: How many columns the row has.
        room: Its width in points.
        style: Sizes.
    """

    with_next = False

    def __init__(self, cells: Sequence[Cell], columns: int, room: float, style: Style) -> None:
        self.style = style
        gap = 12.0
        unit = (room + gap) / columns
        self.cells: list[tuple[float, Cell, str, list[str], float, str]] = []
        offset, high = 0.0, 1
        for cell in cells:
            wide = unit * cell.span - gap
            face, size = (MONO, style.body * 0.805) if cell.mono else (FACE, style.body)
            lines = _lines(cell.value, wide, size, face)
            high = max(high, len(lines))
            self.cells.append((offset, cell, clipped(str(cell.words), wide, style.small), lines, size, face))
            offset += unit * cell.span
        self.height = style.small * 1.25 + high * style.lead + 2.6 * style.scale

    def draw(self, sheets: Sheets, x: float, top: float) -> None:
        """Draw it."""
        style = self.style
        for offset, cell, label, lines, size, face in self.cells:
            sheets.text(x + offset, top + style.small, label, style.small, GREY)
            base = top + style.small * 1.25 + style.body * 1.02
            for number, line in enumerate(lines):
                sheets.text(x + offset, base + number * style.lead, line, size, cell.colour, face)


def grid(cells: Sequence[Cell], columns: int, room: float, style: Style) -> list[Block]:
    """Put values into rows, each filled before the next is begun."""
    rows: list[Block] = []
    row: list[Cell] = []
    for cell in cells:
        if sum(each.span for each in row) + cell.span > columns:
            rows.append(GridRow(row, columns, room, style))
            row = []
        row.append(cell)
    return [*rows, GridRow(row, columns, room, style)] if row else rows


class Twin:
    """A sentence in both languages, side by side; over the whole width where there is only one.

    Args:
        words: The sentence; the Chinese one may be empty.
        room: Width of both in points.
        style: Sizes.
        mark: Stands before both.
        colour: Of the mark.
    """

    with_next = False

    def __init__(self, words: Words, room: float, style: Style, mark: str = "", colour: str = INK) -> None:
        self.style, self.mark, self.colour = style, mark, colour
        self.size = style.body * 0.9
        self.indent = 9.0 * style.scale if mark else 0.0
        gap = 14.0
        self.right = room * 0.44
        one = room - self.indent
        both = words.zh and words.zh != words.en
        self.zh = _lines(words.zh, self.right - gap - self.indent, self.size, FACE) if both else []
        self.en = _lines(words.en, room - self.right if both else one, self.size, FACE)
        if not both:
            self.right = self.indent
        self.height = max(len(self.zh), len(self.en)) * self.lead + 1.6 * style.scale

    @property
    def lead(self) -> float:
        """From line to line."""
        return self.size * 1.3

    def draw(self, sheets: Sheets, x: float, top: float) -> None:
        """Draw it."""
        base = top + self.size * 1.05
        if self.mark:
            sheets.text(x, base, self.mark, self.size, self.colour)
        for number, line in enumerate(self.zh):
            sheets.text(x + self.indent, base + number * self.lead, line, self.size)
        for number, line in enumerate(self.en):
            sheets.text(x + self.right, base + number * self.lead, line, self.size)


@dataclass(frozen=True)
class Column:
    """A column of a table.

    Args:
        words: Its head.
        share: Its part of the table's width.
        mono: Whether it holds digests and the like.
    """

    words: Words
    share: float
    mono: bool = False


@dataclass
class TableRow:
    """A row of a table, each cell one line.

    Args:
        columns: The table's columns.
        values: Their values; those of the head are the columns' own words.
        room: Width of the table in points.
        style: Sizes.
        colour: Of the values.
        with_next: Whether it may not be the last on a sheet.
    """

    columns: Sequence[Column]
    values: Sequence[str]
    room: float
    style: Style
    colour: str = INK
    with_next: bool = False

    def __post_init__(self) -> None:
        self.height = self.style.small * 1.55

    def draw(self, sheets: Sheets, x: float, top: float) -> None:
        """Draw it."""
        whole = sum(column.share for column in self.columns)
        for column, value in zip(self.columns, self.values, strict=True):
            wide = self.room * column.share / whole
            face = MONO if column.mono and self.colour != GREY else FACE
            size = self.style.small * (0.94 if face == MONO else 1.0)
            shown = clipped(value, wide - 4, size, face)
            sheets.text(x, top + self.style.small * 1.1, shown, size, self.colour, face)
            x += wide


def table(columns: Sequence[Column], rows: Sequence[Sequence[str]], room: float, style: Style) -> list[Block]:
    """Make a table with its head."""
    head = TableRow(columns, [str(column.words) for column in columns], room, style, GREY, with_next=True)
    return [head, *(TableRow(columns, row, room, style) for row in rows)]


@dataclass
class Beside:
    """Two stacks of blocks side by side; as high as the higher one, and never broken.

    Args:
        left: On the left.
        right: On the right.
        offset: Where the right one begins, in points from the left edge.
    """

    left: Sequence[Block]
    right: Sequence[Block]
    offset: float
    with_next: bool = False
    height: float = field(init=False)

    def __post_init__(self) -> None:
        self.height = max(sum(each.height for each in side) for side in (self.left, self.right))

    def draw(self, sheets: Sheets, x: float, top: float) -> None:
        """Draw both."""
        for side, left in ((self.left, x), (self.right, x + self.offset)):
            below = top
            for each in side:
                each.draw(sheets, left, below)
                below += each.height


def spread(blocks: Sequence[Block], first: float, following: float) -> list[list[Block]]:
    """Spread blocks over sheets.

    Args:
        blocks: From top to bottom.
        first: Room on the first sheet, in points.
        following: Room on every other.

    Returns:
        The blocks of each sheet; one sheet at the least.
    """
    pages: list[list[Block]] = [[]]
    left = first
    for index, block in enumerate(blocks):
        need = block.height
        ahead = index
        while blocks[ahead].with_next and ahead + 1 < len(blocks):
            ahead += 1
            need += blocks[ahead].height
        if need > left and pages[-1]:
            pages.append([])
            left = following
        pages[-1].append(block)
        left -= block.height
    return pages
