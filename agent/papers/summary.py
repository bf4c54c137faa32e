"""The summary of many cases: one line a case with what its bundle was found to be, and totals."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from reportlab.lib.pagesizes import A4, landscape

from agent.papers.fonts import FACE, MONO
from agent.papers.lines import broken, clipped
from agent.papers.sheet import ACCENTS, GREY, INK, MARGIN, WRITER, Properties, Sheets
from agent.papers.words import RESULTS, result_words

SIZE = landscape(A4)
ROOM = SIZE[0] - 2 * MARGIN
FIRST_TOP, NEXT_TOP, BOTTOM = 150.0, 62.0, SIZE[1] - 44.0
ROW, NOTE = 19.0, 8.2
DIGEST_LINE = 32
UNSIGNED = "本汇总未经签名，凭据是各案件的证据包。 This summary is not signed: the bundle of each case is the evidence."


@dataclass(frozen=True)
class SummaryRow:
    """One bundle as it was found.

    Args:
        bundle: Its name.
        case: Number of the case, or empty where it could not be read.
        tusn: Serial number of the terminal, or empty.
        model: Its model, or empty.
        result: PASS, FAIL or UNKNOWN: what verifying came to.
        level: Evidence level, or None where it could not be read.
        issued: When the statement was made, RFC 3339, or empty.
        statement_sha256: Digest of ``statement.dsse.json``, or empty.
        problem: What is wrong with it, in a sentence; empty where nothing is.
    """

    bundle: str
    case: str
    tusn: str
    model: str
    result: str
    level: int | None
    issued: str
    statement_sha256: str
    problem: str


@dataclass(frozen=True)
class _Column:
    zh: str
    en: str
    wide: float
    face: str = FACE


COLUMNS = (
    _Column("序号", "No.", 34),
    _Column("结果", "Result", 92),
    _Column("案件", "Case", 152),
    _Column("终端序列号", "TUSN", 118),
    _Column("型号", "Model", 92),
    _Column("证据等级", "Level", 48),
    _Column("出具时间 UTC", "Issued, UTC", 96),
    _Column("声明的 SHA-256", "SHA-256 of the statement", 110, MONO),
)


def render_summary(rows: Sequence[SummaryRow], *, made: str, source: str = "", tool_version: str = "") -> bytes:
    """Draw the summary; the same facts give the same bytes.

    Args:
        rows: The bundles, in the order that they shall stand in.
        made: When they were checked, RFC 3339 in UTC.
        source: What was checked, such as the name of the folder.
        tool_version: Version of posretire.

    Returns:
        A PDF.
    """
    with WRITER:
        return _Summary(rows, made, source, tool_version).draw()


class _Summary:
    def __init__(self, rows: Sequence[SummaryRow], made: str, source: str, tool_version: str) -> None:
        self.rows, self.made, self.source, self.tool_version = rows, made, source, tool_version
        counted = Counter(row.result if row.result in RESULTS else "UNKNOWN" for row in rows)
        self.counts = {result: counted[result] for result in ("PASS", "UNKNOWN", "FAIL")}
        worst = next((result for result in ("FAIL", "UNKNOWN") if self.counts[result]), "PASS")
        self.accent = ACCENTS[worst if rows else "UNKNOWN"]
        self.sheets = Sheets(Properties("Summary of retired terminals 终端退役汇总", source, made), SIZE)

    def draw(self) -> bytes:
        pages = self._pages()
        for number, page in enumerate(pages, 1):
            top = self._title() if number == 1 else NEXT_TOP
            self._head(top)
            self._footer(number, len(pages))
            for position, (index, note) in enumerate(page):
                top = self._row(index, note, top, last=position == len(page) - 1)
            if number < len(pages):
                self.sheets.next_page()
        return self.sheets.finish()

    def _pages(self) -> list[list[tuple[int, list[str]]]]:
        """Spread the rows over pages: for each its number and the lines of its problem."""
        pages: list[list[tuple[int, list[str]]]] = [[]]
        left = BOTTOM - FIRST_TOP
        for index, row in enumerate(self.rows):
            note = self._note(row)
            high = ROW + NOTE * len(note)
            if high > left and pages[-1]:
                pages.append([])
                left = BOTTOM - NEXT_TOP
            pages[-1].append((index, note))
            left -= high
        return pages

    def _note(self, row: SummaryRow) -> list[str]:
        if not row.problem and row.case:
            return []
        text = f"{row.bundle}: {row.problem}" if row.problem else row.bundle
        lines = broken(text, ROOM - COLUMNS[0].wide, 6.6)
        return lines if len(lines) < 4 else [*lines[:2], f"{lines[2]} …"]

    def _title(self) -> float:
        sheets = self.sheets
        sheets.rule(MARGIN, 42, ROOM, self.accent, 2.4)
        sheets.text(MARGIN, 74, "终端退役汇总", 21)
        sheets.text(MARGIN, 90, "Summary of retired terminals", 10, GREY)
        sheets.text(MARGIN, 106, clipped(self.source, 380, 7.5), 7.5, GREY)
        version = f" · posretire {self.tool_version}" if self.tool_version else ""
        sheets.text(MARGIN, 117, f"核验时间 Checked {self.made}{version}", 7.5, GREY)
        x = MARGIN + ROOM
        shown = [("FAIL", self.counts["FAIL"]), ("UNKNOWN", self.counts["UNKNOWN"]), ("PASS", self.counts["PASS"])]
        for result, count in shown:
            words = result_words(result)
            sheets.right(x, 78, f"{count:,}", 24, ACCENTS[result] if count else GREY)
            sheets.right(x, 91, f"{words.zh} {words.en}", 7.5, GREY)
            x -= 88
        sheets.right(x, 78, f"{len(self.rows):,}", 24)
        sheets.right(x, 91, "合计 Total", 7.5, GREY)
        return FIRST_TOP

    def _head(self, top: float) -> None:
        x = MARGIN
        for column in COLUMNS:
            self.sheets.text(x, top - 16, column.zh, 6.8, GREY)
            self.sheets.text(x, top - 8, column.en, 6.2, GREY)
            x += column.wide
        self.sheets.rule(MARGIN, top - 3, ROOM, INK, 0.7)

    def _row(self, index: int, note: list[str], top: float, *, last: bool) -> float:
        row, sheets = self.rows[index], self.sheets
        words = result_words(row.result)
        values = (
            str(index + 1),
            f"{words.zh} {words.en}",
            row.case or "?",
            row.tusn or "?",
            row.model or "?",
            "?" if row.level is None else str(row.level),
            row.issued[:19].replace("T", " ") or "?",
            "",
        )
        x, base = MARGIN, top + 11.5
        for column, value in zip(COLUMNS, values, strict=True):
            colour = ACCENTS[words.en] if column.en == "Result" else GREY if column.en == "No." else INK
            sheets.text(x, base, clipped(value, column.wide - 8, 7.6), 7.6, colour)
            x += column.wide
        x -= COLUMNS[-1].wide
        digest = row.statement_sha256 or "?"
        sheets.text(x, base - 3, digest[:DIGEST_LINE], 5.6, INK, MONO)
        sheets.text(x, base + 3.6, digest[DIGEST_LINE:], 5.6, INK, MONO)
        for number, line in enumerate(note):
            sheets.text(MARGIN + COLUMNS[0].wide, top + ROW + 4.4 + number * NOTE, line, 6.6, ACCENTS[words.en])
        end = top + ROW + NOTE * len(note)
        if not last:
            sheets.rule(MARGIN, end, ROOM)
        return end

    def _footer(self, number: int, pages: int) -> None:
        self.sheets.text(MARGIN, SIZE[1] - 26, UNSIGNED, 6.6, GREY)
        self.sheets.right(MARGIN + ROOM, SIZE[1] - 26, f"{number} / {pages}", 6.6, GREY)
