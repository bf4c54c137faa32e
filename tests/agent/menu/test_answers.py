"""Who knows what a menu asks for."""

from __future__ import annotations

import pytest

from agent.errors import UsageFault
from agent.menu.answers import GivenAnswers
from agent.secret import Secret
from protocols.menu import Asked


def test_what_was_given() -> None:
    answers = GivenAnswers({"password": Secret("135790")})
    assert answers.answer("password").reveal() == "135790"


def test_a_person_is_asked_each_time() -> None:
    asked: list[Asked] = []

    def ask(what: Asked) -> Secret:
        asked.append(what)
        return Secret("246810")

    answers = GivenAnswers({"password": Secret("135790"), "phone": Secret("")}, ask)
    assert asked == []
    assert answers.answer("code").reveal() == answers.answer("phone").reveal() == "246810"
    assert asked == ["code", "phone"]


def test_nobody_knows() -> None:
    with pytest.raises(UsageFault) as caught:
        GivenAnswers({}).answer("code")
    assert (caught.value.code, caught.value.facts) == ("answer-missing", {"asked": "code"})


def test_i4_answers_do_not_show_themselves() -> None:
    assert "135790" not in repr(GivenAnswers({"password": Secret("135790")}))
