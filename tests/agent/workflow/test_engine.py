import pytest

from agent.clock import Clock
from agent.errors import OutcomeUnknown, TerminalRefused
from agent.journal import Journal
from agent.workflow.engine import describe, run_steps
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
