"""A display by the eyes and hands of a person, press by press."""

from __future__ import annotations

import pytest

from agent.errors import OutcomeUnknown, PreconditionNotMet
from agent.guided.answers import GuidedAnswers
from agent.guided.display import GuidedDisplay
from agent.guided.interview import Answer, Question, Step
from agent.guided.record import Record
from agent.menu.answers import GivenAnswers
from agent.menu.recognise import recognise
from protocols.errors import DeviceRefused
from protocols.words import Key
from tests.agent.guided.profiles import PLACES, menus
from tests.agent.menu.fake_terminal import FakeTerminal

MENU = menus()["haike-h60"]


class Person:
    """Says what the test says; a bare word is a screen."""

    def __init__(self, *answers: str | Answer) -> None:
        self.answers = [Answer("screen", each) if isinstance(each, str) else each for each in answers]
        self.steps: list[Step] = []
        self.asked: list[Question] = []

    def instruct(self, step: Step) -> None:
        self.steps.append(step)

    def ask(self, question: Question) -> Answer:
        self.asked.append(question)
        return self.answers.pop(0)


def display_of(person: Person) -> GuidedDisplay:
    record = Record()
    return GuidedDisplay(FakeTerminal(), MENU, PLACES, GuidedAnswers(GivenAnswers({})), person, record)


def shown(display: GuidedDisplay) -> str:
    known = recognise(MENU, display.screen())
    return known.screen.id if known is not None else "?"


def press(display: GuidedDisplay, *keys: Key) -> None:
    display.press(keys, display.screen())


def text(words: str) -> Answer:
    return Answer("text", words)


def test_looking_asks_once() -> None:
    person = Person("idle")
    display = display_of(person)
    assert [shown(display), shown(display)] == ["idle", "idle"]
    assert len(person.asked) == 1
    assert person.asked[0].choices[0].screen == "idle"


def test_a_press_is_an_instruction_and_a_question() -> None:
    person = Person("idle", "main")
    display = display_of(person)
    before = display.screen()
    press(display, Key.F1, Key.F4)
    assert shown(display) == "main"
    assert display.screen().serial > before.serial
    (step,) = person.steps
    assert (step.number, step.act, step.screen, step.keys) == (1, "press", "idle", (Key.F1, Key.F4))
    assert step.expected == person.asked[1].choices[0].drawing
    after = display.next_screen(before, 1)
    assert after is display.screen()
    assert len(person.asked) == 2


def test_a_digit_before_a_row_is_the_words_of_the_row() -> None:
    person = Person("devices", "device")
    press(display_of(person), Key.DIGIT_1)
    assert (person.steps[0].act, person.steps[0].row, person.steps[0].keys) == ("choose", "12345678 本机", ())
    assert person.asked[1].row == "12345678 本机"


def test_a_row_that_is_not_there() -> None:
    person = Person("settings", Answer("missing"))
    display = display_of(person)
    press(display, Key.DIGIT_1)
    assert shown(display) == "settings"
    assert "终端管理" not in "".join(display.screen().lines)


def test_i4_typing_is_one_instruction_and_a_password_is_not_in_it() -> None:
    person = Person("merchant", "password", text("3"), "confirm", text("5678"), text("0001"))
    display = display_of(person)
    for digit in PLACES["merchant_number"]:
        press(display, Key[f"DIGIT_{digit}"])
        assert shown(display) == "merchant"
    assert person.steps == []
    press(display, Key.CONFIRM)
    for _ in range(2):
        press(display, Key.DIGIT_0)
    assert "**_" in display.screen().lines
    assert "剩余次数:3" in display.screen().lines
    press(display, Key.CONFIRM)
    assert [(step.asks, step.text) for step in person.steps] == [
        ("merchant_number", PLACES["merchant_number"]),
        ("password", ""),
    ]
    assert shown(display) == "confirm"


def test_i9_other_digits_on_the_confirmation_reach_the_engine() -> None:
    person = Person("confirm", text("5678"), text("4321"))
    lines = display_of(person).screen().lines
    assert PLACES["tusn"] in lines
    assert "999100058124321" in lines


def test_a_field_that_is_still_there_is_typed_again() -> None:
    person = Person("merchant", "merchant", "password", text("3"))
    display = display_of(person)
    press(display, Key.DIGIT_9)
    with pytest.raises(DeviceRefused, match="STALE_SCREEN"):
        press(display, Key.CONFIRM)
    assert "_" in display.screen().lines  # it begins anew
    press(display, Key.DIGIT_9)
    press(display, Key.CONFIRM)
    assert [step.erase for step in person.steps] == [None, Key.CLEAR]


@pytest.mark.parametrize(("now", "again"), [("3", True), ("2", False)])
def test_i6_a_password_is_typed_again_only_if_no_attempt_is_gone(now: str, again: bool) -> None:
    person = Person("password", text("3"), "password", text(now))
    display = display_of(person)
    press(display, Key.DIGIT_0)
    if again:
        with pytest.raises(DeviceRefused, match="STALE_SCREEN"):
            press(display, Key.CONFIRM)
    else:
        press(display, Key.CONFIRM)
    assert f"剩余次数:{now}" in display.screen().lines


