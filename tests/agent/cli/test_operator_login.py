"""Who does a case: as it is said in a home without operators, one of them else."""

from datetime import timedelta

import pytest

from agent.cli.command import Invocation
from agent.cli.operator_login import doer
from agent.clock import Clock
from agent.errors import AgentError
from agent.operators import FREE_TRIES, Operator, Operators
from agent.passwords import Cost, keep
from agent.secret import Secret
from tests.agent.cli.test_asking import Typist
from tests.agent.evidence.made import OPENED

PASSWORD = "made up 640117"


@pytest.fixture
def invocation(desk, tmp_path):
    return Invocation(desk("zh").reporter, tmp_path / "home", 0)


@pytest.fixture
def staffed(invocation):
    operators = Operators(invocation.home, lambda password: keep(password, Cost(16, 1, 1)))
    operators.add(Operator("zhang", "张伟", "技术员", "宁波", "123"), Secret(PASSWORD))
    operators.add(Operator("li", "李娜"))
    return invocation


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "login"
    path.write_text(PASSWORD + "\n")
    path.chmod(0o600)
    return str(path)


def code(*arguments):
    with pytest.raises(AgentError) as raised:
        doer(*arguments)
    return raised.value.code


def test_a_home_without_operators_takes_the_name(invocation, file):
    person = doer(invocation, "Anybody", None, Typist())
    assert (person.name, person.id, person.login) == ("Anybody", "", "")
    assert code(invocation, "Anybody", file, Typist()) == "operator-no-login"


def test_somebody_who_does_not_log_in(staffed, file):
    person = doer(staffed, "LI", None, Typist())
    assert (person.name, person.id, person.login) == ("李娜", "li", "")
    assert code(staffed, "li", file, Typist()) == "operator-no-login"


@pytest.mark.parametrize("said", ["Anybody", "", "张伟", "zhang\n", "\udc80"])
def test_an_unknown_one_is_refused(staffed, said):
    assert code(staffed, said, None, Typist()) == "operator-unknown"


def test_a_login_by_a_person_and_by_a_file(staffed, file):
    typist = Typist(PASSWORD)
    person = doer(staffed, "zhang", None, typist)
    assert (person.name, person.title, person.place, person.contact) == ("张伟", "技术员", "宁波", "123")
    assert (person.id, person.login) == ("zhang", "password")
    assert typist.questions == ["张伟（zhang）的登录密码："]
    assert doer(staffed, "zhang", file, Typist()) == person


def test_i6_a_wrong_password_is_tried_once_and_a_wait_comes_before_the_question(staffed):
    now = [OPENED]
    clock = Clock(wall=lambda: now[0])
    for _ in range(FREE_TRIES):
        typist = Typist("wrong one", PASSWORD)
        assert code(staffed, "zhang", None, typist, clock) == "operator-login-wrong"
        assert len(typist.questions) == 1
    assert code(staffed, "zhang", None, Typist(), clock) == "operator-wait"  # who asked would have nothing to answer
    now[0] += timedelta(seconds=30)
    assert doer(staffed, "zhang", None, Typist(PASSWORD), clock).login == "password"


def test_nobody_is_there_to_ask(staffed):
    assert code(staffed, "zhang", None, Typist(there=False)) == "operator-login-missing"
