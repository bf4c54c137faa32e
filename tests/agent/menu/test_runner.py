"""Unbinding by the menu, on a terminal made for these tests."""

from __future__ import annotations

import dataclasses

import pytest

from agent.errors import AgentError, OutcomeUnknown, PreconditionNotMet, TerminalRefused, UsageFault
from agent.menu.patience import MAX_LOST
from agent.menu.runner import UnbindOutcome
from protocols.errors import DeviceRefused, LinkLost, StateUnknown
from protocols.words import Key
from tests.agent.menu.fake_terminal import (
    MERCHANT,
    PASSWORD,
    TUSN,
    FakeTerminal,
    Run,
    haike_profile,
    lose_answer_once,
    once,
)

WHOLE_WAY = ["idle", "main", "settings", "devices", "device", "merchant", "password", "confirm", "second", "done"]


def refused(run: Run, kind: type[AgentError], code: str) -> dict[str, str | int]:
    with pytest.raises(kind) as caught:
        run()
    assert caught.value.code == code
    return caught.value.facts


def test_the_whole_way() -> None:
    run = Run(FakeTerminal())
    assert run() == UnbindOutcome("screen")
    assert not run.terminal.bound
    assert run.screens == WHOLE_WAY
    assert run.terminal.passwords == [PASSWORD, PASSWORD]


def test_items_that_moved_to_other_digits_are_found() -> None:
    terminal = FakeTerminal()
    terminal.main_items = ["系统设置", "签到"]
    terminal.settings_items = ["版本信息", "网络", "语言", "终端管理"]
    terminal.device_items = ["解绑", "查看"]
    terminal.devices.reverse()
    Run(terminal)()
    assert not terminal.bound


# -------------------------------------------------------------------------------------------------------- secrets
def test_i4_the_film_shows_no_digit_that_was_typed() -> None:
    run = Run(FakeTerminal())
    run()
    shown = [(step.screen, step.keys, step.what) for step in run.film]
    assert shown[:2] == [("idle", "F1+F4", "press"), ("main", "DIGIT_4", "press")]
    assert shown[-1] == ("done", "", "done")
    assert [step for step in shown if step[2] == "type"] == [
        ("merchant", "<merchant_number>", "type"),
        ("password", "<password>", "type"),
        ("second", "<password>", "type"),
    ]
    assert [step.number for step in run.film] == list(range(1, len(run.film) + 1))


@pytest.mark.parametrize("password", ["000000", PASSWORD])
def test_i4_no_error_holds_password_or_merchant_number(password: str) -> None:
    terminal = FakeTerminal()
    terminal.shown_merchant = "999100058129999"
    with pytest.raises((TerminalRefused, PreconditionNotMet)) as caught:
        Run(terminal, password=password)()
    text = repr(caught.value) + str(caught.value) + repr(caught.value.__dict__)
    for secret in (password, MERCHANT, "999100058129999"):
        assert secret not in text


# ----------------------------------------------------------------------------------------------- I6, wrong passwords
def test_i6_a_wrong_password_is_typed_once() -> None:
    run = Run(FakeTerminal(), password="000000")
    assert refused(run, TerminalRefused, "wrong-password") == {"attempts_left": 2}
    assert run.terminal.passwords == ["000000"]
    assert run.terminal.bound


def test_i6_a_password_that_is_wrong_the_second_time_is_not_typed_a_third() -> None:
    terminal = FakeTerminal()

    def somebody_confirms_a_wrong_one() -> None:
        terminal.take_password("999999")
        terminal.serial += 1

    meddle = once(somebody_confirms_a_wrong_one)
    terminal.after_press = lambda keys: meddle() if terminal.at == "second" else None
    assert refused(Run(terminal), TerminalRefused, "wrong-password") == {"attempts_left": 2}
    assert terminal.passwords == [PASSWORD, "999999"]


@pytest.mark.parametrize("left", [1, 0])
def test_i6_the_last_attempt_is_not_used(left: int) -> None:
    terminal = FakeTerminal()
    terminal.attempts = left
    code = "password-attempts-too-few" if left else "password-locked"
    refused(Run(terminal), PreconditionNotMet if left else TerminalRefused, code)
    assert terminal.keys == []


