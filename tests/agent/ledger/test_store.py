import sqlite3
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from threading import Barrier

import pytest
from sqlalchemy.exc import StatementError

from agent.clock import Clock
from agent.errors import PreconditionNotMet
from agent.journal import Journal, JournalEvent
from agent.ledger.store import LEDGER_NAME, CaseState, Ledger

CLOCK = Clock(wall=lambda: datetime(2026, 11, 22, tzinfo=UTC))


@pytest.fixture
def ledger(tmp_path):
    with Ledger.open(tmp_path) as ledger:
        yield ledger


def test_a_case_and_its_journal_outlive_the_process(tmp_path):
    with Ledger.open(tmp_path) as ledger:
        ledger.open_case("R-1", CLOCK.stamp())
        ledger.set_terminal("R-1", "9999990200000007", "haike-h60")
        ledger.set_folder("R-1", tmp_path / "R-1")
        ledger.end_case("R-1", CaseState.CLOSED, "PASS")
        lines = Journal(ledger, "R-1", CLOCK)
        lines.write(JournalEvent.INTENT, "wipe", {"regions": ["journal", "parameters"], "keys": True})
        written = lines.lines()
    with Ledger.open(tmp_path) as ledger:
        case = ledger.case("R-1")
        assert (case.tusn, case.model, case.state, case.result) == (
            "9999990200000007",
            "haike-h60",
            CaseState.CLOSED,
            "PASS",
        )
        assert case.folder == str(tmp_path / "R-1")
        assert Journal(ledger, "R-1", CLOCK).lines() == written


def test_i7_a_case_is_there_with_its_request_or_not_at_all(tmp_path, ledger):
    with pytest.raises(StatementError):  # the second of its two rows cannot be written
        ledger.open_case("R-1", CLOCK.stamp(), tmp_path, {"reason": object()})
    assert ledger.case("R-1") is None
    ledger.open_case("R-1", CLOCK.stamp(), tmp_path, {"reason": "shop closed (TEST)"})
    assert ledger.case("R-1").folder == str(tmp_path)
    assert ledger.request("R-1") == {"reason": "shop closed (TEST)"}


def test_an_entry_reaches_the_disk_before_append_returns(tmp_path, ledger):
    Journal(ledger, "R-1", CLOCK).write(JournalEvent.INTENT, "wipe")
    with sqlite3.connect(tmp_path / LEDGER_NAME) as other:
        assert other.execute("SELECT step FROM journal").fetchall() == [("wipe",)]


def test_commits_are_synchronous(ledger):
    with ledger._engine.connect() as connection:
        assert connection.exec_driver_sql("PRAGMA synchronous").scalar() == 2
        assert connection.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"


def test_cases_are_listed_newest_first(ledger):
    ledger.open_case("R-1", "2026-11-21T00:00:00.000Z")
    ledger.open_case("R-2", "2026-11-22T00:00:00.000Z")
    assert [case.case for case in ledger.cases()] == ["R-2", "R-1"]
    assert ledger.case("R-3") is None


def test_i10_a_file_that_is_no_ledger_is_one_clear_error(tmp_path):
    (tmp_path / LEDGER_NAME).write_bytes(b"this is no database, " * 100)
    with pytest.raises(PreconditionNotMet) as fault:
        Ledger.open(tmp_path)
    assert fault.value.code == "ledger-unusable"


def test_i10_a_home_that_cannot_be_made_is_one_clear_error(tmp_path):
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(PreconditionNotMet) as fault:
        Ledger.open(tmp_path / "file")
    assert fault.value.code == "home-unwritable"


@pytest.mark.parametrize("turn", range(5))
def test_several_that_make_the_ledger_at_once_share_it(tmp_path, turn):
    together = Barrier(8)

    def enter(number):
        together.wait()
        with Ledger.open(tmp_path / "home") as ledger:
            ledger.open_case(f"R-{number}", CLOCK.stamp())

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(enter, range(8)))
    with Ledger.open(tmp_path / "home") as ledger:
        assert len(ledger.cases()) == 8
