"""The cases of a home."""

from dataclasses import replace

import pytest

from agent.clock import Clock
from agent.film.record import FilmRecorder
from agent.journal import Journal, JournalEvent
from agent.ledger.store import CaseState, Ledger
from tests.agent.film.made import HEAD, STEPS

CASE = "R20261122-TEST23"


def fill(home):
    with Ledger.open(home) as ledger:
        ledger.open_case(CASE, "2026-11-22T08:30:00.000Z")
        ledger.set_terminal(CASE, "9999990200000007", "haike-h60")
        journal = Journal(ledger, CASE, Clock())
        journal.write(JournalEvent.INTENT, "inspect")
        journal.write(JournalEvent.FAILED, "inspect", {"error": "tampered"})
        ledger.end_case(CASE, CaseState.STOPPED, "")


def test_no_cases(posretire, home):
    assert str(home) in posretire("cases").out
    assert posretire("cases", "list", "--json").document == {"cases": []}


def test_cases_are_listed(posretire, home):
    fill(home)
    assert posretire("cases", "--json").document["cases"] == [
        {
            "case": CASE,
            "tusn": "9999990200000007",
            "model": "haike-h60",
            "opened": "2026-11-22T08:30:00.000Z",
            "state": "stopped",
            "result": "",
            "bundle": "",
        }
    ]
    assert "已中止" in posretire("cases", "--lang", "zh").out


def test_one_case_is_shown_with_its_journal(posretire, home):
    fill(home)
    document = posretire("cases", "show", CASE, "--json").document
    assert [entry["event"] for entry in document["journal"]] == ["INTENT", "FAILED"]
    page = posretire("cases", "show", CASE).out
    assert "error=tampered" in page
    assert "9999990200000007" in page


@pytest.mark.parametrize(("until", "past"), [("", False), ("2999-01-01", False), ("2020-01-01", True)])
def test_an_export_past_its_date_is_told(posretire, home, until, past):
    fill(home)
    with Ledger.open(home) as ledger:
        facts = {"retention_until": until} if until else {}
        Journal(ledger, CASE, Clock()).write(JournalEvent.DONE, "export", facts)
    document = posretire("cases", "show", CASE, "--json").document
    assert (document["export_kept_until"], document["export_past_its_date"]) == (until, past)
    page = posretire("cases", "show", CASE, "--lang", "en").out
    assert ("Keep until" in page, "It was to be kept until" in page) == (bool(until), past)


def test_a_case_that_is_not_there(posretire):
    assert posretire("cases", "show", CASE, "--json").document["error"] == "no-such-case"


def keep_film(home):
    with FilmRecorder(home, replace(HEAD, case=CASE)) as film:
        for step in STEPS:
            film.take(step)
    return film.digest()


def test_a_case_without_a_film_says_so(posretire, home):
    fill(home)
    assert posretire("cases", "show", CASE, "--film", "--json").document["error"] == "film-missing"


def test_the_film_of_a_case_is_replayed(posretire, home):
    fill(home)
    digest = keep_film(home)
    document = posretire("cases", "show", CASE, "--film", "--json").document
    assert document["sha256"] == digest
    assert document["steps"][0]["rows"] == list(STEPS[0].rows)
    assert "│欢迎使用        │" in posretire("cases", "show", CASE, "--film", "--speed", 0).out


def test_the_film_becomes_a_page_in_either_language(posretire, home, tmp_path):
    fill(home)
    keep_film(home)
    page = tmp_path / "film.html"
    assert posretire("cases", "show", CASE, "--html", page, "--lang", "zh").code == 0
    assert 'lang="zh-CN"' in page.read_text(encoding="utf-8")
    assert str(page) in posretire("cases", "show", CASE, "--film", "--html", page, "--json").document["html"]
    assert 'lang="en"' in page.read_text(encoding="utf-8")


def test_i10_a_film_that_was_changed_is_one_clear_error(posretire, home):
    fill(home)
    keep_film(home)
    path = home / "films" / f"{CASE}.jsonl"
    path.write_bytes(path.read_bytes().replace(b"F1+F4", b"f1-f4"))
    said = posretire("cases", "show", CASE, "--film", "--json")
    assert (said.code, said.document["error"], said.document["facts"]["line"]) == (2, "film-broken", 2)
