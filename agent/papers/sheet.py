"""Sheets of A4: a thin hand over the PDF writer, with everything that would differ from run to run taken out."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from threading import Lock

import reportlab
from reportlab.lib.colors import HexColor
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

from agent.papers.fonts import FACE, MONO, printable, width, widths

RENDERER = 2
"""Raised with every change of what is drawn: papers of another renderer cannot be compared byte for byte."""
PRODUCER = f"posretire papers {RENDERER}; reportlab {reportlab.Version}"

WIDTH, HEIGHT = A4
MARGIN = 46.0
ROOM = WIDTH - 2 * MARGIN

INK, GREY, HAIRLINE = "#1b1e23", "#6a7079", "#cfd3d9"
ACCENTS = {"PASS": "#1d6a50", "FAIL": "#a1262b", "UNKNOWN": "#9a6200"}

WRITER = Lock()
"""The PDF writer keeps tables of its own for the whole process; one paper is drawn at a time."""


@dataclass(frozen=True)
class Properties:
    """What a PDF says of itself.

    Args:
        title: Its title.
        subject: What it is about.
        made: Time that it was made at, RFC 3339 in UTC, or empty.
    """

    title: str
    subject: str
    made: str = ""


class Sheets:
    """Draws on sheets from top to bottom; heights are measured from the top edge, in points.

    Args:
        properties: What the PDF says of itself.
        size: Width and height of a sheet, in points.
        producer: What drew it.
    """

    def __init__(self, properties: Properties, size: tuple[float, float] = A4, producer: str = PRODUCER) -> None:
        for face in (FACE, MONO):
            widths(face)
        self._file = io.BytesIO()
        self.height = size[1]
        # Not compressed: another build of zlib would write other bytes.
        self.canvas = Canvas(
            self._file, pagesize=size, invariant=1, pageCompression=0, lang="zh-CN", initialFontName=FACE
        )
        self.canvas.setProducer(producer)
        self.canvas.setCreator("posretire")
        self.canvas.setAuthor("posretire")
        self.canvas.setTitle(properties.title)
        self.canvas.setSubject(properties.subject)
        stamp = "".join(letter for letter in properties.made if letter.isdigit())[:14].ljust(14, "0")
        self.canvas.setDateFormatter(lambda *_: f"D:{stamp}Z")

    def text(self, x: float, y: float, text: str, size: float, colour: str = INK, face: str = FACE) -> float:
        """Write one line with its base at y.

        Returns:
            How wide it is.
        """
        shown = printable(text, face)
        self.canvas.setFont(face, size)
        self.canvas.setFillColor(HexColor(colour))
        self.canvas.drawString(x, self.height - y, shown)
        return width(shown, size, face)

    def right(self, x: float, y: float, text: str, size: float, colour: str = INK, face: str = FACE) -> None:
        """Write one line that ends at x."""
        self.text(x - width(printable(text, face), size, face), y, text, size, colour, face)

    def rule(self, x: float, y: float, length: float, colour: str = HAIRLINE, thick: float = 0.5) -> None:
        """Draw a level line."""
        self.canvas.setStrokeColor(HexColor(colour))
        self.canvas.setLineWidth(thick)
        self.canvas.line(x, self.height - y, x + length, self.height - y)

    def boxes(self, rows: Sequence[Sequence[int]], x: float, y: float, side: float, colour: str = INK) -> None:
        """Draw a matrix of dark and light squares, each run of dark ones as one rectangle.

        Args:
            rows: 1 is dark.
            x: Left edge.
            y: Upper edge.
            side: Of the whole, in points.
            colour: Of the dark ones.
        """
        unit = side / len(rows)
        path = self.canvas.beginPath()
        for number, row in enumerate(rows):
            start = 0
            while start < len(row):
                end = start
                while end < len(row) and row[end]:
                    end += 1
                if end > start:
                    path.rect(x + start * unit, self.height - y - (number + 1) * unit, (end - start) * unit, unit)
                start = end + 1
        self.canvas.setFillColor(HexColor(colour))
        self.canvas.drawPath(path, stroke=0, fill=1)

    def next_page(self) -> None:
        """End this sheet and begin another."""
        self.canvas.showPage()

    def finish(self) -> bytes:
        """End the last sheet and return the PDF."""
        self.canvas.save()
        return self._file.getvalue()
