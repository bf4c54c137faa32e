"""Operators: kept one by one, and logging in under a clock turned by hand."""

import json
import sys
from dataclasses import replace
from datetime import timedelta

import pytest

from agent.errors import AgentError
from agent.evidence.facts import Person
from agent.operators import FIRST_WAIT, FREE_TRIES, LONGEST_WAIT, Operator, Operators
from agent.passwords import Cost, keep
from agent.secret import Secret
from tests.agent.evidence.made import OPENED

ZHANG = Operator("zhang.wei", "张伟", "技术员", "Bench 3, Ningbo", "+86 574 0000 0000 (TEST)")
RIGHT, WRONG = Secret("made up 640117"), Secret("not this one")
posix_only = pytest.mark.skipif(sys.platform == "win32", reason="permissions of POSIX")


@pytest.fixture
def operators(tmp_path):
    return Operators(tmp_path, lambda password: keep(password, Cost(16, 1, 1)))


def code(call, *arguments):
    with pytest.raises(AgentError) as raised:
        call(*arguments)
    return raised.value.code


def facts(call, *arguments):
    with pytest.raises(AgentError) as raised:
        call(*arguments)
    return raised.value.facts


def test_they_are_added_found_changed_and_removed(operators):
    assert operators.all() == ()
    assert operators.add(ZHANG) == ZHANG
    operators.add(Operator("Li", "李"))
    assert [each.id for each in operators.all()] == ["li", "zhang.wei"]
    assert operators.find("ZHANG.wei") == ZHANG
    operators.change(replace(ZHANG, place="Bench 4"))
    assert operators.find("zhang.wei").place == "Bench 4"
    operators.remove(ZHANG)
    assert [each.id for each in operators.all()] == ["li"]
    assert code(operators.find, "zhang.wei") == "operator-unknown"


def test_nobody_is_added_over_another(operators):
    operators.add(ZHANG)
    assert code(operators.add, replace(ZHANG, name="other")) == "operator-exists"
    assert operators.find("zhang.wei").name == "张伟"


@pytest.mark.parametrize("operator", ["", "-a", "a b", "../a", "a/b", "x" * 33, "张", "a\n"])
def test_i10_an_id_is_no_path_and_no_text(operators, operator):
    assert code(operators.add, Operator(operator, "name")) == "operator-id"


@pytest.mark.parametrize("change", [{"name": ""}, {"name": " "}, {"title": "a\nb"}, {"contact": "x" * 201}])
def test_texts_that_no_statement_can_hold(operators, change):
    assert code(operators.add, replace(ZHANG, **change)) == "operator-text"
    operators.add(ZHANG)
    assert code(operators.change, replace(ZHANG, **change)) == "operator-text"


@posix_only
def test_i4_their_files_are_the_owners_alone(operators, tmp_path):
    operators.add(ZHANG, RIGHT)
    operators.change(replace(operators.find("zhang.wei"), place="elsewhere"))
    path = tmp_path / "operators" / "op-zhang.wei.json"
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700
    assert RIGHT.reveal() not in path.read_text()
    path.chmod(0o644)
    assert code(operators.all) == "operators-exposed"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "{}",
        "[" * 9_000,
        json.dumps({"id": "a", "name": "n", "title": "", "place": "", "contact": "", "login": "plain"}),
        json.dumps({"id": "b", "name": "n", "title": "", "place": "", "contact": "", "login": ""}),
        json.dumps({"id": "a", "name": 1, "title": "", "place": "", "contact": "", "login": ""}),
        json.dumps({"id": "a", "name": "n\n", "title": "", "place": "", "contact": "", "login": ""}),
        json.dumps({"id": "a", "name": "n"}),
    ],
)
def test_i10_a_file_that_is_none_is_named(operators, tmp_path, text):
    operators.add(ZHANG)
    path = tmp_path / "operators" / "op-a.json"
    path.write_text(text)
    path.chmod(0o600)
    assert facts(operators.all)["path"] == str(path)
    assert code(operators.all) == "operators-unreadable"


