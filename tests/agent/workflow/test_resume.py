"""Cases that broke off at every step, taken up again, and the same end as without it (I7)."""

import json
import os
from dataclasses import replace
from types import SimpleNamespace

import pytest

from agent.errors import AgentError, LinkFault, OutcomeUnknown, PreconditionNotMet, TerminalRefused, UsageFault
from agent.evidence.dsse import open_envelope
from agent.evidence.facts import Person, Result
from agent.evidence.keys.agent_key import AgentKey
from agent.evidence.trust.store import TrustStore
from agent.evidence.verify import verify_bundle
from agent.ledger.store import CaseState, Ledger
from agent.secret import Secret
from agent.workflow.case import ResumeInstead
from agent.workflow.resume import look_up, resume
from agent.workflow.retire import retire, trust_folders
from agent.workflow.table import RETIREMENT
from protocols.errors import DeviceRefused, LinkLost

STEPS = [step.name for step in RETIREMENT]
POWER = 9


def killed_at(desk, step, state="started"):
    """Retire in a process of its own that dies at a step, as by kill -9, and return the case's number."""

    def report(event):
        told = event.as_json()
        if told["event"] == "step" and (told["step"], told["state"]) == (step, state):
            os._exit(POWER)

    child = os.fork()
    if child == 0:
        try:
            retire(desk.request, report)
        finally:
            os._exit(1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == POWER
    with Ledger.open(desk.home) as ledger:
        (case,) = ledger.cases()
    assert case.state is CaseState.OPEN
    return case.case


def commands(desk, *names):
    lines = [json.loads(line) for line in (desk.state / "record.jsonl").read_text().splitlines()]
    return [each["command"] for each in lines if each.get("command") in names and each.get("answer") == "OK"]


def assert_retired(desk, outcome):
    assert outcome.result is Result.PASS, outcome.statement_findings
    assert (outcome.records, outcome.evidence_level) == (40, 2)
    trust = TrustStore.load(trust_folders(desk.home, desk.request.trust_dirs))
    assert verify_bundle(outcome.bundle, trust).result is Result.PASS
    with Ledger.open(desk.home) as ledger:
        (case,) = ledger.cases()
    assert (case.state, case.result, case.folder) == (CaseState.CLOSED, "PASS", str(outcome.bundle))
    assert sorted(path.name for path in desk.out.iterdir()) == [case.case]
    assert commands(desk, "WIPE_START") == ["WIPE_START"]


@pytest.mark.parametrize("state", ["started", "done"])
@pytest.mark.parametrize("step", STEPS)
def test_i7_a_case_that_was_killed_at_a_step_ends_as_without_it(desk, step, state):
    number = killed_at(desk, step, state)
    outcome = resume(number, desk.request, desk.events.append)
    assert outcome.case == number
    assert_retired(desk, outcome)


@pytest.mark.parametrize("state", ["started", "done"])
def test_i7_a_case_that_lacks_its_statement_alone_needs_no_terminal(desk, state):
    number = killed_at(desk, "bundle", state)
    desk.close()
    assert look_up(desk.home, number).left == ()
    assert_retired(desk, resume(number, replace(desk.request, target="tcp://127.0.0.1:9"), desk.events.append))


def test_i7_a_line_that_is_lost_after_a_change_leaves_a_case_that_can_be_taken_up(desk):
    def report(event):
        told = event.as_json()
        if told["event"] == "step" and (told["step"], told["state"]) == ("wipe", "started"):
            raise LinkLost("pulled by the test")

    broken = retire(desk.request, report)
    assert (broken.result, broken.resumable) == (Result.UNKNOWN, True)
    with Ledger.open(desk.home) as ledger:
        assert ledger.cases()[0].state is CaseState.BROKEN_OFF
    outcome = resume(broken.case, desk.request, desk.events.append)
    assert_retired(desk, outcome)
    assert {each.code for each in outcome.findings} == {each.code for each in broken.findings} - {"ended-early"}


def test_i7_steps_that_were_done_are_told_and_not_done_again(desk):
    number = killed_at(desk, "wipe", "started")
    resume(number, desk.request, desk.events.append)
    told = [event.as_json() for event in desk.events]
    recalled = [each["step"] for each in told if each.get("state") == "recalled"]
    assert recalled == STEPS[: STEPS.index("wipe")]
    assert commands(desk, "WIPE_PREPARE") == ["WIPE_PREPARE"]
    assert {"event": "remark", "code": "lease-left-behind"}.items() <= told[0].items()


def test_a_case_that_has_its_end_is_not_taken_up(desk):
    outcome = retire(desk.request, desk.events.append)
    with pytest.raises(PreconditionNotMet) as fault:
        resume(outcome.case, desk.request, desk.events.append)
    assert (fault.value.code, fault.value.facts["result"]) == ("case-closed", "PASS")
    with pytest.raises(UsageFault) as unknown:
        resume("R20260101-AAAAAA", desk.request, desk.events.append)
    assert unknown.value.code == "no-such-case"


def test_a_stopped_case_may_be_taken_up_once_its_cause_is_gone(desk):
    with pytest.raises(PreconditionNotMet) as fault:
        retire(desk.asking(trust_dirs=()), desk.events.append)
    assert fault.value.code == "maker-not-trusted"
    number = case_of(desk)
    outcome = resume(number, desk.request, desk.events.append)
    assert (outcome.case, outcome.result) == (number, Result.PASS)


def test_a_case_that_was_refused_at_the_unbinding_is_over_and_another_may_begin(desk):
    with pytest.raises(TerminalRefused) as refused:
        retire(desk.asking(password=Secret("000000")), desk.events.append)
    assert refused.value.code == "wrong-password"
    with pytest.raises(PreconditionNotMet) as fault:
        resume(case_of(desk), desk.request, desk.events.append)
    assert fault.value.code == "case-stopped"
    assert retire(desk.request, desk.events.append).result is Result.PASS


def test_i7_a_case_that_is_killed_while_it_is_stopped_is_stopped(desk, monkeypatch):
    def killed(*_, **__):
        raise SystemExit(POWER)

    monkeypatch.setattr("agent.workflow.ending.shutil", SimpleNamespace(rmtree=killed))
    with pytest.raises(SystemExit):
        retire(desk.asking(password=Secret("000000")), desk.events.append)
    with pytest.raises(PreconditionNotMet) as fault:
        resume(case_of(desk), desk.request, desk.events.append)
    assert fault.value.code == "case-stopped"


def test_i3_a_wipe_that_failed_after_its_start_is_not_started_again(desk, monkeypatch):
    def refuse(*_):
        raise DeviceRefused("WIPE_STATUS", 2, "BUSY")

    def killed(*_, **__):
        raise SystemExit(POWER)

    with monkeypatch.context() as patch:
        patch.setattr("agent.workflow.steps.wipe.follow", refuse)
        patch.setattr("agent.workflow.ending.issue", killed)
        with pytest.raises(SystemExit):
            retire(desk.request, desk.events.append)
    assert_retired(desk, resume(case_of(desk), desk.request, desk.events.append))


def test_i7_two_agents_do_not_work_on_one_case_or_one_port(desk):
    seen = []

    def report(event):
        told = event.as_json()
        if told["event"] == "step" and (told["step"], told["state"]) == ("export", "started"):
            for second in (lambda: retire(desk.request, print), lambda: resume(case_of(desk), desk.request, print)):
                with pytest.raises(PreconditionNotMet) as fault:
                    second()
                seen.append((fault.value.code, str(fault.value.facts["resource"]).partition(":")[0]))

    assert retire(desk.request, report).result is Result.PASS
    assert seen == [("lease-held", "port"), ("lease-held", "case")]


def case_of(desk):
    with Ledger.open(desk.home) as ledger:
        return ledger.cases()[-1].case


def test_i9_a_case_is_not_taken_up_on_another_terminal(desk, desk_of):
    number = killed_at(desk, "wipe", "started")
    other = desk_of(seed=8)
    before = (other.state / "flash.img").read_bytes()
    with pytest.raises(PreconditionNotMet) as fault:
        resume(number, desk.asking(target=other.request.target), desk.events.append)
    assert fault.value.code == "case-other-terminal"
    assert (other.state / "flash.img").read_bytes() == before
    assert_retired(desk, resume(number, desk.request, desk.events.append))


@pytest.mark.parametrize("name", ["job.json", "intent.json", "export.age"])
@pytest.mark.parametrize("harm", [lambda path: path.unlink(), lambda path: path.write_bytes(b"x")])
def test_i7_evidence_that_was_altered_meanwhile_stops_the_case(desk, name, harm):
    number = killed_at(desk, "wipe", "started")
    harm(desk.out / f"{number}.partial" / name)
    with pytest.raises(AgentError) as fault:
        resume(number, desk.request, desk.events.append)
    assert fault.value.code in {"case-evidence-altered", "export-digest", "export-unreadable"}
    assert commands(desk, "WIPE_START") == []


def test_a_mistyped_merchant_number_is_noticed_before_it_reaches_the_terminal(desk):
    number = killed_at(desk, "unbind", "started")
    with pytest.raises(TerminalRefused) as fault:
        resume(number, desk.asking(merchant_number="999290054110000"), desk.events.append)
    assert fault.value.code == "wrong-merchant-number"
    assert commands(desk, "KEY_PRESS") == []


def test_a_person_may_take_up_an_earlier_case_instead_of_beginning_another(desk):
    number = killed_at(desk, "export", "started")
    with pytest.raises(ResumeInstead) as wanted:
        retire(desk.asking(instead=lambda case: case == number), desk.events.append)
    assert wanted.value.case == number
    assert resume(number, desk.request, desk.events.append).result is Result.PASS


@pytest.mark.parametrize(
    ("failure", "kind", "code"),
    [
        (LinkLost("pulled by the test"), LinkFault, "case-broken-off"),
        (KeyboardInterrupt(), PreconditionNotMet, "case-interrupted"),
    ],
)
def test_i7_what_breaks_off_between_export_and_unbinding_costs_no_second_export(desk, failure, kind, code):
    def report(event):
        told = event.as_json()
        if told["event"] == "step" and (told["step"], told["state"]) == ("unbind", "started"):
            raise failure

    with pytest.raises(kind) as fault:
        retire(desk.request, report)
    assert fault.value.code == code
    number = case_of(desk)
    export = (desk.out / f"{number}.partial" / "export.age").read_bytes()
    with Ledger.open(desk.home) as ledger:
        assert (ledger.cases()[0].state, ledger.cases()[0].result) == (CaseState.BROKEN_OFF, "")
    outcome = resume(number, desk.request, desk.events.append)
    assert_retired(desk, outcome)
    assert (outcome.bundle / "export.age").read_bytes() == export


def test_each_part_of_a_resumed_case_says_who_did_it(desk):
    first = Person("First", "technician", id="first", login="password")
    desk.request = desk.asking(operator="First", person=first)
    case = killed_at(desk, "validate")
    assert look_up(desk.home, case).request.operator_id == "first"
    second = Person("Second", "manager", "Ningbo", "123", id="second")
    outcome = resume(case, desk.asking(operator="Second", person=second), desk.events.append)
    assert_retired(desk, outcome)
    predicate = json.loads(open_envelope((outcome.bundle / "statement.dsse.json").read_bytes()).payload)["predicate"]
    told = {name: value for name, value in predicate["person"].items() if name != "date"}
    assert told == {"name": "Second", "title": "manager", "place": "Ningbo", "contact": "123", "id": "second"}
    assert predicate["order"]["opened_by"] == "First"
    journal = [json.loads(line) for line in (outcome.bundle / "journal.jsonl").read_text().splitlines()]
    notes = {each["step"]: each["facts"] for each in journal if each["event"] == "NOTE"}
    assert (notes["open"]["operator"], notes["open"]["operator_id"], notes["open"]["login"]) == (
        "First",
        "first",
        "password",
    )
    assert (notes["resume"]["operator"], notes["resume"]["operator_id"]) == ("Second", "second")
    assert "login" not in notes["resume"]


def test_i7_a_token_that_is_taken_out_before_the_statement_costs_nothing_but_time(desk, monkeypatch):
    key = AgentKey.load(desk.home)
    with monkeypatch.context() as without:
        lost = PreconditionNotMet("token-lost", token="bench", why="DeviceRemoved")
        without.setattr(AgentKey, "sign", lambda *_: (_ for _ in ()).throw(lost))
        with pytest.raises(OutcomeUnknown) as fault:
            retire(desk.asking(key=key), desk.events.append)
    assert fault.value.code == "evidence-not-issued"
    assert "token-lost" in str(fault.value)
    wipes = commands(desk, "WIPE_START")
    outcome = resume(case_of(desk), desk.request, desk.events.append)
    assert_retired(desk, outcome)
    assert commands(desk, "WIPE_START") == wipes
