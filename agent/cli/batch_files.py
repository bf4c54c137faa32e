"""What is written of a batch besides the page: a table for spreadsheets, and a summary on paper."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from agent.errors import UsageFault
from agent.version import VERSION

if TYPE_CHECKING:
    from agent.evidence.batch import Verified

_FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""What a spreadsheet takes for the beginning of a formula; names of bundles come from outside."""


@dataclass(frozen=True)
class BatchRow:
    """One bundle in the lists of a batch.

    Args:
        bundle: Its name.
        result: What verifying came to.
        accepted: Whether it is accepted.
        case: Number of the case, or empty where nobody vouches for it; likewise what follows.
        tusn: Serial number of the terminal.
        model: Its model.
        level: Evidence level, or None.
        issued: When the statement was made.
        statement_sha256: Digest of the signed statement.
        code: Code of what is wrong.
        problem: The same as a sentence; of an unbinding that is accepted, that nothing was wiped.
        same_case_as: An earlier bundle of the same case.
        act: What its statement is of: ``retirement``, or ``unbinding`` where nothing was wiped.
    """

    bundle: str
    result: str
    accepted: bool
    case: str
    tusn: str
    model: str
    level: int | None
    issued: str
    statement_sha256: str
    code: str
    problem: str
    same_case_as: str
    act: str


def batch_row(found: Verified, problem: str, same_case_as: str) -> BatchRow:
    """Take from a bundle what the lists say of it.

    Args:
        found: The bundle.
        problem: What is wrong with it, as a sentence.
        same_case_as: An earlier bundle of the same case, or empty.
    """
    statement = found.report.statement or {}

    def said(part: str, name: str) -> Any:
        inner = statement.get(part)
        return inner.get(name) if isinstance(inner, Mapping) else None

    return BatchRow(
        found.name,
        found.report.result.value,
        found.report.accepted,
        found.case,
        str(said("media", "serial_number") or ""),
        str(said("media", "model") or ""),
        said("evidence", "level"),
        str(said("times", "issued") or ""),
        found.statement_sha256 if statement else "",
        found.problem_code,
        problem,
        same_case_as,
        found.report.act,
    )


def check_writable(path: Path) -> None:
    """Find out before hours of work whether a file can be written, and leave what is there.

    Raises:
        UsageFault: ``batch-unwritable``.
    """
    try:
        with path.open("ab"):
            pass
    except OSError as fault:
        raise _unwritable(path, fault) from None


def write_csv(path: Path, rows: Sequence[BatchRow]) -> None:
    """Write the table, with the mark by which spreadsheets know UTF-8.

    Raises:
        UsageFault: ``batch-unwritable``.
    """
    out = io.StringIO(newline="")
    table = csv.writer(out)
    names = [each.name for each in fields(BatchRow)]
    table.writerow(names)
    table.writerows([_cell(getattr(row, name)) for name in names] for row in rows)
    _write(path, out.getvalue().encode("utf-8-sig", "backslashreplace"))  # a name may be no text


def write_summary(path: Path, rows: Sequence[BatchRow], source: str) -> None:
    """Write the summary on paper.

    Args:
        path: Where.
        rows: The bundles.
        source: What was checked.

    Raises:
        UsageFault: ``batch-unwritable``.
    """
    from agent.papers.summary import SummaryRow, render_summary

    summary = [
        SummaryRow(
            row.bundle,
            row.case,
            row.tusn,
            row.model,
            row.result,
            row.level,
            row.issued,
            row.statement_sha256,
            row.problem,
        )
        for row in rows
    ]
    made = datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
    _write(path, render_summary(summary, made=made, source=source, tool_version=VERSION))


def _cell(value: object) -> str:
    if value is None:
        return ""
    text = str(value).lower() if isinstance(value, bool) else str(value)
    return f"'{text}" if text.startswith(_FORMULA) else text


def _write(path: Path, data: bytes) -> None:
    from agent.evidence.files import write_durable

    try:
        write_durable(path, data)
    except OSError as fault:
        raise _unwritable(path, fault) from None


def _unwritable(path: Path, fault: OSError) -> UsageFault:
    return UsageFault("batch-unwritable", path=str(path), why=fault.strerror or type(fault).__name__)
