"""Cases that unbind a terminal and wipe nothing: judged by the same checks without those of a wipe."""

import dataclasses
import json

import pytest

from agent.evidence.checks.table import Status
from agent.evidence.facts import Result
from agent.evidence.intent import build_intent, parse_intent
from agent.evidence.statement import RETIREMENT_TYPE, UNBINDING_TYPE, predicate_type
from agent.evidence.verify import EVIDENCE_CHECKS, WIPE_CHECKS, checks_for, verify_bundle


def test_the_checks_of_a_wipe_are_checks():
    assert {name for name, _ in EVIDENCE_CHECKS} > WIPE_CHECKS


@pytest.mark.parametrize(("alone", "kind"), [(False, RETIREMENT_TYPE), (True, UNBINDING_TYPE)])
def test_an_act_has_its_own_type_of_statement(alone, kind, mocker):
    intent = mocker.Mock(wipe=None if alone else object())
    assert predicate_type(intent) == kind
    names = {name for name, _ in checks_for(mocker.Mock(unbinds_alone=alone))}
    assert names.isdisjoint(WIPE_CHECKS) is alone
    assert ("not-wiped" in names) is alone


def test_an_intent_without_a_wipe_is_read_as_it_was_written(issued):
    folder, _ = issued()
    intent = dataclasses.replace(parse_intent((folder / "intent.json").read_bytes()), wipe=None)
    assert parse_intent(build_intent(intent)) == intent
    assert json.loads(build_intent(intent))["wipe"] is None


def test_i5_a_retirement_cannot_be_passed_off_as_an_unbinding(world, issued):
    """Dropping the wipe from the intent afterwards breaks what the attestation and the statement are bound to."""
    folder, statement = issued()
    assert statement.result is Result.PASS
    path = folder / "intent.json"
    path.write_bytes(build_intent(dataclasses.replace(parse_intent(path.read_bytes()), wipe=None)))
    report = verify_bundle(folder, world.trust)
    assert report.result is Result.FAIL
    failed = {check.id for check in report.checks if check.status is Status.FAILED}
    assert {"act", "subjects", "eat-after", "journal-outcome"} <= failed
