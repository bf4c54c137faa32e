"""The conversation in which a technician teaches a terminal."""

from __future__ import annotations

import pytest

from agent.cli.learning import answers, converse, parse_keys, parse_words
from agent.errors import UsageFault
from agent.learn.instructions import Instruction
from agent.learn.learner import Learner
from agent.secret import Secret
from protocols.words import Key
from tests.agent.learn.taught import learner
from tests.agent.learn.unknown import MERCHANT, PASSWORD, Unknown


class Technician:
    """Says one line after the other."""

    def __init__(self, *lines, secret=PASSWORD):
        self.lines = list(lines)
        self.secret = secret
        self.asked: list[str] = []
        self.present = True

    def there(self):
        return self.present

    def ask(self, question):
        return self.lines.pop(0)

    def ask_secret(self, question):
        self.asked.append(question)
        return self.secret


@pytest.mark.parametrize(
    ("line", "instruction"),
    [
        ("F1+F4", Instruction(press=(Key.F1, Key.F4))),
        ("confirm", Instruction(press=(Key.CONFIRM,))),
        ("4", Instruction(press=(Key.DIGIT_4,))),
        ("own", Instruction(own=True)),
        ("choose 系统 设置", Instruction(choose="系统 设置")),
        ("type password", Instruction(type="password")),
        ("name main", Instruction(screen="main")),
        ("confirms", Instruction(confirms="unbind")),
        ("means wrong-password", Instruction(means="wrong-password")),
        ("type nothing", None),
        ("means nothing", None),
        ("44", None),
        ("press", None),
        ("name", None),
    ],
)
def test_what_a_technician_says_is_one_instruction(line, instruction):
    assert parse_words(line.split()) == instruction


def test_keys_are_names_joined_by_plus():
    assert parse_keys("f1+digit_4+9") == (Key.F1, Key.DIGIT_4, Key.DIGIT_9)
    assert parse_keys("") is None
    assert parse_keys("F1+") is None


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_whole_conversation_teaches_the_way(language, desk):
    at = desk(language=language)
    technician = Technician(
        "name idle", "MENU", "name main", "choose 本机", "name list", "own", "name own", "choose 解绑", "name password",
        "type password", "CONFIRM", "name confirm", "confirms", "CONFIRM", "name done", "means done", "end",
    )  # fmt: skip
    made = Learner(Unknown(), answers(technician, at.reporter, {}, []))  # type: ignore[arg-type]
    converse(at.reporter, technician, made)
    assert [screen.id for screen in made.screens] == ["idle", "main", "list", "own", "password", "confirm", "done"]
    assert "│1.查询" in at.out
    assert "2 本机" in at.out
    assert len(technician.asked) == 1
    for secret in (MERCHANT, PASSWORD):
        assert secret not in at.out + at.err


def test_a_mistake_is_said_and_the_conversation_goes_on(desk):
    at = desk()
    converse(at.reporter, Technician("?", "", "what", "name Idle", "choose 没有", "end"), learner())
    for part in ("Not understood", "a name is a-z", "has no item"):
        assert part in at.out


def test_what_is_to_be_typed_was_given_or_is_asked_of_a_person(desk):
    at, technician = desk(), Technician()
    answer = answers(technician, at.reporter, {"merchant_number": Secret(MERCHANT)}, [])
    assert answer("merchant_number").reveal() == MERCHANT
    assert answer("code").reveal() == PASSWORD
    assert len(technician.asked) == 1
    technician.present = False
    with pytest.raises(UsageFault) as fault:
        answer("code")
    assert fault.value.code == "answer-missing"
