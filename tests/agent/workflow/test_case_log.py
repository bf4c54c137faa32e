"""What a case leaves in the log of cases, however it ends."""

import json
import os
from types import SimpleNamespace

import pytest

from agent.errors import PreconditionNotMet, TerminalRefused
from agent.evidence.bundle import INTENT_LOGGED, STATEMENT_LOGGED
from agent.evidence.caselog.entries import parse_entry
from agent.evidence.caselog.log import CaseLog, log_folder
from agent.evidence.caselog.notes import read_checkpoint
from agent.evidence.caselog.proof import read_proof
from agent.evidence.caselog.search import read_note
from agent.evidence.caselog.tiles import Tiles
from agent.evidence.facts import Result
from agent.evidence.intent import INTENT
from agent.evidence.job import digest_of
from agent.evidence.trust.store import TrustStore
from agent.evidence.verify import verify_bundle
from agent.ledger.store import Ledger
from agent.secret import Secret
from agent.workflow import case_log
from agent.workflow.resume import resume
from agent.workflow.retire import retire, trust_folders

POWER = 9


def entries_of(desk):
    folder = log_folder(desk.home)
    tiles = Tiles(folder, read_checkpoint(read_note(folder)).size)
    return [parse_entry(data) for each in tiles.bundles() for data in tiles.bundle(each)]


def told(desk):
    return [(str(each.kind), each.result or each.reason) for each in entries_of(desk)]


def checks(desk, bundle):
    report = verify_bundle(bundle, TrustStore.load(trust_folders(desk.home, desk.request.trust_dirs)))
    return report, {check.id: check.code for check in report.checks}


