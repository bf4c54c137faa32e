"""Binding, a test transaction and its reversal, and unbinding by a code, on a terminal made for these tests."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import Any

import pytest

from agent.errors import AgentError, OutcomeUnknown, PreconditionNotMet, TerminalRefused, UsageFault
from agent.menu.answers import GivenAnswers
from agent.menu.case import MenuCase
from agent.menu.film import FilmStep
from agent.menu.runner import UnbindOutcome, bind, run_test_transaction, unbind
from agent.secret import Secret
from protocols.menu import Asked, Menu
from protocols.menu_check import check_menu
from protocols.profile import Profile
from protocols.table import read_table
from protocols.terminal import Binding, Screen, Status
from protocols.words import BindingKind, BindingState, Key, PowerSource, TamperState
from tests.agent.menu.fake_terminal import haike_profile

TUSN = "9999990212345678"
NUMBER = "999100058120001"  # made up: no acquirer has the number 999
CODE = "246810"
BACK = [{"press": ["CANCEL"], "leads": "main"}]
FACTS = [{"pattern": "{tusn}"}, {"pattern": "{merchant_number}"}]


def confirmation(name: str, goal: str, words: str, leads: str, *, amount: bool) -> dict[str, Any]:
    return {
        "id": name,
        "shows": [{"pattern": words, "row": 0}, *([{"pattern": "金额:{amount}"}] if amount else FACTS)],
        "confirms": goal,
        "must_show": ["amount"] if amount else ["tusn", "merchant_number"],
        "commits": True,
        "keys": [{"press": ["CONFIRM"], "leads": leads}, *BACK],
    }


def end(name: str, words: str, means: str) -> dict[str, Any]:
    return {"id": name, "shows": [{"pattern": words, "row": 0}], "means": means, "keys": BACK}


def field(name: str, asks: str, leads: str, **more: Any) -> dict[str, Any]:
    return {
        "id": name,
        "shows": [{"pattern": f"请输入{name}", "row": 0}, {"pattern": "{typed}_"}],
        "field": {"asks": asks, "masked": False, "leads": leads} | more,
        "keys": BACK,
    }


TABLE = {
    "columns": 16,
    "rows": 8,
    "item": "{digit}.{name}",
    "patience_seconds": 5,
    "source": "assumed",
    "goals": [
        {"name": "unbind", "reach": "unbound"},
        {"name": "bind", "reach": "bound"},
        {"name": "test-transaction", "reach": "sold"},
        {"name": "reversal", "reach": "voided"},
    ],
    "screens": [
        {
            "id": "main",
            "shows": [{"pattern": "功能", "row": 0}],
            "items": [
                {"label": "解绑", "leads": "code"},
                {"label": "绑定", "leads": "number"},
                {"label": "消费", "leads": "amount"},
                {"label": "撤销", "leads": "void"},
            ],
        },
        field("code", "code", "unbinding"),
        field("number", "merchant_number", "binding"),
        field("amount", "amount", "sale", fixed="1"),
        confirmation("unbinding", "unbind", "确认解绑?", "unbound", amount=False),
        confirmation("binding", "bind", "确认绑定?", "bound", amount=False),
        confirmation("sale", "test-transaction", "确认消费?", "sold", amount=True),
        confirmation("void", "reversal", "确认撤销?", "voided", amount=True),
        end("unbound", "解绑成功", "done"),
        end("bound", "绑定成功", "done"),
        end("waiting", "等待平台审核", "pending"),
        end("sold", "交易成功", "done"),
        end("voided", "撤销成功", "done"),
        end("expired", "验证码过期", "code-expired"),
        end("wrong", "验证码错误", "wrong-code"),
        end("rejected", "平台拒绝", "rejected"),
    ],
}


class Terminal:
    """The terminal, as a driver."""

    def __init__(self) -> None:
        self.menu = read_table(Menu, TABLE)
        check_menu(self.menu)
        self.screens = {screen.id: screen for screen in self.menu.screens}
        self.at, self.typed, self.serial = "main", "", 1
        self.number = NUMBER
        self.amount = "0.01"
        self.state = BindingState.UNBOUND
        self.after_code = "unbinding"
        self.after_confirming = ""
        self.becomes: BindingState | None = None
        self.done: list[str] = []

    def status(self) -> Status:
        return Status(TamperState.INTACT, PowerSource.MAINS, 100, True, False, 0, 0, 0, 3, False, ())

    def bindings(self) -> tuple[Binding, ...]:
        return (Binding(BindingKind.MERCHANT, self.state, "merchant_number", ""),)

    def screen(self) -> Screen:
        screen = self.screens[self.at]
        places = {"tusn": TUSN, "merchant_number": self.number, "amount": self.amount, "typed": self.typed}
        rows = [mark.pattern.format_map(places) for mark in screen.shows]
        rows += [f"{digit}.{item.label}" for digit, item in enumerate(screen.items, 1)]
        return Screen(self.serial, 16, 8, False, tuple(rows))

    def next_screen(self, after: Screen, timeout: float) -> Screen | None:
        return self.screen() if self.serial > after.serial else None

    def press(self, keys: tuple[Key, ...], on: Screen) -> None:
        self.serial += 1
        screen = self.screens[self.at]
        if keys == (Key.CANCEL,):
            self.go("main")
        elif screen.items and keys[0] >= Key.DIGIT_1:
            self.go(screen.items[keys[0] - Key.DIGIT_1].leads)
        elif screen.field is not None and keys == (Key.CONFIRM,):
            self.go(self.after_code if self.at == "code" else screen.field.leads)
        elif screen.field is not None:
            self.typed += str(keys[0] - Key.DIGIT_0)
        elif keys == (Key.CONFIRM,):
            self.done.append(self.at)
            usual = {"unbinding": BindingState.UNBOUND, "binding": BindingState.BOUND}.get(self.at, self.state)
            self.state = usual if self.becomes is None else self.becomes
            self.go(self.after_confirming or screen.keys[0].leads)

    def go(self, at: str) -> None:
        self.at, self.typed = at, ""


@pytest.fixture
def terminal() -> Terminal:
    return Terminal()


def run(task: Callable[..., Any], terminal: Terminal, ask: Callable[[Asked], Secret] | None = None) -> Any:
    film: list[FilmStep] = []
    return task(terminal, profile_of(terminal), MenuCase(TUSN, NUMBER), GivenAnswers({}, ask), film.append)


def profile_of(terminal: Terminal, **changes: Any) -> Profile:
    return dataclasses.replace(haike_profile(), menu=dataclasses.replace(terminal.menu, **changes))


def refused(kind: type[AgentError], code: str, task: Callable[..., Any], terminal: Terminal, *more: Any) -> AgentError:
    with pytest.raises(kind) as caught:
        run(task, terminal, *more)
    assert caught.value.code == code
    return caught.value


# ------------------------------------------------------------------------------------------------------- unbinding
def test_a_code_is_asked_for_when_the_terminal_asks_for_it(terminal: Terminal) -> None:
    terminal.state = BindingState.BOUND
    at: list[str] = []

    def ask(asked: Asked) -> Secret:
        at.append(f"{asked} at {terminal.at}")
        return Secret(CODE)

    assert run(unbind, terminal, ask) == UnbindOutcome("screen")
    assert at == ["code at code"]


def test_a_code_that_nobody_can_give(terminal: Terminal) -> None:
    assert refused(UsageFault, "answer-missing", unbind, terminal).facts == {"asked": "code"}
    assert terminal.at == "main", "it backed out of the field"


@pytest.mark.parametrize(
    ("shown", "code"), [("expired", "code-expired"), ("wrong", "wrong-code"), ("rejected", "menu-rejected")]
)
def test_i6_a_code_that_is_not_taken_is_typed_once(terminal: Terminal, shown: str, code: str) -> None:
    terminal.after_code = shown
    asked: list[Asked] = []

    def ask(each: Asked) -> Secret:
        asked.append(each)
        return Secret(CODE)

    refused(TerminalRefused, code, unbind, terminal, ask)
    assert asked == ["code"]
    assert terminal.done == []


def test_what_waits_for_the_platform_is_pending(terminal: Terminal) -> None:
    terminal.after_confirming = "waiting"
    assert run(unbind, terminal, lambda _: Secret(CODE)) == UnbindOutcome("screen", pending=True)


def test_what_waits_for_the_platform_already_is_not_done_again(terminal: Terminal) -> None:
    terminal.after_code = "waiting"
    refused(PreconditionNotMet, "menu-already-pending", unbind, terminal, lambda _: Secret(CODE))


def test_i3_pending_by_the_bindings_where_the_last_screen_says_nothing(terminal: Terminal) -> None:
    terminal.after_confirming, terminal.becomes = "main", BindingState.PENDING
    assert run(unbind, terminal, lambda _: Secret(CODE)) == UnbindOutcome("bindings", pending=True)


# --------------------------------------------------------------------------------------------------------- binding
def test_binding(terminal: Terminal) -> None:
    assert run(bind, terminal) == UnbindOutcome("screen")
    assert terminal.done == ["binding"]
    assert terminal.state is BindingState.BOUND


def test_i9_another_number_on_the_confirmation_is_not_bound(terminal: Terminal) -> None:
    terminal.number = "999100058120010"
    refused(PreconditionNotMet, "menu-other-merchant", bind, terminal)
    assert terminal.done == []


def test_i3_a_binding_whose_end_was_not_seen_is_asked_for(terminal: Terminal) -> None:
    terminal.after_confirming = "main"
    assert run(bind, terminal) == UnbindOutcome("bindings")
    assert terminal.done == ["binding"]


def test_i3_a_binding_that_was_not_done(terminal: Terminal) -> None:
    terminal.after_confirming, terminal.becomes = "main", BindingState.UNBOUND
    refused(TerminalRefused, "menu-not-done", bind, terminal)


def test_i3_a_binding_of_which_nobody_knows(terminal: Terminal) -> None:
    terminal.after_confirming = "main"
    terminal.bindings = lambda: ()  # type: ignore[method-assign]
    assert refused(OutcomeUnknown, "menu-outcome-unknown", bind, terminal).facts["goal"] == "bind"


# ------------------------------------------------------------------------------------------------ test transaction
def test_a_test_transaction_is_taken_back(terminal: Terminal) -> None:
    run(run_test_transaction, terminal)
    assert terminal.done == ["sale", "void"]


def test_another_amount_is_not_confirmed(terminal: Terminal) -> None:
    terminal.amount = "100.00"
    refused(PreconditionNotMet, "menu-other-terminal", run_test_transaction, terminal)
    assert terminal.done == []


def test_i3_a_transaction_of_which_nobody_knows_is_not_made_again(terminal: Terminal) -> None:
    terminal.after_confirming = "main"
    refused(OutcomeUnknown, "menu-outcome-unknown", run_test_transaction, terminal)
    assert terminal.done == ["sale"]


# ----------------------------------------------------------------------------------------------------- no such goal
def test_a_menu_that_lacks_a_goal(terminal: Terminal) -> None:
    with pytest.raises(PreconditionNotMet) as caught:
        bind(
            terminal,  # type: ignore[arg-type]
            profile_of(terminal, goals=terminal.menu.goals[:1]),
            MenuCase(TUSN, NUMBER),
            GivenAnswers({}),
            lambda step: None,
        )
    assert (caught.value.code, caught.value.facts["goal"]) == ("menu-goal-missing", "bind")


@pytest.mark.parametrize("guided", [False, True])
def test_a_terminal_without_remote_keys(terminal: Terminal, guided: bool) -> None:
    film: list[FilmStep] = []
    profile = profile_of(terminal, keys="guided")

    def walk() -> UnbindOutcome:
        case = MenuCase(TUSN, NUMBER)
        return bind(terminal, profile, case, GivenAnswers({}), film.append, guided=guided)  # type: ignore[arg-type]

    if guided:
        assert walk() == UnbindOutcome("screen")
        assert {step.by for step in film} == {"guided"}
        return
    with pytest.raises(PreconditionNotMet) as caught:
        walk()
    assert caught.value.code == "menu-guided-only"
    assert terminal.serial == 1
