"""The certificate of a case: a page drawn from its statement and nothing else, in Chinese and English.

Its fields are those of the certificate of sanitization (NIST SP 800-88 Rev. 2, 4.6 and Appendix C) and ours. The same
statement gives the same bytes, so that a verifier can draw it again and compare.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from agent.papers.blocks import Block, Style, spread
from agent.papers.code import code_matrix, code_text
from agent.papers.embedding import FieldPlace, attach, reserve_signature
from agent.papers.facts import Part
from agent.papers.lines import broken, clipped
from agent.papers.sections import Sections
from agent.papers.sheet import ACCENTS, GREY, HEIGHT, MARGIN, PRODUCER, ROOM, WIDTH, WRITER, Properties, Sheets
from agent.papers.words import RETIREMENT, SAYINGS, TITLES, UNBINDING, Words, result_words

TOP, NEXT_TOP, BOTTOM = 182.0, 60.0, HEIGHT - 38.0
SCALES = (1.0, 0.96, 0.92, 0.89)
"""What does not fit onto one sheet is set a little smaller; what does not fit then takes two, in full size."""
CODE_SIDE = 76.0
STATEMENT = "statement.dsse.json"


@dataclass(frozen=True)
class DrawnCertificate:
    """A certificate that is not signed yet.

    Args:
        pdf: Its bytes.
        place: Where its signature belongs.
    """

    pdf: bytes
    place: FieldPlace


def draw_certificate(
    predicate: Mapping[str, Any], envelope: bytes, act: str = RETIREMENT, producer: str = PRODUCER
) -> DrawnCertificate:
    """Draw the certificate of a case.

    Args:
        predicate: The predicate of its statement; what is missing shows as a dash.
        envelope: The bytes of ``statement.dsse.json``, which are attached.
        act: ``retirement`` or ``unbinding``.
        producer: What drew it, as the PDF says of itself; another one only to compare with what that one drew.
    """
    with WRITER:
        return _Certificate(Part(predicate), envelope, act, producer).draw()


class _Certificate:
    def __init__(self, statement: Part, envelope: bytes, act: str, producer: str) -> None:
        self.statement, self.envelope = statement, envelope
        self.act = act if act == UNBINDING else RETIREMENT
        self.result = result_words(statement.text("result")).en
        self.accent = ACCENTS[self.result]
        self.digest = hashlib.sha256(envelope).hexdigest()
        self.case = statement.shown("case")
        self.issued = statement.part("times").text("issued")
        title = f"{TITLES[self.act].zh} {self.case}"
        self.sheets = Sheets(Properties(title, f"{self.result} {self.digest}", self.issued), producer=producer)

    def draw(self) -> DrawnCertificate:
        pages = self._pages()
        place = reserve_signature(self.sheets.canvas)
        for number, page in enumerate(pages, 1):
            top = self._head() if number == 1 else self._running_head()
            for block in page:
                block.draw(self.sheets, MARGIN, top)
                top += block.height
            self._foot(number, len(pages))
            if number < len(pages):
                self.sheets.next_page()
        attach(self.sheets.canvas, STATEMENT, self.envelope, "application/json")
        pdf = self.sheets.finish()
        return DrawnCertificate(pdf, place(pdf))

    def _pages(self) -> list[list[Block]]:
        whole: list[list[Block]] = []
        for scale in SCALES:
            blocks = Sections(self.statement, self.act, self.accent, Style(scale)).blocks()
            pages = spread(blocks, BOTTOM - TOP, BOTTOM - NEXT_TOP)
            if len(pages) == 1:
                return pages
            whole = whole or pages
        return whole

    def _head(self) -> float:
        sheets, right = self.sheets, MARGIN + ROOM
        sheets.rule(MARGIN, 40, ROOM, self.accent, 2.6)
        title = TITLES[self.act]
        sheets.text(MARGIN, 75, title.zh, 25)
        sheets.text(MARGIN, 92.5, title.en, 10.6, GREY)
        code = code_text(self.case, self.result, self.envelope)
        sheets.boxes(code_matrix(code), right - CODE_SIDE, 54, CODE_SIDE)
        self._facts(112)
        self._verdict(146)
        return TOP

    def _facts(self, top: float) -> None:
        """The four facts that whoever holds the page looks for first."""
        media = self.statement.part("media")
        shown = (
            (Words("案件", "Case"), self.case, 112.0),
            (Words("序列号", "Serial number (TUSN)"), media.shown("serial_number"), 112.0),
            (Words("型号", "Model"), media.shown("model"), 90.0),
            (Words("出具", "Issued, UTC"), self.issued[:19].replace("T", " "), 92.0),
        )
        x = MARGIN
        for words, value, wide in shown:
            self.sheets.text(x, top + 6, str(words), 6.2, GREY)
            self.sheets.text(x, top + 17.5, clipped(value, wide - 8, 8.8), 8.8)
            x += wide

    def _verdict(self, top: float) -> None:
        """The result in words of both languages, and what it means."""
        sheets, words = self.sheets, result_words(self.result)
        wide = sheets.text(MARGIN, top + 24, words.zh, 27, self.accent)
        wide += 9 + sheets.text(MARGIN + wide + 9, top + 24, words.en, 20, self.accent)
        x = MARGIN + max(wide + 22, 172)
        said = SAYINGS[self.act, self.result]
        base = top + 9.0
        for text, size in ((said.zh, 8.4), (said.en, 7.2)):
            for line in broken(text, MARGIN + ROOM - x, size):
                sheets.text(x, base, line, size)
                base += size * 1.35

    def _running_head(self) -> float:
        self.sheets.rule(MARGIN, 40, ROOM, self.accent, 1.2)
        words = result_words(self.result)
        self.sheets.text(MARGIN, 52, f"{TITLES[self.act].zh}  {self.case}  {words}", 7.2, GREY)
        return NEXT_TOP

    def _foot(self, number: int, pages: int) -> None:
        base = HEIGHT - 25
        self.sheets.text(MARGIN, base, f"{STATEMENT}  SHA-256 {self.digest}", 6.2, GREY)
        self.sheets.right(WIDTH - MARGIN, base, f"{number} / {pages}", 6.2, GREY)
