from types import SimpleNamespace

import pytest

from agent.errors import OutcomeUnknown, PreconditionNotMet, TerminalRefused
from agent.workflow.steps import unbind
from protocols.errors import LinkLost
from protocols.terminal import Binding
from protocols.words import BindingKind, BindingState

TUSN = "9999990200000007"


def binding(name, state):
    return Binding(BindingKind.MERCHANT, state, name, "" if state is BindingState.UNBOUND else "x")


class StubCase:
    """A case whose terminal answers with these bindings, one answer a time."""

    def __init__(self, *answers):
        self.answers = list(answers)
        self.inspected = SimpleNamespace(
            bindings=answers[0], identity=SimpleNamespace(tusn=TUSN, label_number="H60-00000007")
        )
        self.driver = SimpleNamespace(bindings=lambda: self.answers.pop(0), identity=lambda: self.inspected.identity)
        self.known_profile = None
        self.request = SimpleNamespace(merchant_number="999290054115112", password=None)
        self.changed = False
        self.begun = False
        self.unbinding = None
        self.notes = []
        self.findings = []

    def find(self, code, **facts):
        self.findings.append((code, facts))

    def require_same_terminal(self):
        assert not self.changed or self.begun, "it is looked at before anything is done"

    def note(self, step, facts):
        self.notes.append((step, facts))


BOUND = (binding("merchant_number", BindingState.BOUND), binding("printer", BindingState.BOUND))
GONE = (binding("merchant_number", BindingState.UNBOUND), binding("printer", BindingState.PENDING))


def menu(monkeypatch, outcome=None, late=None):
    def carry_out(case, step, task, merchant_number):
        assert merchant_number == case.request.merchant_number
        try:
            return task(None, None, None, None, None, guided=False)
        finally:
            case.note(step, {"film": ["password type <password>"]})
            if late is not None:
                raise late

    def walk(*_given, guided):
        if outcome is not None:
            raise outcome

    monkeypatch.setattr(unbind, "carry_out", carry_out)
    monkeypatch.setattr(unbind, "unbind", walk)


def test_unbinding_is_proven_by_reading_the_bindings_again(monkeypatch):
    menu(monkeypatch)
    case = StubCase(BOUND, GONE)
    assert unbind.run(case) == {"undone": ["merchant_number"], "pending": ["printer"]}
    assert case.unbinding.tusn == TUSN
    assert case.findings == [("bindings-pending", {"names": "printer"})]
    assert case.changed
    assert case.notes == [("unbind", {"film": ["password type <password>"]})]


def test_a_terminal_that_is_bound_no_more_is_left_alone(monkeypatch):
    menu(monkeypatch, AssertionError("the menu was used"))
    case = StubCase(GONE, GONE)
    unbind.run(case)
    assert case.unbinding.undone == ()


@pytest.mark.parametrize("outcome", [TerminalRefused("wrong-password", attempts_left=2), LinkLost("gone")])
def test_a_refusal_leaves_the_terminal_as_it_was_and_the_film_in_the_journal(monkeypatch, outcome):
    menu(monkeypatch, outcome)
    case = StubCase(BOUND)
    with pytest.raises(type(outcome)):
        unbind.run(case)
    assert not case.changed
    assert case.notes


@pytest.mark.parametrize("outcome", [OutcomeUnknown("unbinding-unknown"), KeyboardInterrupt()])
def test_i3_an_unknown_outcome_counts_as_a_change(monkeypatch, outcome):
    menu(monkeypatch, outcome)
    case = StubCase(BOUND)
    with pytest.raises(type(outcome)):
        unbind.run(case)
    assert case.changed


def test_i1_what_is_still_bound_is_no_proof(monkeypatch):
    menu(monkeypatch)
    case = StubCase(BOUND, (GONE[0], BOUND[1]))
    with pytest.raises(OutcomeUnknown) as fault:
        unbind.run(case)
    assert fault.value.facts == {"names": "printer"}
    assert case.unbinding is None


def test_i7_a_journal_that_cannot_be_written_afterwards_does_not_undo_the_unbinding(monkeypatch):
    menu(monkeypatch, late=PreconditionNotMet("ledger-unusable", path="ledger", why="disk is full"))
    case = StubCase(BOUND)
    with pytest.raises(PreconditionNotMet):
        unbind.run(case)
    assert case.changed


def test_i7_what_the_menu_does_not_finish_of_an_unbinding_that_was_cut_off_is_for_a_person(monkeypatch):
    menu(monkeypatch, PreconditionNotMet("terminal-not-bound"))
    half = (GONE[0], BOUND[1])
    case = StubCase(half, half)
    case.begun = True
    with pytest.raises(OutcomeUnknown) as fault:
        unbind.take_up(case, "2026-11-22T08:30:00.000Z")
    assert (fault.value.code, fault.value.facts) == ("half-unbound", {"names": "printer"})
    assert case.changed


def test_i7_a_refusal_of_an_unbinding_that_is_taken_up_is_told_as_it_is(monkeypatch):
    menu(monkeypatch, PreconditionNotMet("menu-lost"))
    case = StubCase(BOUND)
    case.begun = True
    with pytest.raises(PreconditionNotMet) as fault:
        unbind.take_up(case, "2026-11-22T08:30:00.000Z")
    assert fault.value.code == "menu-lost"
