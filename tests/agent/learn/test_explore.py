"""Looking round without a person never confirms, never types, and never does what sounds like doing something."""

from __future__ import annotations

import pytest

from agent.learn import explore as module
from agent.learn.explore import explore
from protocols.words import Key
from tests.agent.learn.taught import learner
from tests.agent.learn.unknown import SCREENS, Unknown


def test_it_sees_every_screen_that_digits_and_cancel_reach_and_comes_back() -> None:
    terminal = Unknown()
    made = learner(terminal)
    found = explore(made, 60, (Key.MENU,))
    titles = {screen.rows[0] for screen in made.screens}
    assert titles == {"新终端", "菜单", "查询", "终端列表", "{tusn}"}
    assert found.left_out == [("screen-2", "结算"), ("screen-5", "解绑")]
    assert not found.full
    assert terminal.shown == "idle"
    keys = {key for _, key in terminal.pressed}
    assert keys <= {"MENU", "CANCEL", *"0123456789"}
    assert ("own", "1") not in terminal.pressed
    assert ("list", "2") not in terminal.pressed, "another device"


def test_it_opens_nothing_that_nobody_named() -> None:
    terminal = Unknown()
    explore(learner(terminal), 60)
    assert {key for _, key in terminal.pressed} <= {"CANCEL"}


def test_it_types_nothing_and_leaves_a_field_by_cancel(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(
        SCREENS, "main", (("菜单", "1.密码", "2.查询"), {"1": "password", "2": "query", "CANCEL": "idle"})
    )
    terminal = Unknown()
    explore(learner(terminal), 60, (Key.MENU,))
    assert {key for shown, key in terminal.pressed if shown == "password"} == {"CANCEL"}


def test_a_screen_that_cancel_does_not_leave_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(SCREENS, "query", (("查询", "无记录"), {}))
    found = explore(learner(Unknown()), 60, (Key.MENU,))
    assert found.stuck == ["screen-3"]


def test_i10_it_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    made = learner(Unknown())
    assert explore(made, 3, (Key.MENU,)).full
    assert len(made.screens) == 3
    monkeypatch.setattr(module, "MAX_PRESSES", 4)
    terminal = Unknown()
    assert explore(learner(terminal), 60, (Key.MENU,)).full
    assert len(terminal.pressed) <= 8
