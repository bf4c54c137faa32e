"""A terminal's display drawn with lines around it, its characters aligned to cells."""

from __future__ import annotations

from collections.abc import Sequence

from agent.cli.cells import cell_width, pad, printable


def boxed(rows: Sequence[str], columns: int) -> list[str]:
    """Draw a display.

    Args:
        rows: Its rows, top first.
        columns: Half-width cells a row; a row that needs more makes the box wider.

    Returns:
        The lines of the drawing, all of the same width in cells.
    """
    shown = [printable(row) for row in rows]
    width = max([columns, *map(cell_width, shown)])
    rule = "─" * width
    return [f"┌{rule}┐", *(f"│{pad(row, width)}│" for row in shown), f"└{rule}┘"]
