"""The transactions of an export as CSV for a spreadsheet: RFC 4180, UTF-8 with a byte order mark, nothing that runs."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping
from typing import Any, Final

from agent.export.dictionary import ELEMENTS

COLUMNS: Final = tuple(ELEMENTS)
"""The columns, in the order in which a person reads them."""

BYTE_ORDER_MARK: Final = b"\xef\xbb\xbf"
"""Without it a spreadsheet takes UTF-8 for the code page of its machine."""

_RUNS: Final = ("=", "+", "-", "@", "\t", "\r")


def harmless(text: str) -> str:
    """Return a text that no spreadsheet takes for a formula: a quote stands before what looks like one.

    Args:
        text: The text of a cell.
    """
    return f"'{text}" if text.startswith(_RUNS) else text


def csv_head() -> bytes:
    """Return byte order mark and line of headings."""
    return BYTE_ORDER_MARK + _lines([COLUMNS])


def csv_lines(rows: Iterable[Mapping[str, Any]]) -> bytes:
    """Return transactions as lines.

    Args:
        rows: Each a well-formed row; see `agent.export.rows`.
    """
    return _lines([_cell(row[name]) for name in COLUMNS] for row in rows)


def _cell(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    # A negative amount is a number and no formula, and has to stay one for sums.
    return str(value) if isinstance(value, int) else harmless(str(value))


def _lines(rows: Iterable[Iterable[str]]) -> bytes:
    text = io.StringIO()
    csv.writer(text, lineterminator="\r\n").writerows(rows)
    return text.getvalue().encode("utf-8", "replace")
