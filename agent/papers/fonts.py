"""The font of all papers, parsed once a process: Latin and Chinese in one face, and a fixed pitch for digests.

How the files were made, and under which licence they are, stands in ``fonts/README.md``.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

FACE = "posretire"
MONO = "posretire-mono"
FOLDER = Path(__file__).parent / "fonts"
FILES = {FACE: FOLDER / "microhei.ttf", MONO: FOLDER / "microhei-mono.ttf"}


@cache
def widths(face: str) -> dict[int, float]:
    """Load a face, make it known to the PDF writer, and tell how wide its characters are.

    Args:
        face: `FACE` or `MONO`.

    Returns:
        Width by code point, in thousandths of the font's size.
    """
    font = TTFont(face, str(FILES[face]))
    pdfmetrics.registerFont(font)
    return dict(font.face.charWidths)


def printable(text: str, face: str = FACE) -> str:
    """Return a text with what the face cannot show put as its code point, so that nothing vanishes.

    Args:
        text: Any text.
        face: `FACE` or `MONO`.
    """
    known = widths(face)
    return "".join(letter if ord(letter) in known else f"[U+{ord(letter):04X}]" for letter in text)


def width(text: str, size: float, face: str = FACE) -> float:
    """Return how wide a text is, in points.

    Args:
        text: Characters of the face only (`printable`).
        size: In points.
        face: `FACE` or `MONO`.
    """
    known = widths(face)
    return sum(known[ord(letter)] for letter in text) * size / 1_000
