"""The words of a PDF as another library writes it, with letters and with the codes of an embedded font."""

from __future__ import annotations

import io
import zlib
from typing import Any

import pytest
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from agent.redaction.parts import parts_of
from agent.redaction.pdf import MAX_INFLATED, pdf_texts
from agent.redaction.text import search

PAN = "4111111111111111"
CARD = {("card-number", "411111******1111")}


def pdf(*lines: str, font: str = "Helvetica", compressed: bool = True, **settings: Any) -> bytes:
    out = io.BytesIO()
    canvas = Canvas(out, pageCompression=int(compressed), invariant=1, **settings)
    canvas.setFont(font, 10)
    for number, line in enumerate(lines):
        canvas.drawString(50, 700 - 20 * number, line)
    canvas.showPage()
    canvas.save()
    return out.getvalue()


def leaks(data: bytes) -> set[tuple[str, str]]:
    return {(leak.kind, leak.shown) for part in parts_of(data) for leak in search(part)}


@pytest.mark.parametrize("compressed", [True, False])
def test_a_card_number_on_a_page_is_found(compressed: bool) -> None:
    assert leaks(pdf("Card (TEST)", f"number {PAN} (x)", compressed=compressed)) == {
        ("card-number", "411111******1111")
    }
    assert leaks(pdf("Card", "411111******1111", compressed=compressed)) == set()


def test_a_card_number_in_an_embedded_font_is_found() -> None:
    pdfmetrics.registerFont(TTFont("Vera", "Vera.ttf"))  # of reportlab itself
    # Digits that come first in a subset have codes that are no digits.
    assert leaks(pdf("卡", f"x {PAN}", font="Vera")) == CARD


def test_a_string_in_codes_is_read_by_the_files_tables() -> None:
    table = b"1 beginbfrange\n<0001> <000a> <0030>\nendbfrange"
    shown = b"".join(b"%04x" % (int(digit) + 1) for digit in PAN)
    data = b"%PDF-1.7\n" + stream(table) + stream(b"BT <" + shown + b"> Tj ET")
    assert leaks(data) == CARD
    digits = b" ".join(b"<%04x>" % (0x30 + digit) for digit in range(10))
    listed = b"1 beginbfrange\n<01> <0a> [" + digits + b"]\nendbfrange"
    shown = b"".join(b"%02x" % (int(digit) + 1) for digit in PAN)
    data = b"%PDF-1.7\n" + stream(listed) + stream(b"BT [<" + shown[:8] + b"> -20 <" + shown[8:] + b">] TJ ET")
    assert leaks(data) == CARD
    single = b"2 beginbfchar\n<02> <0031>\n<05> <0034>\nendbfchar"
    assert leaks(b"%PDF-1.7\n" + stream(single) + stream(b"<" + shown + b"> Tj")) == {
        ("card-number", "411111******1111")
    }


def test_escapes_in_strings() -> None:
    assert b"a(b)\nc1" in list(pdf_texts(b"%PDF-1.7\n" + stream(rb"(a\(b\)\n\143\61) Tj")))


def test_an_attached_text_is_searched() -> None:
    attached = f'{{"account":"{PAN}"}}'.encode()
    assert leaks(b"%PDF-1.7\n" + stream(attached)) == CARD


def test_metadata_outside_of_streams_are_searched() -> None:
    assert leaks(pdf("x") + f"\n<< /Keywords ({PAN}) >>".encode()) == CARD


def test_widths_and_offsets_are_no_card_numbers() -> None:
    assert leaks(b"%PDF-1.7\n" + stream(b"[4111 1111 1111 1111 600] TJ")) == set()


@pytest.mark.parametrize(
    "data",
    [
        b"%PDF-",
        b"%PDF-stream\n",
        b"%PDF-stream\nendstream",
        b"%PDF-stream\nbeginbfchar<>endbf endstream stream\n(x)Tj endstream",
        b"%PDF-stream\nbeginbfrange<01><02>endbf endstream stream\n<0>Tj endstream",
        b"%PDF-stream\nbeginbfrange<0000><ffff><ffffffff>endbf endstream stream\n<0>Tj endstream",
        b"%PDF-" + b"(" * 2_000 + b"stream\n" + b"(" * 2_000 + b"Tj endstream",
    ],
)
def test_i10_what_is_broken_ends(data: bytes) -> None:
    assert leaks(data) == set()


def test_i10_a_stream_that_inflates_without_end_is_cut() -> None:
    bomb = stream(bytes(MAX_INFLATED + 1_000_000))
    assert sum(map(len, pdf_texts(b"%PDF-1.7\n" + bomb * 3))) < 2 * MAX_INFLATED


def stream(content: bytes) -> bytes:
    return b"<< >>\nstream\n" + zlib.compress(content) + b"\nendstream\n"
