"""Typing one digit at a time."""

from __future__ import annotations

import pytest

from agent.menu.typing_field import FieldTyping
from agent.secret import Secret
from protocols.menu import Field, Mark, MenuScreen
from protocols.words import Key

OPEN = MenuScreen("open", (Mark("{typed}"),), field=Field("merchant_number", False, "next"))
MASKED = MenuScreen("masked", (Mark("{hidden}"),), field=Field("password", True, "next"), commits=True)


@pytest.fixture
def typing() -> FieldTyping:
    return FieldTyping({"merchant_number": Secret("12"), "password": Secret("34")})


def test_an_open_field_is_typed_and_ended(typing: FieldTyping) -> None:
    assert typing.next_press(OPEN, {"typed": ""}).keys == (Key.DIGIT_1,)
    assert typing.next_press(OPEN, {"typed": "1"}).keys == (Key.DIGIT_2,)
    assert not typing.was_submitted(OPEN)
    end = typing.next_press(OPEN, {"typed": "12"})
    assert (end.keys, end.commits, end.typing) == ((Key.CONFIRM,), False, None)
    assert typing.was_submitted(OPEN)


def test_a_digit_that_did_not_come_is_typed_again(typing: FieldTyping) -> None:
    typing.next_press(OPEN, {"typed": ""})
    assert typing.next_press(OPEN, {"typed": ""}).keys == (Key.DIGIT_1,)
    typing.next_press(MASKED, {"hidden": ""})
    assert typing.next_press(MASKED, {"hidden": ""}).keys == (Key.DIGIT_3,)


def test_what_should_not_be_there_is_deleted(typing: FieldTyping) -> None:
    assert [typing.next_press(OPEN, {"typed": left}).keys for left in ("19", "1", "")] == [
        (Key.CLEAR,),
        (Key.CLEAR,),
        (Key.DIGIT_1,),
    ]


def test_what_somebody_left_in_a_masked_field_is_deleted(typing: FieldTyping) -> None:
    assert [typing.next_press(MASKED, {"hidden": left}).keys for left in ("**", "*", "")] == [
        (Key.CLEAR,),
        (Key.CLEAR,),
        (Key.DIGIT_3,),
    ]


@pytest.mark.parametrize("shown", ["***", "**"])
def test_i6_a_masked_field_is_ended_only_with_what_we_typed(typing: FieldTyping, shown: str) -> None:
    typing.next_press(MASKED, {"hidden": ""})
    assert typing.next_press(MASKED, {"hidden": shown}).keys == (Key.CLEAR,)


def test_the_end_of_a_committing_field_commits(typing: FieldTyping) -> None:
    presses = [typing.next_press(MASKED, {"hidden": shown}) for shown in ("", "*", "**")]
    assert [press.commits for press in presses] == [False, False, True]


def test_an_end_that_was_refused_is_taken_back(typing: FieldTyping) -> None:
    for shown in ("", "1", "12"):
        typing.next_press(OPEN, {"typed": shown})
    typing.take_back()
    assert not typing.was_submitted(OPEN)


def test_a_refused_digit_takes_no_end_back(typing: FieldTyping) -> None:
    for shown in ("", "1", "12"):
        typing.next_press(OPEN, {"typed": shown})
    typing.next_press(MASKED, {"hidden": ""})
    typing.take_back()
    assert typing.was_submitted(OPEN)
