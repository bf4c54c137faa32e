"""A film in a terminal."""

from __future__ import annotations

from dataclasses import replace

import pytest

from agent.cli.film import film_document, in_journal, show_film, write_page
from agent.clock import Clock
from agent.errors import UsageFault
from agent.journal import JournalEvent, make_entry
from tests.agent.film.made import STEPS, film


def never(_seconds):
    pytest.fail("it waited")


def test_it_is_shown_all_at_once_where_nobody_watches(desk, tmp_path):
    at = desk()
    show_film(at.reporter, film(tmp_path), None, 1.0, sleep=never)
    for word in (
        "┌────────────────┐",
        "│欢迎使用        │",
        "pressed F1+F4",
        "typed <password>",
        "done",
        "by a person",
    ):
        assert word in at.out
    assert "→ pressed 1" in at.out


def test_it_is_paced_where_a_person_watches(desk, tmp_path):
    pauses: list[float] = []
    show_film(desk(console=True).reporter, film(tmp_path), True, 2.0, sleep=pauses.append)
    assert pauses == [0.5] * (len(STEPS) - 1)
    show_film(desk(console=True).reporter, film(tmp_path), True, 0, sleep=never)


def test_it_speaks_chinese_and_says_what_is_wrong_with_it(desk, tmp_path):
    at = desk(language="zh")
    show_film(at.reporter, film(tmp_path, tail=b"{"), False, 0)
    assert "按键 F1+F4" in at.out
    assert "已被改动" in at.out
    assert "没有写完" in at.out


def test_a_word_of_a_newer_version_is_shown_as_it_is(desk, tmp_path):
    at = desk()
    show_film(at.reporter, film(tmp_path, (replace(STEPS[0], what="photo"),)), None, 0)
    assert "→ photo F1+F4" in at.out


def test_the_journal_tells_whether_the_film_is_the_one_that_was_written(tmp_path):
    found = film(tmp_path)

    def entry(**facts):
        return make_entry(found.head.case, None, Clock().stamp(), JournalEvent.NOTE, "unbind", facts)

    assert in_journal(found, []) is None
    assert in_journal(found, [entry(film_sha256="")]) is None
    assert in_journal(found, [entry(film_sha256="00"), entry(film_sha256=found.sha256), entry()]) is True
    assert in_journal(found, [entry(film_sha256=found.sha256), entry(film_sha256="00")]) is False


def test_a_program_gets_everything(tmp_path):
    document = film_document(film(tmp_path), True)
    assert document["model"] == "haike-h60"
    assert document["in_journal"] is True
    assert isinstance(document["steps"], list)
    assert [step["screen"] for step in document["steps"]] == [step.screen for step in STEPS]


def test_a_page_that_cannot_be_written_is_one_clear_error(desk, tmp_path):
    write_page(film(tmp_path), tmp_path / "film.html", desk().reporter.texts)
    assert (tmp_path / "film.html").read_text(encoding="utf-8").startswith("<!DOCTYPE html>")
    with pytest.raises(UsageFault) as fault:
        write_page(film(tmp_path), tmp_path, desk().reporter.texts)
    assert fault.value.code == "film-page-unwritable"