def test_i3_a_confirmation_that_is_still_there_is_waited_for() -> None:
    person = Person("confirm", text("5678"), text("0001"), "confirm", "confirm", "second", text("3"))
    display = display_of(person)
    before = display.screen()
    press(display, Key.CONFIRM)
    assert display.screen() == before
    assert display.next_screen(before, 1) is None
    assert person.asked[-1].problem == "still-there"
    assert display.next_screen(before, 1) is not None
    assert shown(display) == "second"


def test_a_menu_that_did_not_change_may_be_pressed_again() -> None:
    person = Person("main", "main")
    display = display_of(person)
    before = display.screen()
    press(display, Key.DIGIT_1)
    assert display.screen().lines == before.lines
    assert display.screen().serial > before.serial


def test_a_busy_terminal_is_asked_for_again() -> None:
    person = Person("idle", Answer("busy"), Answer("busy"), "main")
    display = display_of(person)
    press(display, Key.F1, Key.F4)
    assert shown(display) == "main"
    assert len(person.steps) == 1


def test_back_is_the_profiles_safe_way_back() -> None:
    person = Person("device", Answer("back"), "devices")
    display = display_of(person)
    with pytest.raises(DeviceRefused, match="STALE_SCREEN"):
        press(display, Key.DIGIT_1)
    assert shown(display) == "devices"
    back = person.steps[-1]
    assert (back.number, back.act, back.keys) == (2, "back", (Key.CANCEL,))
    assert person.asked[-1].choices[0].screen == "devices"
    assert person.asked[-1].row == ""


def test_no_way_back_is_said() -> None:
    person = Person("idle", Answer("back"), "main")
    display = display_of(person)
    press(display, Key.F1, Key.F4)
    assert person.asked[-1].problem == "no-way-back"


def test_i6_going_back_from_a_password_does_not_take_it_back() -> None:
    person = Person("password", text("3"), Answer("back"), "device")
    display = display_of(person)
    press(display, Key.DIGIT_0)
    press(display, Key.CONFIRM)  # not refused: the engine goes on believing that it was typed
    assert shown(display) == "device"


def test_i3_there_is_no_way_back_after_the_last_confirmation() -> None:
    person = Person("second", text("3"), Answer("back"), "second", Answer("stop"))
    display = display_of(person)
    press(display, Key.DIGIT_0)
    before = display.screen()
    press(display, Key.CONFIRM)
    assert person.asked[3].problem == "no-way-back"
    assert person.steps[-1].commits
    with pytest.raises(OutcomeUnknown) as stopped:
        display.next_screen(before, 1)
    assert stopped.value.code == "guide-stopped-late"
    display.leave()
    assert (person.steps[-1].act, person.steps[-1].keys) == ("leave", ())


def test_what_was_interrupted_goes_on_where_it_was() -> None:
    person = Person("idle", "advertisement", "main")
    display = display_of(person)
    press(display, Key.F1, Key.F4)
    assert shown(display) == "advertisement"
    press(display, Key.CANCEL)
    assert [each.screen for each in person.asked[2].choices[:2]] == ["main", "idle"]
    assert shown(display) == "main"


def test_an_operator_who_was_logged_off_begins_again() -> None:
    person = Person("settings", "logged_off", "idle")
    display = display_of(person)
    press(display, Key.DIGIT_1)
    press(display, Key.CANCEL)
    assert person.asked[2].choices[0].screen == "idle"


def test_stopping_before_that_changes_nothing() -> None:
    person = Person("device", Answer("stop"))
    display = display_of(person)
    with pytest.raises(PreconditionNotMet) as stopped:
        press(display, Key.DIGIT_1)
    assert stopped.value.code == "guide-stopped"
    display.leave()
    assert person.steps[-1].keys == (Key.CANCEL,)


def test_something_else_ends_it_with_a_note() -> None:
    person = Person("idle", Answer("else"), Answer("back"), Answer("else"), text("乱码"), text(""))
    display = display_of(person)
    with pytest.raises(PreconditionNotMet) as ended:
        press(display, Key.F1, Key.F4)
    assert (ended.value.code, ended.value.facts) == ("guide-other-screen", {"screen": "idle"})


def test_a_name_of_no_screen_is_asked_for_again() -> None:
    person = Person("nothing", "idle")
    assert shown(display_of(person)) == "idle"


def test_an_old_screen_is_refused() -> None:
    person = Person("idle", "main")
    display = display_of(person)
    before = display.screen()
    press(display, Key.F1, Key.F4)
    with pytest.raises(DeviceRefused):
        display.press((Key.DIGIT_1,), before)


def test_state_and_bindings_come_over_the_line() -> None:
    display = display_of(Person("done"))
    assert display.status().password_attempts_left == 3
    assert display.bindings()[0].name == "merchant_number"
    display.screen()
    display.finish()
