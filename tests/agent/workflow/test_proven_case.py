"""Whole cases with a proof of erasure: honest terminals, liars, and fillings that broke off."""

import json
import os

import pytest

from agent.errors import PreconditionNotMet
from agent.evidence.erasure_proof import ERASURE_PROOF
from agent.evidence.facts import Result
from agent.evidence.trust.store import TrustStore
from agent.evidence.verify import verify_bundle
from agent.journal import JournalEvent
from agent.ledger.store import Ledger
from agent.policy import Policy
from agent.workflow.resume import look_up, resume
from agent.workflow.retire import retire, trust_folders
from protocols.errors import LinkLost
from simulators.state import Blueprint
from tests.simulators.rig import leaks

LEVEL_3 = Policy(minimum_evidence_level=3)
WHERE_POSSIBLE = Policy(prove_erasure=True)
POWER = 9
BLUEPRINT = Blueprint("haike-h60", 7, 40, 0)


def verified(desk, outcome):
    return verify_bundle(outcome.bundle, TrustStore.load(trust_folders(desk.home, desk.request.trust_dirs)))


def codes(findings):
    return {each.code for each in findings}


def commands(desk, *names):
    lines = [json.loads(line) for line in (desk.state / "record.jsonl").read_text().splitlines()]
    return [each["command"] for each in lines if each.get("command") in names and each.get("answer") == "OK"]


def assert_proven(desk, outcome):
    assert (outcome.result, outcome.evidence_level) == (Result.PASS, 3), outcome.statement_findings
    report = verified(desk, outcome)
    assert report.result is Result.PASS
    assert report.statement["evidence"]["level"] == 3
    assert report.statement["terminal"]["after"]["wipe_count"] == 1
    left = (desk.state / "flash.img").read_bytes()
    wiped = [each for each in report.statement["regions"] if each["wipe_planned"] and each["block_size"]]
    for each in wiped:
        assert left[each["start"] : each["start"] + each["size"]] == b"\xff" * each["size"]
    assert leaks(desk.state, BLUEPRINT) == []
    assert commands(desk, "WIPE_START") == ["WIPE_START"]


@pytest.mark.parametrize("policy", [LEVEL_3, Policy(prove_erasure=True, read_back="digest")])
def test_an_honest_terminal_reaches_level_3(desk, policy):
    outcome = retire(desk.asking(policy=policy), desk.events.append)
    assert_proven(desk, outcome)
    assert desk.steps_done[-3:] == ["prove", "attest", "bundle"]


def test_nobody_is_slowed_down_who_does_not_ask_for_it(desk):
    outcome = retire(desk.request, desk.events.append)
    assert (outcome.result, outcome.evidence_level) == (Result.PASS, 2)
    assert commands(desk, "FILL_REGIONS", "MEMORY_FILL", "FILL_ERASE") == []
    assert not (outcome.bundle / ERASURE_PROOF).exists()


def test_a_liar_with_too_little_memory_is_caught(desk_of):
    """It says that all is blank, and attests it; level 2 believes it, and what it kept is still in the flash."""
    desk = desk_of(faults=["too-little-memory"])
    outcome = retire(desk.asking(policy=LEVEL_3), desk.events.append)
    assert (outcome.result, outcome.evidence_level) == (Result.FAIL, 2)
    assert "erasure-disproven" in codes(outcome.findings)
    assert "proof-answer" in codes(outcome.statement_findings)
    failed = [each.id for each in verified(desk, outcome).checks if each.status == "failed"]
    assert failed == ["erasure-proof"]
    assert leaks(desk.state, BLUEPRINT)


def test_the_same_liar_passes_where_nobody_asks_for_a_proof(desk_of):
    desk = desk_of(faults=["too-little-memory"])
    outcome = retire(desk.request, desk.events.append)
    assert (outcome.result, outcome.evidence_level) == (Result.PASS, 2)
    assert leaks(desk.state, BLUEPRINT)


