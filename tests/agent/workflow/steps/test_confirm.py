from types import SimpleNamespace

import pytest

from agent.errors import PreconditionNotMet
from agent.workflow.steps.confirm import run


def case(answer):
    asked = []

    def confirm(summary):
        asked.append(summary)
        return answer

    inspected = SimpleNamespace(identity="identity", status="status", bindings=())
    request = SimpleNamespace(confirm=confirm, operator="operator 7 (TEST)")
    return SimpleNamespace(inspected=inspected, request=request), asked


def test_a_person_is_shown_what_was_found_and_asked_once():
    asking, asked = case(True)
    assert run(asking) == {"operator": "operator 7 (TEST)"}
    assert [summary.identity for summary in asked] == ["identity"]


def test_a_no_ends_the_case():
    asking, _ = case(False)
    with pytest.raises(PreconditionNotMet) as fault:
        run(asking)
    assert fault.value.code == "not-confirmed"
