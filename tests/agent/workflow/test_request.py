from pathlib import Path

import pytest

from agent.errors import ExitCode
from agent.evidence.facts import Result
from agent.secret import Secret
from agent.workflow.request import RetireOutcome, RetireRequest, always


def outcome(result):
    return RetireOutcome("R-1", result, Path("R-1"), (), (), "9999990200000007", "haike-h60", 0, (), (), 0, 0, 2)


@pytest.mark.parametrize(
    ("result", "code"),
    [(Result.PASS, ExitCode.DONE), (Result.FAIL, ExitCode.VERIFICATION), (Result.UNKNOWN, ExitCode.UNKNOWN)],
)
def test_each_result_has_its_exit_code(result, code):
    assert outcome(result).exit_code is code


def test_i4_a_request_does_not_show_its_password():
    request = RetireRequest("tcp://x:1", Path(), Path(), "999290054115112", Secret("740218"), ("age1test",))
    assert "740218" not in repr(request)


def test_yes_means_yes():
    assert always(None)  # type: ignore[arg-type]


def test_i4_a_request_forgets_every_secret_of_it():
    class Asker:
        said = Secret("626512")

        def __call__(self, _asked):
            return self.said

        def forget(self):
            self.said.forget()

    asker, answers = Asker(), {"second_password": Secret("937403")}
    request = RetireRequest(
        "tcp://x:1", Path(), Path(), "999290054115112", Secret("740218"), ("age1test",), answers=answers, ask=asker
    )
    request.forget()
    assert not any((request.password, asker.said, *answers.values()))
