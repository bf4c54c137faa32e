"""Waiting, doubting, and keys that were lost."""

from __future__ import annotations

from typing import get_args

import pytest

from agent.errors import PreconditionNotMet
from agent.menu.actions import Look, Press, PressKind, Stop, Wait
from agent.menu.patience import MAX_LOOKS, MAX_LOST, MAX_WAITS, Patience
from protocols.terminal import Screen
from protocols.words import Key

ERROR = PreconditionNotMet("menu-no-reaction", screen="s")
SHOWN, CHANGED = Screen(5, 16, 8, False, ("a",)), Screen(6, 16, 8, False, ("a",))


def after(kind: PressKind, *, by_person: bool = False, commits: bool = False, lost: bool = False) -> Patience:
    patience = Patience(10, by_person=by_person)
    patience.pressed(Press((Key.CONFIRM,), kind=kind, commits=commits), SHOWN)
    if lost:
        patience.answer_lost()
    return patience


def judged(patience: Patience, *, committed: bool = False) -> list[object]:
    """Judge a display that does not change until there is more to say than to wait."""
    verdicts: list[object] = []
    while not verdicts or isinstance(verdicts[-1], Wait):
        verdicts.append(patience.unchanged(SHOWN, ERROR, committed=committed))
    return verdicts


@pytest.mark.parametrize(
    ("kind", "waits"),
    [("type", 0), ("scroll", 0), ("go", 1), ("answer", 1), ("submit", MAX_WAITS), ("confirm", MAX_WAITS)],
)
def test_keys_are_lost_after_a_while(kind: PressKind, waits: int) -> None:
    assert judged(after(kind)) == [Wait(10)] * waits + ["lost"]


@pytest.mark.parametrize("kind", get_args(PressKind))
def test_a_display_that_changed_took_the_keys(kind: PressKind) -> None:
    assert after(kind).unchanged(CHANGED, ERROR, committed=False) is None


@pytest.mark.parametrize("kind", get_args(PressKind))
def test_i3_a_person_is_not_told_to_press_again(kind: PressKind) -> None:
    verdicts = judged(after(kind, by_person=True))
    assert isinstance(verdicts[-1], Stop)


def test_i3_keys_without_an_answer_were_not_taken_where_the_display_is_the_same() -> None:
    assert judged(after("submit", lost=True)) == ["lost"]


def test_i3_the_last_confirmation_without_an_answer_may_be_on_its_way() -> None:
    assert isinstance(judged(after("submit", commits=True, lost=True), committed=True)[-1], Stop)


def test_i3_the_last_confirmation_with_an_answer_was_lost_where_the_display_is_the_same() -> None:
    assert judged(after("submit", commits=True), committed=True) == [Wait(10)] * MAX_WAITS + ["lost"]


def test_i3_what_came_after_the_last_confirmation_proves_nothing_about_it() -> None:
    assert isinstance(judged(after("answer"), committed=True)[-1], Stop)


@pytest.mark.parametrize(("kind", "end"), [("type", Stop), ("scroll", str)])
def test_keys_that_are_lost_again_and_again(kind: PressKind, end: type) -> None:
    patience = after(kind)
    for _ in range(MAX_LOST):
        assert judged(patience) == ["lost"]
        patience.not_taken()
        assert patience.repeats
        patience.pressed(Press((Key.DOWN,), kind=kind), SHOWN)
    assert isinstance(judged(patience)[-1], end)
    assert patience.stuck is (kind == "scroll")


def test_looking_and_waiting_have_ends() -> None:
    patience = Patience(10, by_person=False)
    assert [patience.look_again() for _ in range(MAX_LOOKS + 1)] == [Look()] * MAX_LOOKS + [None]
    assert [patience.wait_or(ERROR) for _ in range(MAX_WAITS + 1)] == [Wait(10)] * MAX_WAITS + [Stop(ERROR)]
    patience.pressed(Press((Key.F1,)), SHOWN)
    assert (patience.look_again(), patience.wait_or(ERROR)) == (Look(), Wait(10))