def test_a_terminal_that_cannot_be_filled_is_told_before_anything_is_changed(desk_of):
    desk = desk_of(faults=["no-fill"])
    before = (desk.state / "flash.img").read_bytes()
    with pytest.raises(PreconditionNotMet) as fault:
        retire(desk.asking(policy=LEVEL_3), desk.events.append)
    assert (fault.value.code, fault.value.facts["region"]) == ("erasure-not-provable", "journal")
    assert (desk.state / "flash.img").read_bytes() == before


@pytest.mark.parametrize("fault", ["no-fill", "fill-refused=1"])
def test_where_a_proof_is_only_welcome_the_case_ends_at_level_2(desk_of, fault):
    desk = desk_of(faults=[fault])
    outcome = retire(desk.asking(policy=WHERE_POSSIBLE), desk.events.append)
    assert (outcome.result, outcome.evidence_level) == (Result.PASS, 2)
    assert "erasure-not-proven" in codes(outcome.findings)
    assert verified(desk, outcome).result is Result.PASS
    assert not (outcome.bundle / ERASURE_PROOF).exists()


def test_a_terminal_that_does_not_go_through_with_it_does_not_reach_what_is_asked_for(desk_of):
    desk = desk_of(faults=["fill-refused=1"])
    outcome = retire(desk.asking(policy=LEVEL_3), desk.events.append)
    assert (outcome.result, outcome.evidence_level) == (Result.UNKNOWN, 2)
    assert {"erasure-not-proven", "level-not-reached"} <= codes(outcome.findings)
    assert leaks(desk.state, BLUEPRINT) == []


def half_filled(told):
    return told["event"] == "progress" and (told["step"], told["unit"]) == ("prove", "bytes")


def begun_to_erase(told):
    return told["event"] == "progress" and (told["step"], told["unit"]) == ("prove", "blocks")


def at(step, state):
    return lambda told: told["event"] == "step" and (told["step"], told["state"]) == (step, state)


@pytest.mark.parametrize("moment", [half_filled, begun_to_erase, at("prove", "done")])
def test_i7_an_agent_that_is_killed_in_a_proof_takes_it_up_and_ends_as_without_it(desk, moment):
    request = desk.asking(policy=LEVEL_3)

    def report(event):
        if moment(event.as_json()):
            os._exit(POWER)

    child = os.fork()
    if child == 0:
        try:
            retire(request, report)
        finally:
            os._exit(1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == POWER
    with Ledger.open(desk.home) as ledger:
        (case,) = ledger.cases()
        entries = list(ledger.entries(case.case))
    done = {entry.step for entry in entries if entry.event is JournalEvent.DONE}
    assert [step.name for step in look_up(desk.home, case.case).left] == ["prove", "attest"]["prove" in done :]
    assert_proven(desk, resume(case.case, request, desk.events.append))


@pytest.mark.parametrize("moment", [half_filled, begun_to_erase])
def test_i7_a_line_that_is_lost_in_a_proof_leaves_a_case_that_is_not_closed(desk, moment):
    request = desk.asking(policy=LEVEL_3)

    def report(event):
        if moment(event.as_json()):
            raise LinkLost("pulled by the test")

    broken = retire(request, report)
    assert (broken.result, broken.resumable, broken.evidence_level) == (Result.UNKNOWN, True, 0)
    assert verified(desk, broken).result is Result.UNKNOWN
    assert_proven(desk, resume(broken.case, request, desk.events.append))


def test_i4_what_the_regions_are_filled_from_is_told_to_nobody_before_the_end(desk):
    """Until the answers are there, the seed stands in no journal and no file: whoever has it needs no memory."""
    request = desk.asking(policy=LEVEL_3)
    seen = []

    def report(event):
        if half_filled(event.as_json()):
            seen.append(sorted(path.name for path in desk.out.glob("*/*")))

    outcome = retire(request, report)
    assert seen
    assert not any(ERASURE_PROOF in names for names in seen)
    seed = json.loads((outcome.bundle / ERASURE_PROOF).read_bytes())["seed"]
    assert seed not in (outcome.bundle / "journal.jsonl").read_text()
