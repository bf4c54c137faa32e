"""The label for a terminal: result, case, serial number, date and QR code, 50 by 30 mm at 203 dots an inch.

It is one picture for both forms, so that a ZPL printer needs no Chinese font of its own.
"""

from __future__ import annotations

import io
from dataclasses import dataclass

from PIL import Image, ImageDraw, ImageFont

from agent.papers.code import code_matrix, code_text
from agent.papers.fonts import FACE, FILES, printable
from agent.papers.words import RETIREMENT, UNBINDING, result_words

DOTS_AN_INCH = 203
WIDTH, HEIGHT = 400, 240
"""50 by 30 mm at 8 dots a millimetre."""
MODULE, QUIET = 4, 4
"""Dots of a square of the code (0.5 mm), and the squares that have to be light around it (ISO/IEC 18004, 6.3.8)."""
EDGE = 8
SMALLEST = 11
BLACK, WHITE = 0, 1


@dataclass(frozen=True)
class LabelFacts:
    """What stands on a label.

    Args:
        case: Number of the case.
        result: PASS, FAIL or UNKNOWN.
        act: ``retirement`` or ``unbinding``.
        tusn: Serial number of the terminal.
        model: Its model.
        issued: When the statement was made, RFC 3339.
        envelope: The bytes of ``statement.dsse.json``.
    """

    case: str
    result: str
    act: str
    tusn: str
    model: str
    issued: str
    envelope: bytes


def draw_label(facts: LabelFacts) -> Image.Image:
    """Draw the label, black on white; the same facts give the same picture."""
    image = Image.new("1", (WIDTH, HEIGHT), WHITE)
    draw = ImageDraw.Draw(image)
    words = result_words(facts.result)
    rows = code_matrix(code_text(facts.case, words.en, facts.envelope))
    # A longer number of a case makes a larger code; its squares stay whole dots.
    unit = MODULE if (len(rows) + 2 * QUIET) * MODULE <= HEIGHT else MODULE - 1
    side = len(rows) * unit
    left, top = QUIET * unit, (HEIGHT - side) // 2
    for number, row in enumerate(rows):
        for position, dark in enumerate(row):
            if dark:
                x, y = left + position * unit, top + number * unit
                draw.rectangle((x, y, x + unit - 1, y + unit - 1), fill=BLACK)
    x = left + side + QUIET * unit
    room = WIDTH - EDGE - x
    act = "终端解绑，未清空 unbound, not wiped" if facts.act == UNBINDING else "终端退役 terminal retired"
    if facts.act == RETIREMENT and words.en != "PASS":
        act = "不得视为已清空 not proven empty"
    lines = (
        (f"{words.zh} {words.en}", 40, 52),
        (act, 17, 34),
        (facts.case or "?", 22, 30),
        (f"TUSN {facts.tusn or '?'}", 22, 30),
        (facts.model or "?", 20, 30),
        (f"{facts.issued[:10] or '?'} UTC", 20, 0),
    )
    y = EDGE + 6
    for text, size, below in lines:
        _line(draw, (x, y), text, size, room)
        y += below
    return image


def _line(draw: ImageDraw.ImageDraw, place: tuple[int, int], text: str, size: int, room: int) -> None:
    """Write a line as large as it fits, its end left out where it does not fit at all."""
    shown = printable(text, FACE)[:80]
    font = ImageFont.truetype(str(FILES[FACE]), size, layout_engine=ImageFont.Layout.BASIC)
    while size > SMALLEST and font.getlength(shown) > room:
        size -= 1
        font = font.font_variant(size=size)
    while len(shown) > 1 and font.getlength(shown) > room:
        shown = f"{shown[:-2]}…"
    draw.text(place, shown, font=font, fill=BLACK)


def label_png(facts: LabelFacts) -> bytes:
    """Return the label as PNG, one bit a dot."""
    file = io.BytesIO()
    draw_label(facts).save(file, "PNG", dpi=(DOTS_AN_INCH, DOTS_AN_INCH))
    return file.getvalue()


def label_zpl(facts: LabelFacts) -> bytes:
    """Return the label in ZPL II, as one graphic field (``^GFA``), ASCII."""
    # In ZPL a set bit is a black dot, in the picture a white one.
    data = bytes(0xFF ^ byte for byte in draw_label(facts).tobytes())
    row = (WIDTH + 7) // 8
    field = f"^GFA,{len(data)},{len(data)},{row},{data.hex().upper()}"
    return f"^XA\n^PW{WIDTH}\n^LL{HEIGHT}\n^LH0,0\n^FO0,0{field}^FS\n^PQ1\n^XZ\n".encode("ascii")
