"""Secrets stay with the person."""

from __future__ import annotations

import pytest

from agent.guided.answers import KEPT_BY_THE_PERSON, PLACEHOLDER, GuidedAnswers
from agent.menu.answers import GivenAnswers
from agent.secret import Secret
from protocols.menu import PASSWORDS, Asked


class Forbidden(GivenAnswers):
    """Answers that must not be asked for a secret."""

    def answer(self, asked: Asked) -> Secret:
        assert asked not in KEPT_BY_THE_PERSON
        return super().answer(asked)


@pytest.mark.parametrize("asked", sorted(PASSWORDS | {"code"}))
def test_i4_a_password_is_never_asked_for(asked: Asked) -> None:
    answers = GuidedAnswers(Forbidden({asked: Secret("135790")}))
    assert answers.answer(asked).reveal() == PLACEHOLDER
    assert not answers.may_show(asked)


def test_what_the_case_knows_is_shown() -> None:
    answers = GuidedAnswers(Forbidden({"merchant_number": Secret("999100058120001")}))
    assert answers.answer("merchant_number").reveal() == "999100058120001"
    assert answers.may_show("merchant_number")


def test_what_nobody_told_the_person_knows() -> None:
    answers = GuidedAnswers(GivenAnswers({}))
    assert [answers.answer("phone").reveal() for _ in range(2)] == [PLACEHOLDER] * 2
    assert not answers.may_show("phone")
