"""What comes between, and how often it is put up with."""

from __future__ import annotations

import typing

import pytest

from agent.menu.interruptions import MAX_ANSWERS, MAX_RESTARTS, Interruptions, error_of
from protocols.menu import Interruption, Mark, MenuScreen
from protocols.words import Key


def popup(what: Interruption) -> MenuScreen:
    return MenuScreen(what, (Mark(what),), interrupts=what, answer="press", press=(Key.CANCEL,))


@pytest.mark.parametrize(("what", "times"), [("advertisement", MAX_ANSWERS), ("logged-off", MAX_RESTARTS)])
def test_there_is_an_end(what: Interruption, times: int) -> None:
    between = Interruptions()
    assert [between.may_answer(popup(what)) for _ in range(times + 1)] == [True] * times + [False]


def test_each_has_a_message() -> None:
    codes = {what: error_of(what, "popup").code for what in typing.get_args(Interruption)}
    assert codes == {
        "low-battery": "menu-low-battery",
        "paper-out": "menu-paper-out",
        "network-lost": "menu-network-lost",
        "advertisement": "menu-interrupted",
        "logged-off": "menu-logged-off",
        "tear-off": "menu-interrupted",
    }
