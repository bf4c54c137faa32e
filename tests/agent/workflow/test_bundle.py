"""Issuing, where the case did not come to its good end."""

from datetime import UTC, datetime, timedelta

import pytest

from agent.clock import Clock
from agent.errors import ExitCode, OutcomeUnknown, PreconditionNotMet
from agent.evidence.facts import Result
from agent.workflow import ending
from agent.workflow import retire as retiring
from agent.workflow.table import RETIREMENT
from protocols.errors import LinkLost


def cut_at(name, monkeypatch):
    """Have the line fail in one step of the table, after the step was done."""

    def failing(step):
        def run(case):
            step.run(case)
            raise LinkLost("unplugged (TEST)")

        return type(step)(step.name, step.effect, step.resume, run)

    steps = [failing(step) if step.name == name else step for step in RETIREMENT]
    monkeypatch.setattr(ending, "steps_of", lambda _request: steps)


@pytest.mark.parametrize("name", ["unbind", "wipe", "validate"])
def test_i5_a_case_that_broke_off_after_a_change_is_signed_and_never_as_pass(name, desk, monkeypatch):
    cut_at(name, monkeypatch)
    outcome = retiring.retire(desk.request, desk.events.append)
    assert outcome.result is not Result.PASS
    assert isinstance(outcome.cause, LinkLost)
    assert (outcome.bundle / "statement.dsse.json").is_file()
    assert "ended-early" in {finding.code for finding in outcome.statement_findings}


def test_i7_a_clock_that_is_set_back_in_the_middle_is_told_and_spoils_nothing(desk):
    back = timedelta(0)

    def report(event):
        nonlocal back
        told = event.as_json()
        if told["event"] == "step" and (told["step"], told["state"]) == ("wipe", "started"):
            back = timedelta(days=1)

    outcome = retiring.retire(desk.request, report, Clock(wall=lambda: datetime.now(UTC) - back))
    assert outcome.result is Result.PASS
    (told,) = [each for each in outcome.findings if each.code == "clock-set-back"]
    assert int(told.facts["seconds"]) >= 86_400


def test_a_case_that_broke_off_before_any_change_leaves_no_folder(desk, monkeypatch):
    cut_at("export", monkeypatch)
    with pytest.raises(LinkLost):
        retiring.retire(desk.request, desk.events.append)
    assert list(desk.out.iterdir()) == []


@pytest.mark.parametrize("fault", [PreconditionNotMet("bundle-unwritable", path="x", why="disk is full"), OSError(28)])
def test_i7_a_statement_that_cannot_be_written_after_a_change_is_unknown_and_keeps_its_folder(desk, monkeypatch, fault):
    def fail(*_given, **_more):
        raise fault

    monkeypatch.setattr(ending, "issue", fail)
    with pytest.raises(OutcomeUnknown) as unknown:
        retiring.retire(desk.request, desk.events.append)
    assert unknown.value.exit_code is ExitCode.UNKNOWN
    assert unknown.value.code == "evidence-not-issued"
    (partial,) = desk.out.iterdir()
    assert {"job.json", "export.age", "intent.json", "device-post.eat"} <= {path.name for path in partial.iterdir()}


def test_a_disk_without_room_for_the_evidence_stops_the_case_before_anything_is_changed(desk, monkeypatch):
    from agent.workflow.steps import intent

    monkeypatch.setattr(intent, "NEEDED_BYTES", 1 << 50)
    with pytest.raises(PreconditionNotMet) as stop:
        retiring.retire(desk.request, desk.events.append)
    assert stop.value.code == "room-missing"
    assert "unbind" not in desk.steps_done
