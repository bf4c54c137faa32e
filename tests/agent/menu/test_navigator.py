"""The navigator's decisions, screen by screen; whole ways are in test_runner."""

from __future__ import annotations

import pytest

from agent.errors import OutcomeUnknown, PreconditionNotMet
from agent.menu.actions import Action, Done, Look, Press, Stop, Wait
from agent.menu.answers import GivenAnswers
from agent.menu.case import MenuCase
from agent.menu.navigator import MAX_SAME, Navigator
from agent.menu.patience import MAX_LOOKS, MAX_WAITS
from agent.secret import Secret
from protocols.terminal import Screen
from protocols.words import Key
from tests.agent.menu.fake_terminal import MERCHANT, PASSWORD, TUSN, FakeTerminal, haike_profile


@pytest.fixture
def navigator() -> Navigator:
    menu = haike_profile().menu
    assert menu is not None
    return Navigator(menu, menu.goals[0], MenuCase(TUSN, MERCHANT), GivenAnswers({"password": Secret(PASSWORD)}), 3)


@pytest.fixture
def terminal() -> FakeTerminal:
    return FakeTerminal()


def drive(navigator: Navigator, terminal: FakeTerminal, until: str) -> Press:
    """Press what the navigator says until it looks at a screen, and return what it wants there."""
    while True:
        action = after_looking(navigator, terminal)
        assert isinstance(action, Press)
        if terminal.at == until:
            return action
        terminal.press(action.keys, terminal.screen())


def after_looking(navigator: Navigator, terminal: FakeTerminal) -> Action:
    """Return what the navigator wants once it has looked often enough."""
    for _ in range(MAX_LOOKS + 1):
        action = navigator.next_action(terminal.screen())
        if action != Look():
            return action
    pytest.fail("it looks and looks")


def test_the_first_keys(navigator: Navigator, terminal: FakeTerminal) -> None:
    assert navigator.next_action(terminal.screen()) == Press((Key.F1, Key.F4))
    assert navigator.here == "idle"


def test_i4_the_case_does_not_show_the_merchant_number() -> None:
    assert MERCHANT not in repr(MenuCase(TUSN, MERCHANT))


def test_only_the_last_end_of_a_field_commits(navigator: Navigator, terminal: FakeTerminal) -> None:
    action = drive(navigator, terminal, "second")
    for _ in PASSWORD:
        assert not navigator.committed
        terminal.press(action.keys, terminal.screen())
        following = navigator.next_action(terminal.screen())
        assert isinstance(following, Press)
        action = following
    assert action == Press((Key.CONFIRM,), commits=True, kind="submit")
    assert navigator.committed
    terminal.press(action.keys, terminal.screen())
    assert navigator.next_action(terminal.screen()) == Done()


def test_i3_after_the_last_confirmation_only_looking_is_left(navigator: Navigator, terminal: FakeTerminal) -> None:
    drive(navigator, terminal, "second")
    navigator.committed = True
    for at in ("second", "idle", "device", "merchant"):
        terminal.go(at)
        terminal.serial += 1
        assert isinstance(navigator.next_action(terminal.screen()), Wait | Stop)
    stop = navigator.next_action(terminal.screen())
    assert isinstance(stop, Stop)
    assert isinstance(stop.error, OutcomeUnknown)


def test_patience_has_an_end(navigator: Navigator) -> None:
    unknown = Screen(1, 16, 8, False, ("请稍候", "12345"))
    actions = [navigator.next_action(unknown) for _ in range(MAX_LOOKS + MAX_WAITS + 1)]
    assert actions[:MAX_LOOKS] == [Look()] * MAX_LOOKS
    assert all(isinstance(action, Wait) for action in actions[MAX_LOOKS:-1])
    assert isinstance(actions[-1], Stop)
    assert navigator.here == "?"
    assert actions[-1].error.facts == {"rows": "请稍候 | ×××××"}


def test_i6_a_second_confirmation_that_nobody_asked_for(navigator: Navigator, terminal: FakeTerminal) -> None:
    navigator.next_action(terminal.screen())
    terminal.go("second")
    terminal.serial += 1
    assert after_looking(navigator, terminal) == Press((Key.CANCEL,))
    terminal.go("device")
    terminal.serial += 1
    stop = navigator.next_action(terminal.screen())
    assert isinstance(stop, Stop)
    assert (type(stop.error), stop.error.code) == (PreconditionNotMet, "menu-unconfirmed")


@pytest.mark.parametrize("at", ["merchant", "password", "confirm"])
def test_a_field_or_confirmation_that_comes_unasked_is_left(
    at: str, navigator: Navigator, terminal: FakeTerminal
) -> None:
    navigator.next_action(terminal.screen())
    terminal.go(at)
    terminal.serial += 1
    assert after_looking(navigator, terminal) == Press((Key.CANCEL,))
    stop = navigator.next_action(terminal.screen())
    assert isinstance(stop, Stop)
    assert stop.error.code == "menu-wrong-turn"


def test_i9_a_confirmation_is_read_twice_before_it_is_given(navigator: Navigator, terminal: FakeTerminal) -> None:
    action = drive(navigator, terminal, "password")
    while terminal.at == "password":
        terminal.press(action.keys, terminal.screen())
        following = navigator.next_action(terminal.screen())
        assert isinstance(following, Press | Look)
        if isinstance(following, Press):
            action = following
    assert following == Look()
    assert navigator.next_action(terminal.screen()) == Press((Key.CONFIRM,), kind="confirm")


def test_after_a_stop_there_is_nothing_but_the_stop(navigator: Navigator, terminal: FakeTerminal) -> None:
    test_i6_a_second_confirmation_that_nobody_asked_for(navigator, terminal)
    terminal.go("idle")
    assert isinstance(navigator.next_action(terminal.screen()), Stop)


def test_i10_the_number_of_steps_is_bounded(navigator: Navigator) -> None:
    idle = ("海科融通 H60", "请刷卡或按功能键")
    actions = [navigator.next_action(Screen(serial, 16, 8, False, idle)) for serial in range(MAX_SAME + 1)]
    assert all(isinstance(action, Press) for action in actions[:-1])
    assert isinstance(actions[-1], Stop)
    assert actions[-1].error.code == "menu-too-many-steps"


def test_i6_a_refusal_of_what_came_later_does_not_take_a_password_back(
    navigator: Navigator, terminal: FakeTerminal
) -> None:
    action = drive(navigator, terminal, "password")
    while action.kind != "submit":
        terminal.press(action.keys, terminal.screen())
        following = navigator.next_action(terminal.screen())
        assert isinstance(following, Press)
        action = following
    terminal.go("device")  # it was taken, and the terminal went somewhere else
    terminal.serial += 1
    assert isinstance(navigator.next_action(terminal.screen()), Press)
    navigator.refused()
    assert drive(navigator, terminal, "password") == Press((Key.CANCEL,))
    stop = navigator.next_action(terminal.screen())
    assert isinstance(stop, Stop)
    assert stop.error.code == "menu-asked-again"


def test_i3_a_confirmation_that_comes_again_is_not_given_again(navigator: Navigator, terminal: FakeTerminal) -> None:
    action = drive(navigator, terminal, "password")
    while terminal.at == "password":
        terminal.press(action.keys, terminal.screen())
        following = after_looking(navigator, terminal)
        assert isinstance(following, Press)
        action = following
    assert action.kind == "confirm"
    terminal.serial += 1
    assert after_looking(navigator, terminal) == Press((Key.CANCEL,))
    stop = navigator.next_action(terminal.screen())
    assert isinstance(stop, Stop)
    assert stop.error.code == "menu-asked-again"
