import re
from datetime import UTC, datetime
from types import SimpleNamespace

import pytest

from agent.clock import Clock
from agent.errors import PreconditionNotMet, VerificationFailed
from agent.journal import JournalEvent
from agent.workflow.case import Case, Inspection, draw_case_number
from protocols.errors import LocalProtocolError


def empty_case(report=lambda _event: None):
    nothing = dict.fromkeys(
        ("number", "opened", "request", "ledger", "driver", "profiles", "journal", "folder", "trust", "clock")
    )
    return Case(**nothing, report=report)


def test_a_case_number_tells_the_day_and_is_drawn():
    clock = Clock(wall=lambda: datetime(2026, 11, 22, tzinfo=UTC))
    drawn = {draw_case_number(clock) for _ in range(50)}
    assert len(drawn) == 50
    assert all(re.fullmatch(r"R20261122-[2-9A-HJKMNP-TV-Z]{6}", number) for number in drawn)


def test_what_was_not_inspected_is_not_guessed():
    with pytest.raises(LocalProtocolError):
        _ = empty_case().inspected
    with pytest.raises(LocalProtocolError):
        _ = empty_case().known_profile


def test_a_finding_is_kept_and_told():
    told = []
    case = empty_case(told.append)
    written = []
    case.journal = SimpleNamespace(write=lambda *entry: written.append(entry))
    for _ in range(2):  # what is known already is not told again
        case.find("battery-low", percent=5)
    assert told == case.findings
    assert case.findings[0].facts == {"percent": 5}
    assert written == [(JournalEvent.NOTE, "finding", {"code": "battery-low", "facts": {"percent": 5}})]


def test_i4_an_inspection_does_not_show_the_key_of_its_hashes():
    inspection = Inspection(None, None, (), (), (), b"k" * 32)
    assert "kkk" not in repr(inspection)


BEFORE = SimpleNamespace(tusn="9999990200000007", key_fingerprint=b"k" * 32)


@pytest.mark.parametrize(
    "now",
    [
        SimpleNamespace(tusn="9999990200000008", key_fingerprint=b"k" * 32),
        SimpleNamespace(tusn=BEFORE.tusn, key_fingerprint=b"o" * 32),
    ],
    ids=["another serial number", "another key"],
)
@pytest.mark.parametrize(("changed", "kind"), [(False, PreconditionNotMet), (True, VerificationFailed)])
def test_i9_another_terminal_is_noticed(now, changed, kind):
    case = empty_case()
    case.inspection = Inspection(BEFORE, None, (), (), (), b"k" * 32)
    case.driver = SimpleNamespace(identity=lambda: now)
    case.changed = changed
    with pytest.raises(kind) as fault:
        case.require_same_terminal()
    assert fault.value.code == "terminal-swapped"
    case.driver = SimpleNamespace(identity=lambda: BEFORE)
    case.require_same_terminal()
