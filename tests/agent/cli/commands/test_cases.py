"""The cases of a home."""

from agent.clock import Clock
from agent.journal import Journal, JournalEvent
from agent.ledger.store import CaseState, Ledger

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


def test_a_case_that_is_not_there(posretire):
    assert posretire("cases", "show", CASE, "--json").document["error"] == "no-such-case"
