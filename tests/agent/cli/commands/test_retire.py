"""Retiring from the command line: what is asked, what is refused, what is said, and what never is."""

import json
import os

import pytest

from agent.cli.case_request import Given
from agent.cli.command import Invocation
from agent.cli.commands.retire import Tracker, run
from agent.errors import OutcomeUnknown, TerminalRefused
from agent.workflow.events import CaseOpened, StepChanged
from tests.agent.cli.test_asking import NUMBER, Typist
from tests.agent.cli.test_end_page import GOOD

RECIPIENT = "age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p"
PLANTED = "PLANTED-640117"
GIVEN = Given(merchant=NUMBER, recipients=(RECIPIENT,), yes=True)


@pytest.fixture
def password_file(tmp_path):
    file = tmp_path / "password"
    file.write_text(PLANTED + "\n")
    file.chmod(0o600)
    return str(file)


@pytest.fixture
def invocation(desk, tmp_path):
    def make(**options):
        it = desk(**options)
        return it, Invocation(it.reporter, tmp_path / "home", 3)

    return make


def test_events_are_streamed_and_the_last_line_is_the_end(invocation, password_file):
    it, asked = invocation(as_json=True)

    def workflow(request, report):
        report(CaseOpened(GOOD.case))
        report(StepChanged("inspect", "started"))
        report(StepChanged("inspect", "done"))
        return GOOD

    code = run(asked, "t", GIVEN, (password_file, False), Typist(there=False), workflow)
    assert code == 0
    lines = [json.loads(line) for line in it.out.splitlines()]
    assert [line["event"] for line in lines] == ["open", "step", "step", "end"]
    assert lines[-1]["result"] == "PASS"


@pytest.mark.parametrize(("step", "expected"), [("export", KeyboardInterrupt), ("unbind", OutcomeUnknown)])
def test_an_interrupt_says_whether_somebody_has_to_look(invocation, password_file, step, expected):
    def workflow(request, report):
        report(CaseOpened(GOOD.case))
        report(StepChanged(step, "started"))
        raise KeyboardInterrupt

    with pytest.raises(expected) as fault:
        run(invocation()[1], "t", GIVEN, (password_file, False), Typist(there=False), workflow)
    if isinstance(fault.value, OutcomeUnknown):
        assert fault.value.facts == {"case": GOOD.case, "step": "unbind"}


def test_the_tracker_remembers_that_something_was_changed():
    told: list[dict[str, object]] = []
    tracker = Tracker(told.append)
    for step in ("inspect", "wipe", "validate"):
        tracker.report(StepChanged(step, "started"))
    assert (tracker.step, tracker.changing) == ("validate", True)
    assert len(told) == 3


@pytest.mark.parametrize("as_json", [True, False])
@pytest.mark.parametrize(
    "end",
    [
        GOOD,
        TerminalRefused("wrong-password", attempts_left=2),
        ValueError(PLANTED),
        KeyboardInterrupt(),
        RuntimeError(f"about {PLANTED}"),
    ],
    ids=repr,
)
def test_i4_the_password_is_in_nothing_that_is_said(
    posretire, monkeypatch, password_file, as_json, end, caplog, recwarn
):
    seen = []

    def workflow(request, report):
        typed = request.password.reveal()
        seen.append(request)
        report(StepChanged("unbind", "started"))
        assert typed == PLANTED
        if isinstance(end, BaseException):
            raise end
        return end

    monkeypatch.setattr("agent.workflow.retire.retire", workflow)
    words = ["retire", "tcp://127.0.0.1:1", "--merchant", NUMBER, "--recipient", RECIPIENT, "--yes", "-vvv"]
    said = posretire(*words, "--password-file", password_file, *(["--json"] if as_json else []))
    everything = said.out + said.err + caplog.text + str([str(each.message) for each in recwarn]) + repr(seen)
    assert seen
    assert PLANTED not in everything
    assert not seen[0].password, "it is overwritten at the end"
    assert PLANTED not in os.environ.values()


def test_i4_there_is_no_option_for_a_password(posretire):
    assert posretire("retire", "t", "--password", PLANTED, "--json").document["error"] == "usage-no-such-option"


@pytest.mark.parametrize(
    "words",
    [
        ["--password", PLANTED],
        [f"--password={PLANTED}"],
        ["--password-stdin", PLANTED],
        [f"--password-stdin={PLANTED}"],
        [f"-p{PLANTED}"],
        ["--merchant", PLANTED, "--password-stdin"],
        [PLANTED, PLANTED],
    ],
)
def test_i4_a_password_on_the_command_line_by_mistake_is_not_said_again(posretire, words):
    said = posretire("retire", "t", *words, "--json", "-vvv")
    assert said.code == 2
    assert PLANTED not in said.out + said.err


def test_a_whole_retirement_over_a_real_line(posretire, terminal, tmp_path):
    it = terminal()
    made = posretire("keys", "init", "--json")
    assert made.code == 0
    recipient = posretire("keys", "recipient", "--out", tmp_path / "owner.key", "--json").document["recipient"]
    file = tmp_path / "password"
    file.write_text(it.announced["password"] + "\n")
    file.chmod(0o600)
    words = ["retire", it.target, "--merchant", it.announced["merchant_number"], "--password-file", file]
    words += ["--recipient", recipient, "--trust", it.announced["trust"], "--out", tmp_path / "bundles", "--yes"]
    said = posretire(*words, "--json")
    assert said.code == 0, said.out + said.err
    end = said.lines[-1]
    assert (end["event"], end["result"]) == ("end", "PASS")
    assert posretire("verify", end["bundle"], "--trust", it.announced["trust"], "--json").code == 0
    shown = posretire("verify", end["bundle"], "--trust", it.announced["trust"], "--lang", "zh")
    assert shown.code == 0
    assert "✗" not in shown.out
    cases = posretire("cases", "--json").document["cases"]
    assert [case["result"] for case in cases] == ["PASS"]
    for secret in (it.announced["password"], it.announced["merchant_number"]):
        assert secret not in said.out + said.err
