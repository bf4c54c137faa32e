from types import SimpleNamespace

import pytest

from agent.errors import PreconditionNotMet, UsageFault
from agent.menu.answers import GivenAnswers
from agent.profiles import find_profile
from agent.secret import Secret
from agent.workflow.steps.confirm import run
from protocols.terminal import Binding
from protocols.words import BindingKind, BindingState


def case(answer, answers=None, *, by_hand=False, guide=None):
    asked = []

    def confirm(summary):
        asked.append(summary)
        return answer

    bound = Binding(BindingKind.MERCHANT, BindingState.BOUND, "merchant_number", "999290054115112")
    inspected = SimpleNamespace(identity="identity", known_status="status", bindings=(bound,))
    request = SimpleNamespace(confirm=confirm, operator="operator 7 (TEST)", by_hand=by_hand, guide=guide)
    return (
        SimpleNamespace(
            inspected=inspected,
            request=request,
            known_profile=find_profile("haike-h60"),
            answers=GivenAnswers({"password": Secret("740218")} if answers is None else answers),
        ),
        asked,
    )


def test_a_person_is_shown_what_was_found_and_asked_once():
    asking, asked = case(True)
    assert run(asking) == {"operator": "operator 7 (TEST)"}
    assert [summary.identity for summary in asked] == ["identity"]


def test_a_no_ends_the_case():
    asking, _ = case(False)
    with pytest.raises(PreconditionNotMet) as fault:
        run(asking)
    assert fault.value.code == "not-confirmed"


def test_what_the_menu_will_ask_for_is_at_hand_before_the_long_export():
    asking, _ = case(True, answers={})
    with pytest.raises(UsageFault) as fault:
        run(asking)
    assert fault.value.facts == {"asked": "password"}


def test_i4_a_person_who_presses_the_keys_types_the_password_on_the_terminal_alone():
    asking, _ = case(True, answers={}, by_hand=True, guide=object())
    assert run(asking) == {"operator": "operator 7 (TEST)"}