def test_i6_the_last_attempt_is_not_used_where_only_the_screen_knows() -> None:
    terminal = FakeTerminal()
    terminal.attempts, terminal.status_attempts = 1, 3
    assert refused(Run(terminal), PreconditionNotMet, "password-attempts-too-few") == {"attempts_left": 1}
    assert terminal.passwords == []
    assert terminal.at == "device", "it backed out of the field"


def test_i6_a_terminal_that_asks_again_gets_nothing_again() -> None:
    terminal = FakeTerminal()
    terminal.after_press = lambda keys: terminal.go("password") if terminal.at == "confirm" else None
    refused(Run(terminal), TerminalRefused, "menu-asked-again")
    assert terminal.passwords == [PASSWORD]


def test_i6_a_password_is_not_typed_where_it_would_show() -> None:
    terminal = FakeTerminal()
    terminal.unmasked = True
    refused(Run(terminal), PreconditionNotMet, "menu-unknown-screen")
    assert terminal.passwords == []
    assert terminal.typed == ""


def test_locked() -> None:
    terminal = FakeTerminal()
    terminal.attempts, terminal.status_attempts = 0, 3
    refused(Run(terminal), TerminalRefused, "password-locked")


# ------------------------------------------------------------------------------------------------ other refusals
def test_a_wrong_merchant_number() -> None:
    run = Run(FakeTerminal(), merchant="999100058120002")
    refused(run, TerminalRefused, "wrong-merchant-number")
    assert run.terminal.attempts == 3
    assert run.terminal.bound


def test_an_unsettled_batch() -> None:
    terminal = FakeTerminal()
    terminal.unsettled = True
    refused(Run(terminal), PreconditionNotMet, "unsettled-batch")


def test_a_terminal_that_is_not_bound() -> None:
    terminal = FakeTerminal()
    terminal.bound = False
    refused(Run(terminal), PreconditionNotMet, "terminal-not-bound")


@pytest.mark.parametrize("merchant", ["", "99910005812000", "99910005812000x", "٩" * 15, "9991000581200011"])
def test_a_merchant_number_has_15_digits(merchant: str) -> None:
    run = Run(FakeTerminal(), merchant=merchant)
    refused(run, UsageFault, "merchant-number-form")
    assert run.terminal.keys == []


@pytest.mark.parametrize("password", ["secret", "12 34", "٩٩٩٩", "1" * 33])
def test_a_password_has_digits(password: str) -> None:
    run = Run(FakeTerminal(), password=password)
    refused(run, UsageFault, "password-form")
    assert run.terminal.keys == []


def test_a_model_without_a_menu() -> None:
    with pytest.raises(PreconditionNotMet) as caught:
        Run(FakeTerminal())(dataclasses.replace(haike_profile(), menu=None))
    assert caught.value.code == "menu-missing"


# ---------------------------------------------------------------------------------------- the terminal of the case
def test_i9_nothing_is_confirmed_for_another_merchant() -> None:
    terminal = FakeTerminal()
    terminal.shown_merchant = "999100058129999"
    refused(Run(terminal), PreconditionNotMet, "menu-other-merchant")
    assert terminal.bound
    assert terminal.at == "device", "it backed out of the confirmation"
    assert terminal.passwords == [PASSWORD]


def test_i9_nothing_is_chosen_on_another_terminal() -> None:
    terminal = FakeTerminal()
    terminal.shown_tusn = "9999990112345678"  # the same last eight digits
    refused(Run(terminal), PreconditionNotMet, "menu-other-terminal")
    assert terminal.passwords == []


@pytest.mark.parametrize(
    "devices", [["88888888 蓝牙打印"], [f"{TUSN[-8:]} 本机"] * 2, [f"{TUSN[-8:]} 蓝牙打印"], ["11111111 本机"], []]
)
def test_i9_a_list_that_does_not_name_the_terminal_once(devices: list[str]) -> None:
    terminal = FakeTerminal()
    terminal.devices = devices
    refused(Run(terminal), PreconditionNotMet, "menu-terminal-not-listed")


def test_i9_done_for_another_terminal_is_not_done() -> None:
    terminal = FakeTerminal()

    def swap(keys: tuple[Key, ...]) -> None:
        if terminal.at == "done":
            terminal.shown_tusn, terminal.bound = "9999990287654321", True

    terminal.after_press = swap
    with pytest.raises((OutcomeUnknown, TerminalRefused)):
        Run(terminal)()


