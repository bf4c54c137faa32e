from contextlib import contextmanager
from types import SimpleNamespace

import pytest

from agent.guided.record import GuidedOutcome
from agent.guided.remarks import Photo
from agent.workflow import menu_task


class StubCase:
    def __init__(self, keys="remote", *, by_hand=False, guide=None):
        self.request = SimpleNamespace(by_hand=by_hand, guide=guide, answers={})
        self.known_profile = SimpleNamespace(menu=SimpleNamespace(keys=keys))
        identity = SimpleNamespace(tusn="9999990200000007", label_number="H60-00000007")
        self.inspected = SimpleNamespace(identity=identity)
        self.driver = self.answers = None
        self.notes, self.findings = [], []

    def note(self, step, facts):
        self.notes.append((step, facts))

    def find(self, code, **facts):
        self.findings.append((code, facts))


@pytest.fixture(autouse=True)
def unfilmed(monkeypatch):
    @contextmanager
    def filmed(_case, _step):
        yield SimpleNamespace(take=None)

    monkeypatch.setattr(menu_task, "filmed", filmed)


GUIDE = object()


@pytest.mark.parametrize(
    ("case", "by_hand"),
    [
        (StubCase(), False),
        (StubCase(guide=GUIDE), False),
        (StubCase(by_hand=True, guide=GUIDE), True),
        (StubCase("guided", guide=GUIDE), True),
    ],
    ids=["remote keys", "somebody is there", "asked for", "no remote keys"],
)
def test_a_person_presses_the_keys_only_where_that_is_needed_or_wanted(case, by_hand):
    assert menu_task.is_by_hand(case) is by_hand


def test_over_the_line_the_task_gets_what_the_screens_must_show():
    def task(_driver, _profile, menu_case, _answers, _film, *, guided):
        return menu_case.tusn, menu_case.merchant_number, guided

    case = StubCase()
    assert menu_task.carry_out(case, "unbind", task, "999290054115112") == (
        "9999990200000007",
        "999290054115112",
        False,
    )
    assert case.findings == []


class StubSession:
    def __init__(self, _guide):
        self.outcome = GuidedOutcome(9, ("screen is scratched",), (Photo("p.jpg", 7, "ab"),))

    def carry_out(self, task, *given):
        return task()


def test_steps_by_hand_are_marked_as_a_persons_word(monkeypatch):
    monkeypatch.setattr(menu_task, "GuidedSession", StubSession)
    case = StubCase("guided", guide=GUIDE)
    assert menu_task.carry_out(case, "unbind", lambda: "done", "999290054115112") == "done"
    assert case.findings == [("steps-by-hand", {"step": "unbind", "count": 9})]
    assert case.notes == [
        (
            "unbind",
            {
                "by_hand": 9,
                "notes": ["screen is scratched"],
                "photos": [{"name": "p.jpg", "size": 7, "sha256": "ab"}],
            },
        )
    ]


def test_they_are_kept_where_the_person_stopped_too(monkeypatch):
    monkeypatch.setattr(menu_task, "GuidedSession", StubSession)
    case = StubCase("guided", guide=GUIDE)

    def stop():
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        menu_task.carry_out(case, "unbind", stop, "999290054115112")
    assert case.findings
