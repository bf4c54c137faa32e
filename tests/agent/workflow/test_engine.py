from types import SimpleNamespace

import pytest

from agent.clock import Clock
from agent.errors import OutcomeUnknown, PreconditionNotMet, TerminalRefused
from agent.journal import Journal
from agent.workflow.engine import OF_THIS_SIDE, describe, is_definite, run_steps
from agent.workflow.recall import Recollection
from agent.workflow.table import Resume, Step
from protocols.command import Effect
from protocols.errors import LinkLost


class Store:
    def __init__(self):
        self.kept = []

    def append(self, entry):
        self.kept.append(entry)

    def last(self, _case):
        return self.kept[-1] if self.kept else None

    def entries(self, _case):
        return self.kept


class StubCase:
    def __init__(self):
        self.store = Store()
        self.journal = Journal(self.store, "R-1", Clock())
        self.told = []

    def report(self, event):
        self.told.append((event.step, event.state))

    @property
    def written(self):
        return [(entry.event.value, entry.step) for entry in self.store.kept]


def step(name, run):
    return Step(name, Effect.READ, Resume.IDEMPOTENT, run)


def test_i7_intent_stands_before_the_act_and_done_after_it():
    case = StubCase()
    seen = []

    def act(case):
        seen.extend(case.written)
        return {"count": 3}

    run_steps(case, [step("export", act)])
    assert seen == [("INTENT", "export")]
    assert case.written == [("INTENT", "export"), ("DONE", "export")]
    assert case.store.kept[-1].facts == {"count": 3}
    assert case.told == [("export", "started"), ("export", "done")]


@pytest.mark.parametrize(
    ("failure", "event"),
    [
        (TerminalRefused("wrong-password"), "FAILED"),
        (LinkLost("gone"), "UNKNOWN"),
        (OutcomeUnknown("wipe-stalled"), "UNKNOWN"),
        (KeyboardInterrupt(), "UNKNOWN"),
    ],
)
def test_whatever_ends_a_step_stands_in_the_journal_and_ends_the_case(failure, event):
    case = StubCase()

    def fail(_case):
        raise failure

    with pytest.raises(type(failure)):
        run_steps(case, [step("unbind", fail), step("wipe", lambda _case: {})])
    assert case.written == [("INTENT", "unbind"), (event, "unbind")]
    assert case.told[-1] == ("unbind", "failed")


def test_i4_a_failure_of_no_known_kind_is_described_by_its_class_alone():
    assert describe(ValueError("password 740218")) == {"error": "ValueError"}


def test_a_failure_is_described_by_its_code_and_facts():
    assert describe(TerminalRefused("wrong-password", attempts_left=2)) == {
        "error": "wrong-password",
        "facts": {"attempts_left": 2},
    }
    assert describe(LinkLost("gone"))["error"] == "LinkLost"


def act_once(evidence):
    return lambda _case: evidence


def test_i7_a_step_that_was_done_is_recalled_and_not_done_again():
    case = StubCase()
    recalled = []
    done = Step(
        "unbind",
        Effect.WRITE,
        Resume.VERIFY_THEN_SKIP,
        lambda _case: pytest.fail("done again"),
        recall=lambda _case, facts: recalled.append(facts),
    )
    run_steps(case, [done, step("attest", act_once({}))], Recollection(done={"unbind": {"undone": ["x"]}}))
    assert recalled == [{"undone": ["x"]}]
    assert case.told == [("unbind", "recalled"), ("attest", "started"), ("attest", "done")]
    assert case.written == [("INTENT", "attest"), ("DONE", "attest")]


def test_i3_a_step_that_was_begun_looks_first():
    case = StubCase()
    looked = []

    def look(_case, begun):
        looked.append(begun)
        return {}

    begun = Step("wipe", Effect.DESTRUCTIVE, Resume.VERIFY_THEN_SKIP, lambda _case: pytest.fail("blindly"), look)
    run_steps(case, [begun], Recollection(begun={"wipe": "2026-11-25T12:00:00.000Z"}))
    assert looked == ["2026-11-25T12:00:00.000Z"]


@pytest.mark.parametrize(("word", "runs"), [(True, 0), (False, 1)])
def test_i3_what_only_a_person_can_tell_is_not_guessed(word, runs):
    case = StubCase()
    case.number = "R-1"
    case.request = SimpleNamespace(operator="operator 7 (TEST)")
    ran = []

    def run(_case):
        ran.append(1)
        return {}

    asks = Step("test-transaction", Effect.WRITE, Resume.ASK_OPERATOR, run)
    before = Recollection(begun={"test-transaction": "2026-11-25T12:00:00.000Z"})
    with pytest.raises(OutcomeUnknown) as fault:
        run_steps(case, [asks], before)
    assert (fault.value.code, fault.value.facts["step"]) == ("operator-word-needed", "test-transaction")
    run_steps(case, [asks], before, {"test-transaction": word})
    assert len(ran) == runs
    assert case.store.kept[-1].facts == ({"word_of": "operator 7 (TEST)"} if word else {})


@pytest.mark.parametrize("code", sorted(OF_THIS_SIDE))
def test_i3_a_disk_of_ours_says_nothing_of_the_terminal(code):
    def fail(_case):
        raise PreconditionNotMet(code)

    case = StubCase()
    with pytest.raises(PreconditionNotMet):
        run_steps(case, [step("wipe", fail)])
    assert case.written == [("INTENT", "wipe"), ("UNKNOWN", "wipe")]
    assert is_definite(PreconditionNotMet("tampered"))
