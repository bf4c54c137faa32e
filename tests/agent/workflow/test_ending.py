"""How a case ends where it broke off: signed, and open to be taken up again."""

import pytest

from agent.errors import OutcomeUnknown, PreconditionNotMet, VerificationFailed
from agent.evidence.facts import Result
from agent.ledger.store import CaseState, Ledger
from agent.workflow.retire import retire
from protocols.errors import DeadlineExceeded, LinkLost, RemoteProtocolError


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
    assert "KeyboardInterrupt" not in str([each.facts for each in outcome.findings]), "no class of ours is said"
    assert outcome.resumable is (state is CaseState.BROKEN_OFF)
    with Ledger.open(desk.home) as ledger:
        (case,) = ledger.cases()
    assert (case.state, case.result, case.folder) == (state, outcome.result, str(outcome.bundle))


BROKEN = {
    "terminal-breaks-protocol": RemoteProtocolError("an answer nobody asked for (TEST)"),
    "terminal-too-slow": DeadlineExceeded("IDENTIFY", 10),
}


def failing(step, failure):
    def report(event):
        told = event.as_json()
        if told["event"] == "step" and (told["step"], told["state"]) == (step, "started"):
            raise failure

    return report


@pytest.mark.parametrize("code", BROKEN)
def test_a_terminal_that_misbehaves_is_named_before_anything_was_changed(desk, code):
    with pytest.raises(PreconditionNotMet) as fault:
        retire(desk.request, failing("export", BROKEN[code]))
    assert fault.value.code == code


@pytest.mark.parametrize("code", BROKEN)
def test_a_terminal_that_misbehaves_is_named_afterwards_and_nobody_knows(desk, code):
    outcome = retire(desk.request, failing("validate", BROKEN[code]))
    assert outcome.result is Result.UNKNOWN
    assert isinstance(outcome.cause, OutcomeUnknown)
    assert outcome.cause.code == code
    assert {"error": code} in [each.facts for each in outcome.findings if each.code == "ended-early"]
    assert outcome.resumable


def test_a_lost_line_stays_a_lost_line(desk):
    with pytest.raises(LinkLost):
        retire(desk.request, failing("export", LinkLost("pulled (TEST)")))