def test_an_item_that_is_gone() -> None:
    terminal = FakeTerminal()
    terminal.settings_items.remove("终端管理")
    facts = refused(Run(terminal), PreconditionNotMet, "menu-item-missing")
    assert facts == {"screen": "settings", "item": "终端管理"}


# ------------------------------------------------------------------------------------------ where somebody left it
@pytest.mark.parametrize("at", ["main", "settings", "devices", "device", "printer", "done"])
def test_it_starts_from_where_the_menu_is(at: str) -> None:
    terminal = FakeTerminal()
    terminal.go(at)
    Run(terminal)()
    assert not terminal.bound


@pytest.mark.parametrize("at", ["merchant", "password", "confirm", "second", "wrong", "mismatch", "unsettled"])
def test_it_backs_out_of_what_somebody_began(at: str) -> None:
    terminal = FakeTerminal()
    terminal.go(at)
    terminal.typed, terminal.number = "99", "999100058129999"
    run = Run(terminal)
    run()
    assert terminal.keys[0] == (Key.CANCEL,)
    assert run.screens == [at, "device", *WHOLE_WAY[5:]]
    assert terminal.passwords == [PASSWORD, PASSWORD]


@pytest.mark.parametrize("at", ["merchant", "password", "second"])
def test_digits_of_somebody_else_are_deleted(at: str) -> None:
    terminal = FakeTerminal()

    def two_more_digits() -> None:
        terminal.typed += "77"
        terminal.serial += 1

    meddle = once(two_more_digits)
    terminal.after_press = lambda keys: meddle() if terminal.at == at and len(terminal.typed) == 3 else None
    Run(terminal)()
    assert (Key.CLEAR,) in terminal.keys
    assert not terminal.bound
    assert terminal.passwords == [PASSWORD, PASSWORD]


# -------------------------------------------------------------------------------------------------- odd screens
def test_an_unknown_screen_gets_no_key() -> None:
    terminal = FakeTerminal()
    terminal.pop_up("是否升级?", "确认 / 取消")
    run = Run(terminal)
    refused(run, PreconditionNotMet, "menu-unknown-screen")
    assert terminal.keys == []
    assert run.screens == ["?"]


@pytest.mark.parametrize("at", ["merchant", "password", "second"])
def test_a_screen_that_comes_and_goes_is_waited_for(at: str) -> None:
    terminal = FakeTerminal()
    pop = once(lambda: terminal.pop_up("请稍候"))
    terminal.before_press = lambda keys: pop() if terminal.at == at and len(terminal.typed) == 2 else None
    terminal.while_waiting = lambda: terminal.pop_down() if terminal.overlay is not None else None
    assert Run(terminal)() == UnbindOutcome("screen")
    assert terminal.passwords == [PASSWORD, PASSWORD]


@pytest.mark.parametrize("at", ["password", "confirm", "second"])
def test_a_confirmation_that_a_changed_screen_refused_is_pressed_afterwards(at: str) -> None:
    terminal = FakeTerminal()

    def change() -> None:
        terminal.serial += 1

    flicker = once(change)
    terminal.before_press = lambda keys: flicker() if terminal.at == at and keys == (Key.CONFIRM,) else None
    assert Run(terminal)() == UnbindOutcome("screen")
    assert terminal.passwords == [PASSWORD, PASSWORD]


def test_keys_that_do_nothing_end_the_way() -> None:
    terminal = FakeTerminal()
    terminal.deaf = True
    refused(Run(terminal), PreconditionNotMet, "menu-no-reaction")
    assert len(terminal.keys) == MAX_LOST + 1


def test_i10_a_menu_that_leads_round_in_circles_ends() -> None:
    terminal = FakeTerminal()
    terminal.after_press = lambda keys: terminal.go("idle") if terminal.at == "devices" else None
    refused(Run(terminal), PreconditionNotMet, "menu-too-many-steps")
    assert terminal.passwords == []


def refuse(terminal: FakeTerminal, at: str) -> None:
    """Make the terminal refuse CONFIRM on a screen."""

    def before_press(keys: tuple[Key, ...]) -> None:
        if terminal.at == at and keys == (Key.CONFIRM,):
            raise DeviceRefused("KEY_PRESS", 8, "TAMPERED")

    terminal.before_press = before_press


