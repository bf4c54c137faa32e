import pytest

from agent import errors


@pytest.mark.parametrize(
    ("kind", "code"),
    [
        (errors.UsageFault, 2),
        (errors.LinkFault, 3),
        (errors.TerminalRefused, 4),
        (errors.PreconditionNotMet, 5),
        (errors.VerificationFailed, 6),
        (errors.OutcomeUnknown, 7),
        (errors.AgentError, 70),
    ],
)
def test_each_class_has_the_exit_code_of_the_contract(kind, code):
    assert kind("some-code").exit_code == code


def test_an_error_names_its_code_and_facts():
    assert str(errors.TerminalRefused("wrong-password", attempts_left=2)) == "wrong-password attempts_left=2"
