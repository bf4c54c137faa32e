"""A film as one page that asks for nothing from outside."""

from __future__ import annotations

import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest

from agent.cli.texts import texts_of
from agent.film.page import film_page
from agent.menu.film import FilmStep
from tests.agent.film.made import STEPS, film

VOID = {"meta", "input", "link", "br", "img"}


class Reader(HTMLParser):
    """Checks that tags close, and gathers the rows of the screens."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.text: list[str] = []
        self.addresses: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.addresses += [value or "" for name, value in attrs if name in ("src", "href", "action", "data")]
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] not in ("style", "script"):
            self.text.append(data)


def read(page: str) -> Reader:
    reader = Reader()
    reader.feed(page)
    reader.close()
    assert reader.open == []
    return reader


@pytest.mark.parametrize(("language", "word"), [("en", "pressed"), ("zh", "按键")])
def test_it_shows_every_step_in_the_readers_language(language: str, word: str, tmp_path: Path) -> None:
    page = film_page(film(tmp_path), language, texts_of(language))
    text = "".join(read(page).text)
    assert page.count("<figure") == len(STEPS)
    for part in ("欢迎使用", "解绑成功", "9999990212345678", "F1", "merchant_number", word):
        assert part in text
    assert "DIGIT_" not in text


def test_it_asks_for_nothing_from_outside(tmp_path: Path) -> None:
    page = film_page(film(tmp_path), "en", texts_of("en"))
    assert read(page).addresses == []
    assert "default-src 'none'" in page
    assert not re.search(r"https?:|@import|url\(", page)


def test_a_row_takes_as_many_cells_as_the_display_has(tmp_path: Path) -> None:
    page = film_page(film(tmp_path), "en", texts_of("en"))
    first = page[page.index('<div class="lcd">') :]
    assert first.startswith('<div class="lcd"><div><b>海</b><b>科</b><b>融</b><b>通</b><i></i><i>H</i><i>6</i><i>0</i>')
    assert first[: first.index("</figure>")].count("<div>") == 8
    wide = FilmStep(1, "x", "", "wait", ("字" * 9, "x" * 17))
    cells = film_page(film(tmp_path, (wide,)), "en", texts_of("en"))
    assert cells.count("<b>字</b>") == 8
    assert cells.count("<i>x</i>") == 16


def test_i10_what_a_terminal_shows_is_text_and_never_markup(tmp_path: Path) -> None:
    evil = replace(STEPS[0], screen="<script>x", rows=("<b>&\"'",))
    page = film_page(film(tmp_path, (evil,), tail=b"{"), "en", texts_of("en"))
    read(page)
    assert "<script>x" not in page
    assert "<i>&lt;</i><i>b</i><i>&gt;</i><i>&amp;</i>" in page
    assert texts_of("en")("film.cut") in page


def test_a_film_without_a_step_is_a_page_too(tmp_path: Path) -> None:
    read(film_page(film(tmp_path, ()), "zh", texts_of("zh")))
