"""Text on a screen of fixed-width cells, where a Chinese character takes two (Unicode Standard Annex #11)."""

from __future__ import annotations

import unicodedata

NEVER_FIRST = "，。、；：？！）》」』”’…%,.;:?!)]}"
"""Characters that no line begins with."""

UNPRINTABLE = frozenset({"Cc", "Cf", "Cs", "Cn", "Co", "Zl", "Zp"})
"""General categories (Unicode Standard, section 4.5): control, format, surrogate, unassigned, private, separators."""


def printable(text: str) -> str:
    """Replace everything that could move a cursor, colour a screen or turn the writing round.

    Args:
        text: Text from outside: from a terminal, a file, a path.

    Returns:
        The text with control, format, surrogate and unassigned characters written as escapes.
    """
    return "".join(
        _escape(character) if unicodedata.category(character) in UNPRINTABLE else character for character in text
    )


def _escape(character: str) -> str:
    return character.encode("unicode_escape", "surrogatepass").decode("ascii")


def cell_width(text: str) -> int:
    """Count the cells that a text takes."""
    return sum(_cells(character) for character in text)


def _cells(character: str) -> int:
    if unicodedata.combining(character):
        return 0
    return 2 if unicodedata.east_asian_width(character) in ("W", "F") else 1


def pad(text: str, width: int) -> str:
    """Fill a text with blanks up to a width in cells."""
    return text + " " * max(0, width - cell_width(text))


def wrap(text: str, width: int) -> list[str]:
    """Break a text into lines of at most so many cells, at blanks and between wide characters.

    Args:
        text: One paragraph.
        width: Cells a line; a word that is longer is cut.

    Returns:
        The lines, at least one.
    """
    width = max(width, 8)
    lines: list[str] = []
    line = ""
    for piece in _pieces(text):
        if cell_width(line) + cell_width(piece.rstrip()) > width and line.strip():
            lines.append(line.rstrip())
            line = piece.lstrip()
        else:
            line += piece
        while cell_width(line.rstrip()) > width:
            head = _cut(line, width)
            lines.append(head)
            line = line[len(head) :]
    if line.strip() or not lines:
        lines.append(line.rstrip())
    return lines


def _pieces(text: str) -> list[str]:
    """Split where a line may break; blanks stay with what is before them."""
    pieces: list[str] = []
    for at, character in enumerate(text):
        before = text[at - 1] if at else ""
        new = not before or (before == " " and character != " ")
        if before not in ("", " ") and character != " " and character not in NEVER_FIRST:
            new = _cells(character) == 2 or _cells(before) == 2
        if new:
            pieces.append(character)
        else:
            pieces[-1] += character
    return pieces


def _cut(line: str, width: int) -> str:
    taken = 0
    for at, character in enumerate(line):
        taken += _cells(character)
        if taken > width:
            return line[: max(at, 1)]
    return line
