"""What presses of the menu engine mean for a person."""

from __future__ import annotations

import dataclasses

import pytest

from agent.guided.keypad import Keypad, Meant
from protocols.menu import Entry, Field, Item, KeyEdge, Mark, MenuScreen
from protocols.words import Key

BACK = KeyEdge((Key.CANCEL,), "before")
FIELD = MenuScreen(
    "field", (Mark("{typed}_"),), field=Field("merchant_number", False, "next"), keys=(BACK,), commits=True
)
LIST = MenuScreen("list", (Mark("列表"),), items=(Item("一", "one"),), entries=(Entry("{tusn}", "two"),), keys=(BACK,))
HIGHLIGHT = dataclasses.replace(LIST, choose="highlight", next=(Key.DOWN,), previous=(Key.UP,))


def test_typing_says_nothing_until_the_field_is_ended() -> None:
    keypad = Keypad(FIELD, [])
    for key in (Key.DIGIT_9, Key.DIGIT_8, Key.CLEAR, Key.DIGIT_7):
        assert keypad.take((key,)) is None
    assert keypad.typed == "97"
    assert keypad.take((Key.CONFIRM,)) == Meant("type", "next", commits=True)


def test_going_back_commits_to_nothing() -> None:
    assert Keypad(FIELD, []).take((Key.CANCEL,)) == Meant("press", "before")


def test_letters_are_tapped() -> None:
    field = Field("machine_number", False, "next", letters="multitap")
    keypad = Keypad(dataclasses.replace(FIELD, field=field), [])
    for key in (Key.DIGIT_3, Key.DIGIT_3, Key.DIGIT_2, Key.RIGHT, Key.DIGIT_2, Key.CLEAR):
        assert keypad.take((key,)) is None
    assert keypad.typed == "D2"


@pytest.mark.parametrize(("digit", "leads", "row"), [(1, "one", "一"), (2, "two", "99999902")])
def test_a_digit_chooses_a_row(digit: int, leads: str, row: str) -> None:
    assert Keypad(LIST, ["一", "99999902"]).take((Key[f"DIGIT_{digit}"],)) == Meant("choose", leads, row)


def test_a_highlight_moves_without_a_word() -> None:
    keypad = Keypad(HIGHLIGHT, ["一", "99999902"])
    assert keypad.take((Key.DOWN,)) is None
    assert keypad.highlighted == 1
    assert keypad.take((Key.CONFIRM,)) == Meant("choose", "two", "99999902")
    assert keypad.take((Key.UP,)) is None
    assert keypad.take((Key.CONFIRM,)) == Meant("choose", "one", "一")


def test_other_keys_are_pressed() -> None:
    assert Keypad(LIST, ["一", "99999902"]).take((Key.DIGIT_9,)) == Meant("press", "")
    assert Keypad(dataclasses.replace(LIST, items=(), entries=()), []).take((Key.F1,)) == Meant("press", "")


def test_an_interruption_leads_where_it_came_from() -> None:
    popup = MenuScreen("popup", (Mark("广告"),), interrupts="advertisement", answer="press", press=(Key.CANCEL,))
    assert Keypad(popup, []).take((Key.CANCEL,)) == Meant("press", "")


def test_a_confirmation_that_commits() -> None:
    screen = MenuScreen("sign", (Mark("签名"),), keys=(KeyEdge((Key.HASH,), "done"), BACK), commits=True)
    assert Keypad(screen, []).take((Key.HASH,)) == Meant("press", "done", commits=True)
