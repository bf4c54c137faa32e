"""Breaking text into lines: Latin between words, Chinese between characters, with its rules of punctuation."""

from __future__ import annotations

import re

from agent.papers.fonts import FACE, printable, width

_CJK = r"\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef"
_ATOM = re.compile(rf"[{_CJK}]| +|[^ {_CJK}]+")
NOT_FIRST = frozenset("、。，．：；！？）］｝〉》」』】〕…·”’")
"""May not begin a line; such a mark stays with what it follows (GB/T 15834-2011, 5.1)."""
NOT_LAST = frozenset("（［｛〈《「『【〔“‘")
"""May not end a line."""


def _atoms(text: str) -> list[str]:
    atoms: list[str] = []
    for each in _ATOM.findall(text):
        if atoms and (each[0] in NOT_FIRST or atoms[-1][-1] in NOT_LAST):
            atoms[-1] += each
        else:
            atoms.append(each)
    return atoms


def _pieces(atom: str, room: float, size: float, face: str) -> list[str]:
    """Cut an atom that is longer than a line, such as a digest, wherever the line is full."""
    pieces, piece, used = [], "", 0.0
    for letter in atom:
        wide = width(letter, size, face)
        if piece and used + wide > room:
            pieces.append(piece)
            piece, used = "", 0.0
        piece, used = piece + letter, used + wide
    return [*pieces, piece]


def broken(text: str, room: float, size: float, face: str = FACE) -> list[str]:
    """Break a text into lines.

    Args:
        text: Any text; what the face lacks is shown as its code point.
        room: Width of a line in points.
        size: Of the font, in points.
        face: The font.

    Returns:
        One line at the least.
    """
    lines, line, used = [], "", 0.0
    for atom in _atoms(printable(text, face)):
        wide = width(atom, size, face)
        if line and used + wide > room and not atom.isspace():
            lines.append(line.rstrip())
            line, used = "", 0.0
        if wide > room:
            *full, atom = _pieces(atom, room, size, face)
            lines += full
            wide = width(atom, size, face)
        if line or not atom.isspace():
            line, used = line + atom, used + wide
    return [*lines, line.rstrip()]


def clipped(text: str, room: float, size: float, face: str = FACE) -> str:
    """Return a text that fits into one line, its end replaced by … where it is too long."""
    shown = printable(text, face)
    if width(shown, size, face) <= room:
        return shown
    kept = _pieces(shown, max(room - width("…", size, face), size), size, face)[0]
    return f"{kept}…"
