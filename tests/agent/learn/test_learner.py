"""The learner does what it is told, and keeps screens and keys without the numbers on them."""

from __future__ import annotations

import pytest

from agent.errors import PreconditionNotMet, UsageFault
from agent.learn import learner as module
from agent.learn.instructions import Instruction
from agent.learn.learner import safe_name
from protocols.errors import DeviceRefused
from protocols.terminal import Screen
from protocols.words import Key
from tests.agent.learn.taught import ALL, TO_CONFIRM, TO_PASSWORD, learner, taught
from tests.agent.learn.unknown import MERCHANT, PASSWORD, TUSN, Unknown


def test_it_presses_nothing_by_itself() -> None:
    terminal = Unknown()
    made = learner(terminal)
    assert terminal.pressed == []
    assert [screen.id for screen in made.screens] == ["screen-1"]


def test_screens_keys_items_and_fields_are_kept() -> None:
    made = taught(*ALL)
    screens = {screen.id: screen for screen in made.screens}
    assert list(screens) == ["idle", "main", "list", "own", "password", "confirm", "done"]
    assert screens["idle"].keys == {(Key.MENU,): screens["main"]}
    assert screens["main"].items == {"查询": None, "本机": screens["list"], "结算": None}
    assert screens["list"].entries == {"{tusn_last8} 本机": screens["own"]}
    field = screens["password"].field
    assert field is not None
    assert (field.asks, field.masked, field.leads, field.submit) == (
        "password",
        True,
        screens["confirm"],
        Key.CONFIRM,
    )
    assert screens["password"].rows == ["请输入密码:", "{hidden}_", "剩余次数:{attempts_left}", ""]
    assert screens["confirm"].confirms
    assert screens["done"].means == "done"


def test_a_screen_that_comes_again_is_known_though_its_clock_went_on() -> None:
    made = taught(Instruction(press=(Key.MENU,)), Instruction(press=(Key.CANCEL,)))
    assert made.here is made.screens[0]
    assert len(made.screens) == 2


def test_two_screens_of_one_name_are_one_whose_differences_change() -> None:
    made = taught(
        Instruction(screen="list", press=(Key.MENU,)),
        Instruction(press=(Key.DIGIT_1,)),
        Instruction(screen="list"),
    )
    assert len(made.screens) == 2
    assert made.here.id == "list"
    assert made.here.rows[0] is None
    assert (Key.MENU,) in made.here.keys


def test_an_entry_of_another_device_is_never_learned() -> None:
    made = taught(*TO_PASSWORD[:2], Instruction(press=(Key.DIGIT_2,)))
    listed = next(screen for screen in made.screens if "终端列表" in screen.rows)
    assert listed.entries == {"{tusn_last8} 本机": None}
    assert listed.keys == {}


def test_i4_nothing_it_keeps_has_a_number_of_the_terminal() -> None:
    made = taught(*ALL)
    for screen in made.screens:
        kept = repr((screen.rows, screen.drawing, screen.items, screen.entries)) + repr(screen)
        for secret in (MERCHANT, PASSWORD, TUSN, TUSN[-8:]):
            assert secret not in kept
    assert MERCHANT not in repr(made.facts)


@pytest.mark.parametrize(
    ("instruction", "code"),
    [
        (Instruction(choose="没有"), "learn-item-missing"),
        (Instruction(own=True), "learn-own-missing"),
        (Instruction(type="phone"), "learn-answer-form"),
        (Instruction(declare="done", rows=("x",), after="nowhere"), "learn-screen-missing"),
    ],
)
def test_what_does_not_fit_the_screen_presses_nothing(instruction: Instruction, code: str) -> None:
    terminal = Unknown()
    made = learner(terminal)
    with pytest.raises(UsageFault) as fault:
        made.follow(instruction)
    assert fault.value.code == code
    assert terminal.pressed == []


def test_typing_where_there_is_no_field_stops_after_one_digit() -> None:
    terminal = Unknown(shown="query")
    with pytest.raises(UsageFault) as fault:
        learner(terminal).follow(Instruction(type="password"))
    assert fault.value.code == "learn-no-field"
    assert len(terminal.pressed) == 1


def test_a_masked_screen_is_never_one_with_another() -> None:
    made = taught(*TO_PASSWORD[:-1])
    with pytest.raises(UsageFault) as fault:
        made.follow(Instruction(screen="main"))
    assert fault.value.code == "learn-name-taken"


def test_a_screen_can_be_described_without_going_there() -> None:
    terminal = Unknown()
    described = Instruction(declare="done", rows=("解绑成功", "{tusn}"), after="confirm", means="done")
    made = taught(*TO_CONFIRM, described, terminal=terminal)
    confirm, done = made.screens[-2:]
    assert confirm.keys == {(Key.CONFIRM,): done}
    assert (done.means, done.declared) == ("done", True)
    assert not terminal.unbound
    after_field = taught(*TO_PASSWORD[:-1], Instruction(declare="next", rows=("x",), after="password"))
    field = after_field.screens[-2].field
    assert field is not None
    assert field.leads is after_field.screens[-1]


def test_a_terminal_without_remote_screen_is_said_to_be_one() -> None:
    class Silent(Unknown):
        def screen(self) -> Screen:
            raise DeviceRefused("SCREEN_READ", 5, "WRONG_STATE", "")

    with pytest.raises(PreconditionNotMet) as fault:
        learner(Silent())
    assert fault.value.code == "learn-no-screen"


def test_i10_screens_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MAX_SCREENS", 3)
    with pytest.raises(PreconditionNotMet) as fault:
        taught(*ALL)
    assert fault.value.code == "learn-too-many-screens"


@pytest.mark.parametrize(("text", "name"), [("haike-x99", "haike-x99"), ("../x", ""), ("型号", ""), ("", "")])
def test_only_a_plain_name_becomes_a_folder(text: str, name: str) -> None:
    assert safe_name(text) == name
