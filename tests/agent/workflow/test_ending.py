"""How a case ends where it broke off: signed, and open to be taken up again."""

import pytest

from agent.errors import OutcomeUnknown, VerificationFailed
from agent.evidence.facts import Result
from agent.ledger.store import CaseState, Ledger
from agent.workflow.retire import retire
from protocols.errors import LinkLost


@pytest.mark.parametrize(
    ("failure", "state"),
    [
        (LinkLost("pulled (TEST)"), CaseState.BROKEN_OFF),
        (OutcomeUnknown("wipe-stalled", seconds=60), CaseState.BROKEN_OFF),
        (KeyboardInterrupt(), CaseState.BROKEN_OFF),
        (VerificationFailed("terminal-swapped", tusn="x", expected="y"), CaseState.CLOSED),
    ],
    ids=lambda value: type(value).__name__,
)
def test_what_nobody_knows_can_be_taken_up_and_what_is_known_is_over(desk, failure, state):
    def report(event):
        told = event.as_json()
        if told["event"] == "step" and (told["step"], told["state"]) == ("validate", "started"):
            raise failure

    outcome = retire(desk.request, report)
    assert outcome.result is not Result.PASS
    assert outcome.resumable is (state is CaseState.BROKEN_OFF)
    with Ledger.open(desk.home) as ledger:
        (case,) = ledger.cases()
    assert (case.state, case.result, case.folder) == (state, outcome.result, str(outcome.bundle))
