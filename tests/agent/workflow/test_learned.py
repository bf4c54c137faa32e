"""A terminal that no profile knows is learned, and then retired with what was learned (issue 3, done when 4)."""

from __future__ import annotations

import pytest

from agent.connect import connect
from agent.errors import PreconditionNotMet
from agent.evidence.facts import Result
from agent.learn.draft import make_draft, read_terminal
from agent.learn.instructions import read_script
from agent.learn.learner import Learner
from agent.learn.note import note_text
from agent.learn.write import write_draft
from agent.workflow.retire import retire

WAY = """
[[step]]
screen = "idle"
press = ["F1", "F4"]
[[step]]
screen = "main"
choose = "系统设置"
[[step]]
screen = "settings"
choose = "终端管理"
[[step]]
screen = "devices"
own = true
[[step]]
screen = "device"
choose = "解绑"
[[step]]
screen = "merchant"
type = "merchant_number"
[[step]]
press = ["CONFIRM"]
[[step]]
screen = "password"
type = "password"
[[step]]
press = ["CONFIRM"]
[[step]]
screen = "confirm"
confirms = "unbind"
press = ["CONFIRM"]
[[step]]
screen = "second"
type = "password"
"""

STOPPED_BEFORE_THE_END = """
[[step]]
press = ["CANCEL"]
[[step]]
press = ["CANCEL"]
[[step]]
declare = "done"
rows = ["解绑成功", "{tusn}"]
after = "second"
means = "done"
"""

TO_THE_END = """
[[step]]
press = ["CONFIRM"]
[[step]]
screen = "done"
means = "done"
press = ["CONFIRM"]
[[step]]
screen = "idle"
"""


def learn(desk, script, folder):
    """Teach the learner the terminal of a desk."""
    folder.mkdir()
    (folder / "script.toml").write_text(script, encoding="utf-8")
    given = {"merchant_number": desk.request.merchant_number, "password": desk.request.password.reveal()}
    with connect(desk.request.target) as connected:
        driver = connected.driver
        before = driver.bindings()
        learner = Learner(driver, lambda asked: type(desk.request.password)(given[asked]))
        for each in read_script(folder / "script.toml"):
            learner.follow(each)
        model = learner.identity.model
        draft = make_draft(learner, read_terminal(driver, before), model, driver.family)
    write_draft(folder, model, draft, note_text(learner, draft, model))
    return draft


def test_a_way_that_was_learned_up_to_the_last_key_retires_the_same_terminal(desk_of, tmp_path):
    desk = desk_of(faults=("unknown-model",))
    with pytest.raises(PreconditionNotMet) as fault:
        retire(desk.request, desk.events.append)
    assert fault.value.code == "unknown-model"
    draft = learn(desk, WAY + STOPPED_BEFORE_THE_END, tmp_path / "learned")
    assert {binding.source for binding in draft.profile.bindings} == {"assumed"}
    outcome = retire(desk.asking(profile_dirs=(tmp_path / "learned",)), desk.events.append)
    assert outcome.result is Result.PASS


def test_a_way_that_was_learned_to_its_end_unbinds_another_terminal(desk_of, tmp_path):
    first, second = desk_of(faults=("unknown-model",)), desk_of(faults=("unknown-model",), seed=8)
    draft = learn(first, WAY + TO_THE_END, tmp_path / "learned")
    assert {binding.source for binding in draft.profile.bindings} == {"capture"}
    request = second.asking(profile_dirs=(tmp_path / "learned",), wipe=False)
    outcome = retire(request, second.events.append)
    assert outcome.result is Result.PASS
    assert "merchant_number" in outcome.undone


def test_i4_a_draft_has_no_number_of_the_terminal_it_came_from(desk_of, tmp_path):
    desk = desk_of(faults=("unknown-model",))
    learn(desk, WAY + STOPPED_BEFORE_THE_END, tmp_path / "learned")
    written = b"".join(path.read_bytes() for path in (tmp_path / "learned" / "haike-x99").iterdir())
    tusn = desk.announced["tusn"]
    for secret in (desk.announced["merchant_number"], desk.announced["password"], tusn, tusn[-8:]):
        assert secret.encode() not in written
