import json
from dataclasses import replace

import pytest

from agent.errors import PreconditionNotMet, TerminalRefused
from agent.workflow import ending
from agent.workflow import retire as retiring
from agent.workflow.steps import inspect
from protocols.errors import LinkLost


@pytest.fixture
def inspected(desk, monkeypatch):
    """Run the inspection alone and hand over the case."""
    cases = []

    def run(case, *_rest):
        cases.append((case, inspect.run(case)))
        # `retire` discards the folder afterwards, so what stands in it is read now.
        cases.append({name: case.folder.read(name) for name in ("job.json", "device-pre.eat")})
        raise LinkLost("that is all (TEST)")

    monkeypatch.setattr(ending, "run_steps", run)
    with pytest.raises(LinkLost):
        retiring.retire(desk.request, desk.events.append)
    (case, evidence), files = cases
    return case, evidence, files


def test_i4_the_job_names_the_bindings_by_keyed_hash_alone(desk, inspected):
    _, _, files = inspected
    job = json.loads(files["job.json"])
    assert {each["name"] for each in job["bindings"]} >= {"merchant_number", "settlement_account", "printer"}
    assert desk.announced["merchant_number"].encode() not in files["job.json"]
    assert all(len(each["hmac"]) == 64 for each in job["bindings"])


def test_the_evidence_names_terminal_and_files(desk, inspected):
    case, evidence, files = inspected
    assert evidence["tusn"] == desk.announced["tusn"]
    assert evidence["genuine"] is True
    assert len(evidence["device_key"]) == 64
    assert not case.changed
    assert len(files["device-pre.eat"]) > 500


def test_a_region_that_the_profile_knows_must_be_in_the_map(desk, inspected):
    case, _, _ = inspected
    regions = tuple(each for each in case.inspected.regions if each.name != "receipts")
    with pytest.raises(PreconditionNotMet) as fault:
        inspect._require_regions(case.known_profile, regions)
    assert fault.value.facts == {"region": "receipts"}


def test_a_region_that_has_shrunk_stops_the_case(desk, inspected):
    case, _, _ = inspected
    inspect._require_regions(case.known_profile, case.inspected.regions)
    regions = tuple(replace(each, size=4096) if each.name == "logs" else each for each in case.inspected.regions)
    with pytest.raises(PreconditionNotMet) as fault:
        inspect._require_regions(case.known_profile, regions)
    assert fault.value.code == "region-shrunk"
    assert fault.value.facts == {"region": "logs", "size": 4096, "least": 65_536}


def test_i9_an_attestation_of_another_nonce_is_not_this_terminals_word(inspected):
    case, _, files = inspected
    with pytest.raises(PreconditionNotMet) as fault:
        inspect._check_attestation(case, files["device-pre.eat"], b"n" * 32, case.inspected.identity)
    assert fault.value.code == "terminal-not-genuine"


def test_another_merchants_terminal_is_noticed_before_anything_is_typed(inspected):
    case, _, _ = inspected
    case.request = replace(case.request, merchant_number="999290054110000")
    with pytest.raises(TerminalRefused):
        inspect._require_merchant(case, case.inspected.bindings)
