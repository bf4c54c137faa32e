"""Where commands say things: pages and progress for people, JSON for programs, never both on standard output."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager

from agent.cli.cells import cell_width, pad, printable, wrap
from agent.cli.progress import ProgressView, progress_view
from agent.cli.streams import Output
from agent.cli.texts import Texts

DEFAULT_COLUMNS = 100
MAX_COLUMNS = 110
LABEL_CELLS = 24

STYLES = {"good": "32", "bad": "1;31", "warn": "33", "dim": "2", "bold": "1"}
"""SGR parameters (ECMA-48, section 8.3.117) by what they mean here."""

MARKS = {"good": "✓", "bad": "✗", "warn": "!", "dim": "·"}


class Reporter:
    """Says things in the form that was asked for.

    Args:
        texts: The texts of the chosen language.
        out: Standard output: the page, or JSON and nothing else.
        err: Standard error: progress, remarks and errors.
        as_json: Whether JSON was asked for.
        columns: Cells a line, or None to ask the console.
    """

    def __init__(self, texts: Texts, out: Output, err: Output, *, as_json: bool, columns: int | None = None) -> None:
        self.texts = texts
        self.out = out
        self.err = err
        self.as_json = as_json
        self._columns = columns
        self._progress: ProgressView | None = None

    # ------------------------------------------------------------------ for programs
    def document(self, document: Mapping[str, object]) -> None:
        """Write one JSON document on one line; nothing where a person reads."""
        if self.as_json:
            self.out.write(json_line(document))

    # ------------------------------------------------------------------ for people
    @property
    def columns(self) -> int:
        """Cells a line of a page."""
        if self._columns is None:
            self._columns = _console_columns(self.out)
        return self._columns

    def line(self, text: str = "", style: str | None = None, indent: int = 0) -> None:
        """Write a paragraph of the page."""
        if self.as_json:
            return
        for each in wrap(text, self.columns - indent):
            self.out.write(" " * indent + self._styled(each, style, self.out) + "\n")

    def raw(self, text: str, style: str | None = None) -> None:
        """Write a line of the page exactly as it is: commands to copy, hex dumps."""
        if not self.as_json:
            self.out.write(self._styled(printable(text), style, self.out) + "\n")

    def heading(self, text: str) -> None:
        """Begin a part of the page."""
        if not self.as_json:
            rule = "─" * max(0, self.columns - cell_width(text) - 4)
            self.out.write("\n" + self._styled(f"── {text} {rule}", "bold", self.out) + "\n")

    def field(self, label: str, value: object, style: str | None = None) -> None:
        """Write one fact: what it is, and its value, which may come from outside."""
        if self.as_json:
            return
        left = "  " + pad(label, LABEL_CELLS)
        for line in wrap(printable(str(value)), self.columns - cell_width(left)):
            self.out.write(left + self._styled(line, style, self.out) + "\n")
            left = " " * (LABEL_CELLS + 2)

    def item(self, text: str, style: str = "dim") -> None:
        """Write one entry of a list, with the mark that its style stands for."""
        if self.as_json:
            return
        left = "  " + self._styled(MARKS.get(style, "·"), style, self.out) + " "
        for line in wrap(text, self.columns - 4):
            self.out.write(left + line + "\n")
            left = "    "

    def table(self, heads: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
        """Write a table; the last column takes what room is left."""
        if self.as_json:
            return
        shown = [[printable(str(cell)) for cell in row] for row in rows]
        widths = [max(cell_width(row[at]) for row in [list(heads), *shown]) for at in range(len(heads) - 1)]
        self._row(heads, widths, "dim")
        for row in shown:
            self._row(row, widths, None)

    def _row(self, cells: Sequence[str], widths: Sequence[int], style: str | None) -> None:
        left = "  " + "".join(pad(cell, width) + "  " for cell, width in zip(cells, widths, strict=False))
        for line in wrap(cells[-1], max(self.columns - cell_width(left), 20)):
            self.out.write(self._styled((left + line).rstrip(), style, self.out) + "\n")
            left = " " * cell_width(left)

    def remark(self, text: str, style: str | None = None) -> None:
        """Write a line on standard error, in either form: what is not the result."""
        with self.paused():
            self.err.write(self._styled(text, style, self.err) + "\n")

    def _styled(self, text: str, style: str | None, stream: Output) -> str:
        if style is None or style not in STYLES or not stream.isatty():
            return text
        return f"\x1b[{STYLES[style]}m{text}\x1b[0m"

    # ------------------------------------------------------------------ while it works
    def event(self, event: Mapping[str, object]) -> None:
        """Tell what happens: one line of JSON, or a sign of progress on standard error.

        Args:
            event: As the workflow's events say it.
        """
        if self.as_json:
            self.document(event)
            return
        if self._progress is None:
            self._progress = progress_view(self.texts, self.err)
        self._progress.show(event)

    @contextmanager
    def paused(self) -> Iterator[None]:
        """Take the bars off the screen while something else is written or asked."""
        if self._progress is not None:
            self._progress.pause()
        yield

    def end_progress(self) -> None:
        """Take the bars off the screen for good."""
        if self._progress is not None:
            self._progress.pause()
            self._progress = None


def json_line(document: Mapping[str, object]) -> str:
    """Return a JSON document as one line."""
    return json.dumps(document, ensure_ascii=False, separators=(",", ":")) + "\n"


def _console_columns(stream: Output) -> int:
    import os

    if not stream.isatty():
        return DEFAULT_COLUMNS
    try:
        return max(40, min(os.get_terminal_size(stream.fileno()).columns - 1, MAX_COLUMNS))
    except (OSError, ValueError):
        return 79