@pytest.mark.parametrize("at", ["merchant", "password", "confirm", "second"])
def test_another_refusal_is_handed_on(at: str) -> None:
    terminal = FakeTerminal()
    refuse(terminal, at)
    with pytest.raises(DeviceRefused):
        Run(terminal)()
    assert terminal.binding_reads == 0


def test_a_line_that_goes_before_the_last_confirmation_changed_nothing() -> None:
    terminal = FakeTerminal()

    def lose(keys: tuple[Key, ...]) -> None:
        if terminal.at == "confirm":
            raise LinkLost("cut by the test")

    terminal.before_press = lose
    with pytest.raises(LinkLost):
        Run(terminal)()
    assert terminal.bound
    assert terminal.binding_reads == 0


# ------------------------------------------------------------------------------------------------ I3, lost answers
@pytest.mark.parametrize("pressed", [True, False])
@pytest.mark.parametrize("at", ["merchant", "password", "confirm"])
def test_i3_a_lost_answer_is_made_good_by_looking(at: str, pressed: bool) -> None:
    terminal = FakeTerminal()
    lose_answer_once(terminal, at, pressed=pressed)
    assert Run(terminal)() == UnbindOutcome("screen")
    assert terminal.passwords == [PASSWORD, PASSWORD]


@pytest.mark.parametrize("pressed", [True, False])
def test_i3_a_lost_answer_to_a_digit_is_made_good_by_looking(pressed: bool) -> None:
    terminal = FakeTerminal()

    def lose() -> None:
        raise StateUnknown("KEY_PRESS", LinkLost("lost by the test"))

    lose_once = once(lose)

    def press(keys: tuple[Key, ...]) -> None:
        if terminal.at == "password" and len(terminal.typed) == 3:
            lose_once()

    if pressed:
        terminal.after_press = press
    else:
        terminal.before_press = press
    Run(terminal)()
    assert terminal.passwords == [PASSWORD, PASSWORD]


def test_i3_i6_a_lost_answer_to_a_wrong_password_does_not_type_it_again() -> None:
    terminal = FakeTerminal()
    lose_answer_once(terminal, "password", pressed=True)
    refused(Run(terminal, password="000000"), TerminalRefused, "wrong-password")
    assert terminal.passwords == ["000000"]


def test_i3_i6_a_lost_answer_and_a_field_that_is_back_does_not_type_again() -> None:
    terminal = FakeTerminal()
    lose_answer_once(terminal, "password", pressed=True, then=lambda: terminal.go("password"))
    refused(Run(terminal), TerminalRefused, "menu-asked-again")
    assert terminal.passwords == [PASSWORD]


def test_i3_the_last_confirmation_took_effect_and_the_screen_says_so() -> None:
    terminal = FakeTerminal()
    lose_answer_once(terminal, "second", pressed=True)
    assert Run(terminal)() == UnbindOutcome("screen")


@pytest.mark.parametrize("at", ["idle", "second"])
def test_i3_the_last_confirmation_took_effect_and_the_bindings_say_so(at: str) -> None:
    terminal = FakeTerminal()
    lose_answer_once(terminal, "second", pressed=True, then=lambda: terminal.go(at))
    assert Run(terminal)() == UnbindOutcome("bindings")
    assert terminal.passwords == [PASSWORD, PASSWORD]


def test_i3_the_last_confirmation_is_not_pressed_again() -> None:
    terminal = FakeTerminal()
    lose_answer_once(terminal, "second", pressed=False)
    refused(Run(terminal), OutcomeUnknown, "unbind-outcome-unknown")
    assert terminal.passwords == [PASSWORD]
    assert terminal.binding_reads == 1
    assert terminal.bound


def test_i3_the_last_confirmation_did_nothing_and_the_terminal_went_on() -> None:
    terminal = FakeTerminal()

    def restart() -> None:
        terminal.go("idle")
        terminal.serial += 1

    lose_answer_once(terminal, "second", pressed=False, then=restart)
    refused(Run(terminal), TerminalRefused, "unbind-not-done")


def test_i3_the_line_is_gone_after_the_last_confirmation() -> None:
    terminal = FakeTerminal()

    def cut() -> None:
        terminal.cut = True

    lose_answer_once(terminal, "second", pressed=True, then=cut)
    refused(Run(terminal), OutcomeUnknown, "unbind-outcome-unknown")
