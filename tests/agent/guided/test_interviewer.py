"""Questions whose answers are more than a screen."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from agent.guided.interview import Answer, Question, Step
from agent.guided.interviewer import Interviewer, Stopped
from agent.guided.record import Record
from protocols.menu import MenuScreen
from tests.agent.guided.profiles import PLACES, menus


class Person:
    """Answers from a list."""

    def __init__(self, *answers: Answer) -> None:
        self.answers = list(answers)
        self.asked: list[Question] = []

    def instruct(self, step: Step) -> None:
        raise AssertionError(step)

    def ask(self, question: Question) -> Answer:
        self.asked.append(question)
        return self.answers.pop(0)


def text(*words: str) -> list[Answer]:
    return [Answer("text", word) for word in words]


def screen(name: str) -> MenuScreen:
    return next(each for each in menus()["haike-h60"].screens if each.id == name)


def test_attempts_are_asked_for_where_a_screen_shows_them() -> None:
    person = Person(*text("three", "", "333", " 3 "))
    assert Interviewer(person, Record()).read(screen("password"), PLACES) == {"attempts_left": "3"}
    assert [each.problem for each in person.asked] == ["", "no-number", "no-number", "no-number"]
    assert Interviewer(person, Record()).read(screen("main"), PLACES) == {}


def test_the_last_digits_are_read_before_a_confirmation_and_nowhere_else() -> None:
    person = Person(*text("56", "5678", "0001"))
    read = Interviewer(person, Record()).read(screen("confirm"), PLACES)
    assert read == {"tusn": PLACES["tusn"], "merchant_number": PLACES["merchant_number"]}
    assert [(each.place, each.problem) for each in person.asked] == [
        ("tusn", ""),
        ("tusn", "no-digits"),
        ("merchant_number", ""),
    ]
    assert Interviewer(person, Record()).read(screen("done"), PLACES) == {}


def test_digits_that_differ_are_shown_to_the_engine() -> None:
    person = Person(*text("5678", "9999"))
    read = Interviewer(person, Record()).read(screen("confirm"), PLACES)
    assert read == {"tusn": PLACES["tusn"], "merchant_number": "999100058129999"}


def test_going_back_means_looking_again() -> None:
    assert Interviewer(Person(Answer("back")), Record()).read(screen("confirm"), PLACES) is None
    assert not Interviewer(Person(Answer("back")), Record()).remark()


@pytest.mark.parametrize("about", ["read", "note", "photo"])
def test_stopping_at_any_question(about: str) -> None:
    interviewer = Interviewer(Person(*text("说明") * (about == "photo"), Answer("stop")), Record())
    with pytest.raises(Stopped):
        _ = interviewer.read(screen("password"), PLACES) if about == "read" else interviewer.remark()


def test_a_note_and_a_photograph(tmp_path: Path) -> None:
    (tmp_path / "a.jpg").write_bytes(b"picture")
    record = Record()
    person = Person(*text("显示 135790", str(tmp_path / "none.jpg"), str(tmp_path / "a.jpg")))
    assert Interviewer(person, record).remark()
    assert record.notes == ["显示 ××××××"]
    assert [(each.name, each.sha256) for each in record.photos] == [("a.jpg", hashlib.sha256(b"picture").hexdigest())]
    assert person.asked[-1].problem == "photo-unreadable"


def test_neither_is_needed() -> None:
    record = Record()
    assert Interviewer(Person(*text("", "")), record).remark()
    assert (record.notes, record.photos) == ([], [])