def killed_where(desk, monkeypatch, module, name):
    """Retire in a process of its own that dies where something is called, before it does anything."""
    child = os.fork()
    if child == 0:
        try:
            setattr(module, name, lambda *_, **__: os._exit(POWER))
            retire(desk.request, desk.events.append)
        finally:
            os._exit(1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == POWER
    with Ledger.open(desk.home) as ledger:
        return ledger.cases()[0].case


def test_a_case_is_in_the_log_before_anything_is_changed_and_at_its_end(desk):
    sizes = {}

    def report(event):
        each = event.as_json()
        if each["event"] == "step" and each["state"] == "started":
            sizes[each["step"]] = len(entries_of(desk))

    outcome = retire(desk.request, report)
    assert told(desk) == [("intent", ""), ("statement", "PASS")]
    assert (sizes["intent"], sizes["unbind"], sizes["wipe"], sizes["bundle"]) == (0, 1, 1, 1)
    intent, statement = entries_of(desk)
    assert intent.case == statement.case == outcome.case
    assert intent.sha256 == digest_of((outcome.bundle / INTENT).read_bytes())
    assert statement.sha256 == digest_of((outcome.bundle / "statement.dsse.json").read_bytes())
    report, codes = checks(desk, outcome.bundle)
    assert report.accepted
    assert codes["log-intent"] == codes["log-statement"] == ""
    lines = [json.loads(line) for line in (outcome.bundle / "journal.jsonl").read_bytes().splitlines()]
    (done,) = [each["facts"] for each in lines if (each["step"], each["event"]) == ("intent", "DONE")]
    assert done["log"]["proof"] == digest_of((outcome.bundle / INTENT_LOGGED).read_bytes())
    assert (desk.home / "trust" / "logs").is_dir()


def test_i4_the_log_names_no_terminal_and_no_merchant(desk):
    outcome = retire(desk.request, desk.events.append)
    written = b"".join(each.read_bytes() for each in log_folder(desk.home).rglob("*") if each.is_file())
    assert outcome.tusn.encode() not in written
    assert desk.request.merchant_number.encode() not in written


def test_a_case_that_ends_after_its_intent_without_a_change_is_said_to_have_ended(desk):
    with pytest.raises(TerminalRefused):
        retire(desk.asking(password=Secret("000000")), desk.events.append)
    assert told(desk) == [("intent", ""), ("ended", "wrong-password")]
    intent, ended = entries_of(desk)
    assert (intent.sha256, intent.case) == (ended.sha256, ended.case)


def test_a_case_that_ends_before_its_intent_is_not_in_the_log(desk):
    with pytest.raises(PreconditionNotMet):
        retire(desk.asking(trust_dirs=()), desk.events.append)
    assert told(desk) == []


def test_without_a_log_to_write_to_no_line_is_opened(desk):
    (desk.home / "log").write_bytes(b"in the way")
    with pytest.raises(PreconditionNotMet) as stop:
        retire(desk.request, desk.events.append)
    assert (stop.value.code, int(stop.value.exit_code)) == ("log-unwritable", 5)
    assert desk.steps_done == []


def failing_at(monkeypatch, number):
    """Have one append of some entries fail, as on a full disk."""
    calls = []
    real = CaseLog.append

    def append(log, entries):
        calls.append(entries)
        if len(calls) == number:
            raise PreconditionNotMet("log-unwritable", path="x", why="disk is full")
        return real(log, entries)

    monkeypatch.setattr(CaseLog, "append", append)


def test_a_log_that_cannot_take_the_intent_stops_the_case_before_anything_is_changed(desk, monkeypatch):
    failing_at(monkeypatch, 1)
    with pytest.raises(PreconditionNotMet) as stop:
        retire(desk.request, desk.events.append)
    assert stop.value.code == "log-unwritable"
    assert "unbind" not in desk.steps_done
    assert told(desk) == []
    assert list(desk.out.iterdir()) == []


def test_a_log_that_cannot_take_the_statement_stops_nothing_and_the_statement_says_so(desk, monkeypatch):
    failing_at(monkeypatch, 2)
    outcome = retire(desk.request, desk.events.append)
    assert outcome.result is Result.PASS
    (finding,) = [each for each in outcome.statement_findings if each.code == "statement-not-logged"]
    assert "log-unwritable" in finding.text
    assert not (outcome.bundle / STATEMENT_LOGGED).exists()
    assert told(desk) == [("intent", "")]
    assert checks(desk, outcome.bundle)[0].accepted


def test_another_key_in_the_middle_of_a_case_stops_nothing_either(desk):
    def report(event):
        each = event.as_json()
        if each["event"] == "step" and (each["step"], each["state"]) == ("wipe", "started"):
            (desk.home / "log").rename(desk.home / "log-of-before")
            (desk.home / "keys" / "log.key").unlink()
            (desk.home / "keys" / "log.checkpoint").unlink()
            CaseLog(desk.home).check()

    outcome = retire(desk.request, report)
    assert "statement-not-logged" in {each.code for each in outcome.statement_findings}


def test_i7_killed_between_the_log_and_the_journal_the_first_intent_is_ended_and_another_entered(desk, monkeypatch):
    number = killed_where(desk, monkeypatch, case_log, "write_proof")
    assert told(desk) == [("intent", "")]
    outcome = resume(number, desk.request, desk.events.append)
    assert outcome.result is Result.PASS
    assert told(desk) == [("intent", ""), ("ended", "taken-up-anew"), ("intent", ""), ("statement", "PASS")]
    first, ended, second, statement = entries_of(desk)
    assert first.sha256 == ended.sha256 != second.sha256
    assert {each.case for each in (first, ended, second, statement)} == {number}
    assert checks(desk, outcome.bundle)[0].accepted


def test_i7_a_case_that_is_taken_up_anew_and_stopped_ends_what_it_had_entered(desk, monkeypatch):
    number = killed_where(desk, monkeypatch, case_log, "write_proof")
    with pytest.raises(PreconditionNotMet):
        resume(number, desk.asking(trust_dirs=()), desk.events.append)
    assert told(desk) == [("intent", ""), ("ended", "maker-not-trusted")]


def test_i7_a_proof_that_is_gone_stops_the_taking_up(desk, monkeypatch):
    from agent.workflow.steps import unbind

    number = killed_where(desk, monkeypatch, unbind, "unbind")
    (desk.out / f"{number}.partial" / INTENT_LOGGED).unlink()
    with pytest.raises(PreconditionNotMet) as stop:
        resume(number, desk.request, desk.events.append)
    assert (stop.value.code, stop.value.facts["file"]) == ("case-evidence-altered", INTENT_LOGGED)


def test_an_intent_is_entered_once_though_it_is_written_twice(desk, tmp_path, monkeypatch):
    outcome = retire(desk.request, desk.events.append)
    data = (outcome.bundle / INTENT).read_bytes()
    written = {}
    case = SimpleNamespace(
        request=SimpleNamespace(home=tmp_path / "other"),
        number=outcome.case,
        maybe_logged=False,
        log_key="",
        clock=SimpleNamespace(stamp=lambda: "2026-05-04T09:30:00.125Z"),
        folder=SimpleNamespace(write=written.__setitem__),
    )
    first = case_log.enter_intent(case, data)
    assert case_log.enter_intent(case, data) == first
    assert read_proof(written[INTENT_LOGGED]).checkpoint.size == 1
