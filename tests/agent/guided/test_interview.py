"""What passes between guided mode and a person."""

from __future__ import annotations

from agent.guided.interview import Answer, Choice, Drawing, Question, Step
from protocols.words import Key

DRAWING = Drawing(16, ("功能菜单", "999100058120001"))


def test_i4_nothing_of_it_shows_numbers_or_words_of_the_person() -> None:
    step = Step(1, "type", "merchant", (Key.CONFIRM,), asks="merchant_number", text="999100058120001", expected=DRAWING)
    choice = Choice("main", "expected", DRAWING)
    shown = repr((step, choice, Question("see", (choice,)), Answer("text", "999100058120001")))
    assert "99910005" not in shown


def test_a_choice_is_found_by_its_screen() -> None:
    likely, other = Choice("main", "expected", DRAWING), Choice("idle", "other", DRAWING)
    question = Question("see", (likely,), (other,))
    assert question.choice("idle") is other
    assert question.choice("main") is likely
    assert question.choice("done") is None
