import json
from dataclasses import replace

import pytest

from agent.errors import PreconditionNotMet, VerificationFailed
from agent.workflow import ending
from agent.workflow import retire as retiring
from agent.workflow.table import RETIREMENT
from protocols.errors import LocalProtocolError


def effects(desk):
    """The names of the commands with an effect that the terminal itself recorded, keys left out."""
    lines = [json.loads(line) for line in (desk.state / "record.jsonl").read_text().splitlines()]
    return [line["command"] for line in lines if line.get("command") not in (None, "KEY_PRESS")]


def with_step_before(name, change, monkeypatch):
    def changed(step):
        def run(case):
            change(case)
            return step.run(case)

        return replace(step, run=run)

    steps = [changed(step) if step.name == name else step for step in RETIREMENT]
    monkeypatch.setattr(ending, "steps_of", lambda _request: steps)


def test_the_terminal_is_wiped_once(desk):
    retiring.retire(desk.request, desk.events.append)
    assert effects(desk) == ["WIPE_PREPARE", "WIPE_START"]


@pytest.mark.parametrize(
    ("missing", "code"), [("export", "export-not-verified"), ("unbinding", "unbinding-not-proven")]
)
def test_i1_i2_without_its_proofs_no_wipe_is_started(missing, code, desk, monkeypatch):
    with_step_before("wipe", lambda case: setattr(case, missing, None), monkeypatch)
    outcome = retiring.retire(desk.request, desk.events.append)
    assert isinstance(outcome.cause, PreconditionNotMet)
    assert outcome.cause.code == code
    assert "WIPE_START" not in effects(desk)


@pytest.mark.parametrize("change", ["less", "more", "smaller"])
def test_a_memory_map_that_has_changed_since_the_inspection_stops_the_wipe(desk, monkeypatch, change):
    from agent.drivers.pmp import PmpDriver

    genuine, asked = PmpDriver.memory_map, []

    def memory_map(driver):
        asked.append(True)
        found = genuine(driver)
        if len(asked) == 1:
            return found
        first = replace(found[0], size=found[0].size - 4096)
        other = replace(found[0], region=9, name="other")
        return {"less": found[1:], "more": (*found, other), "smaller": (first, *found[1:])}[change]

    monkeypatch.setattr(PmpDriver, "memory_map", memory_map)
    outcome = retiring.retire(desk.request, desk.events.append)
    assert isinstance(outcome.cause, VerificationFailed)
    assert outcome.cause.code == "memory-map-changed"
    assert effects(desk) == []


def test_i2_a_clearance_does_not_reach_another_terminal(desk, monkeypatch):
    from agent.workflow.steps import wipe

    genuine = wipe.clear_for_wipe

    def for_another(policy, target, **proofs):
        other = replace(target, tusn="9999990299999999")
        proofs["unbinding"] = replace(proofs["unbinding"], tusn=other.tusn)
        return genuine(policy, other, **proofs)

    monkeypatch.setattr(wipe, "clear_for_wipe", for_another)
    outcome = retiring.retire(desk.request, desk.events.append)
    assert isinstance(outcome.cause, LocalProtocolError)
    assert "WIPE_START" not in effects(desk)
