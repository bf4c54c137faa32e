"""Typing one digit at a time."""

from __future__ import annotations

import pytest

from agent.errors import UsageFault
from agent.menu.answers import GivenAnswers
from agent.menu.case import MenuCase
from agent.menu.typing_field import MAX_TIMES, FieldTyping
from agent.secret import Secret
from protocols.menu import Field, Mark, MenuScreen
from protocols.multitap import SETTLE, tap
from protocols.words import Key

OPEN = MenuScreen("open", (Mark("{typed}"),), field=Field("merchant_number", False, "next"))
MASKED = MenuScreen("masked", (Mark("{hidden}"),), field=Field("password", True, "next"), commits=True)


@pytest.fixture
def typing() -> FieldTyping:
    return FieldTyping(MenuCase("9999990212345678", "12", "H60-11"), GivenAnswers({"password": Secret("34")}))


def test_an_open_field_is_typed_and_ended(typing: FieldTyping) -> None:
    assert typing.next_press(OPEN, {"typed": ""}).keys == (Key.DIGIT_1,)
    assert typing.next_press(OPEN, {"typed": "1"}).keys == (Key.DIGIT_2,)
    assert typing.may_end(OPEN)
    end = typing.next_press(OPEN, {"typed": "12"})
    assert (end.keys, end.commits, end.typing) == ((Key.CONFIRM,), False, None)
    assert not typing.may_end(OPEN)


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
    assert typing.may_end(OPEN)


def test_a_refused_digit_takes_no_end_back(typing: FieldTyping) -> None:
    for shown in ("", "1", "12"):
        typing.next_press(OPEN, {"typed": shown})
    typing.next_press(MASKED, {"hidden": ""})
    typing.take_back()
    assert not typing.may_end(OPEN)


LETTERS = MenuScreen("letters", (Mark("{typed}"),), field=Field("machine_number", False, "next", letters="multitap"))
NUMBER = MenuScreen("number", (Mark("{typed}"),), field=Field("machine_number", False, "next"))
OPERATOR = MenuScreen("operator", (Mark("{typed}"),), field=Field("operator", False, "next", fixed="00"))
CODE = MenuScreen("code", (Mark("{typed}"),), field=Field("code", False, "next"))


def test_letters_are_typed_by_taps(typing: FieldTyping) -> None:
    text, open_key, keys = "", None, []
    while (press := typing.next_press(LETTERS, {"typed": text})).kind == "type":
        keys.append(press.keys[0])
        text, open_key = tap(text, open_key, press.keys[0])
    assert text == "H60-11"
    assert keys[:4] == [Key.DIGIT_4] * 3 + [Key.DIGIT_6]
    assert SETTLE in keys


def test_a_tap_that_was_lost_is_made_again(typing: FieldTyping) -> None:
    assert typing.next_press(LETTERS, {"typed": ""}).keys == (Key.DIGIT_4,)
    typing.take_back()
    assert typing.next_press(LETTERS, {"typed": ""}).keys == (Key.DIGIT_4,)


def test_a_wrong_letter_is_deleted(typing: FieldTyping) -> None:
    assert typing.next_press(LETTERS, {"typed": "Z9"}).keys == (Key.CLEAR,)


def test_where_no_letters_can_be_typed_the_digits_of_the_label_are(typing: FieldTyping) -> None:
    field = NUMBER.field
    assert field is not None
    assert typing.text(field) == "6011"


def test_what_is_fixed_needs_no_answer(typing: FieldTyping) -> None:
    field = OPERATOR.field
    assert field is not None
    assert typing.text(field) == "00"


def test_a_code_is_asked_for_once_and_again_for_the_next_time() -> None:
    asked: list[str] = []

    def ask(what: str) -> Secret:
        asked.append(what)
        return Secret("12")

    typing = FieldTyping(MenuCase("9999990212345678", "1"), GivenAnswers({}, ask))
    for shown in ("", "1", "12"):
        press = typing.next_press(CODE, {"typed": shown})
    assert (press.kind, asked) == ("submit", ["code"])
    typing.was_right("code")
    typing.next_press(CODE, {"typed": ""})
    assert asked == ["code", "code"]


def test_i6_a_field_is_not_ended_for_ever(typing: FieldTyping) -> None:
    for _ in range(MAX_TIMES):
        assert typing.may_end(OPEN)
        for shown in ("", "1", "12"):
            typing.next_press(OPEN, {"typed": shown})
        typing.was_right("open")
    assert not typing.may_end(OPEN)


@pytest.mark.parametrize(
    ("screen", "text", "code"),
    [(MASKED, "12a", "password-form"), (CODE, "A", "answer-form"), (LETTERS, "h60", "answer-form")],
)
def test_i10_what_cannot_be_typed(screen: MenuScreen, text: str, code: str) -> None:
    assert screen.field is not None
    typing = FieldTyping(MenuCase("9999990212345678", "1"), GivenAnswers({}, lambda _: Secret(text)))
    with pytest.raises(UsageFault) as caught:
        typing.text(screen.field)
    assert caught.value.code == code
    assert text not in str(caught.value)


@pytest.mark.parametrize(("screen", "again"), [(OPEN, True), (MASKED, False), (CODE, False), (NUMBER, True)])
def test_i6_after_an_interruption_a_number_may_be_typed_again_and_a_password_may_not(
    screen: MenuScreen, again: bool
) -> None:
    typing = FieldTyping(MenuCase("9999990212345678", "1", "H60-1"), GivenAnswers({}, lambda _: Secret("1")))
    shown = ""
    while typing.next_press(screen, {"typed": shown, "hidden": "*" * len(shown)}).kind == "type":
        shown = (shown + "601")[:3] if screen is NUMBER else "1"
    typing.was_interrupted(screen)
    assert typing.may_end(screen) is again