def test_a_login(operators):
    zhang = operators.add(ZHANG, RIGHT)
    person = operators.log_in(zhang, RIGHT, OPENED)
    assert person == Person(ZHANG.name, ZHANG.title, ZHANG.place, ZHANG.contact, id="zhang.wei", login="password")
    assert ZHANG.person(logged_in=False).login == ""
    assert facts(operators.log_in, zhang, WRONG, OPENED) == {"operator": "zhang.wei", "wrong": 1}
    operators.set_login(zhang, None)
    assert code(operators.log_in, operators.find("zhang.wei"), RIGHT, OPENED) == "operator-login-wrong"
    assert code(operators.set_login, zhang, Secret("short")) == "login-password-short"
    assert code(operators.add, Operator("li", "李"), Secret("short")) == "login-password-short"


def test_i6_after_five_wrong_ones_the_wait_grows(operators):
    zhang, now = operators.add(ZHANG, RIGHT), OPENED
    for wrong in range(1, FREE_TRIES + 1):
        assert facts(operators.log_in, zhang, WRONG, now)["wrong"] == wrong
    waits = []
    for _ in range(9):
        told = facts(operators.log_in, zhang, RIGHT, now)  # even the right one is not looked at
        waits.append(told["seconds"])
        now += timedelta(seconds=told["seconds"] - 1)
        assert facts(operators.check_wait, zhang, now)["seconds"] == 1
        now += timedelta(seconds=1)
        assert code(operators.log_in, zhang, WRONG, now) == "operator-login-wrong"
    assert waits == [30, 60, 120, 240, 480, 960, 1920, 3600, 3600]
    assert operators.log_in(zhang, RIGHT, now + LONGEST_WAIT).id == "zhang.wei"
    assert facts(operators.log_in, zhang, WRONG, now)["wrong"] == 1  # the right one ended the row


def test_a_clock_that_is_set_back_neither_lets_in_nor_keeps_out_for_years(operators):
    zhang = operators.add(ZHANG, RIGHT)
    for _ in range(FREE_TRIES):
        code(operators.log_in, zhang, WRONG, OPENED + timedelta(days=4_000))
    assert facts(operators.log_in, zhang, RIGHT, OPENED)["seconds"] == FIRST_WAIT.seconds
    assert operators.log_in(zhang, RIGHT, OPENED + LONGEST_WAIT).id == "zhang.wei"


def test_i7_a_try_counts_before_the_password_is_looked_at(operators, mocker):
    zhang = operators.add(ZHANG, RIGHT)
    mocker.patch("agent.operators.fits", side_effect=KeyboardInterrupt)
    for _ in range(FREE_TRIES):
        with pytest.raises(KeyboardInterrupt):
            operators.log_in(zhang, WRONG, OPENED)
    assert code(operators.log_in, zhang, RIGHT, OPENED) == "operator-wait"


def test_a_try_that_cannot_be_recorded_is_none(operators, tmp_path):
    zhang = operators.add(ZHANG, RIGHT)
    (tmp_path / "operators" / "op-zhang.wei.wrong").mkdir()
    assert code(operators.log_in, zhang, RIGHT, OPENED) == "operators-unreadable"


def test_another_password_ends_the_wait(operators):
    zhang = operators.add(ZHANG, RIGHT)
    for _ in range(FREE_TRIES):
        code(operators.log_in, zhang, WRONG, OPENED)
    operators.set_login(zhang, Secret("another password"))
    assert operators.log_in(operators.find("zhang.wei"), Secret("another password"), OPENED).login == "password"


def test_a_home_that_cannot_be_written(tmp_path):
    (tmp_path / "home").write_bytes(b"a file")
    assert code(Operators(tmp_path / "home").add, ZHANG) == "operators-unwritable"
