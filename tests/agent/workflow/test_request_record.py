"""What is kept of a request, and what never is (I4)."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from agent.errors import PreconditionNotMet
from agent.evidence.facts import MediaFacts
from agent.policy import Policy, WorkOrder
from agent.secret import Secret
from agent.workflow.request import RetireRequest
from agent.workflow.request_record import as_json, from_json

MERCHANT = "999290054111234"
REQUEST = RetireRequest(
    target="serial:/dev/ttyUSB0",
    home=Path("home"),
    out=Path("out"),
    merchant_number=MERCHANT,
    password=Secret("PLANTED-640117"),
    recipients=("age1test",),
    trust_dirs=(Path("trust"),),
    policy=Policy(waive_export_reason="TEST"),
    work_order=WorkOrder(
        number="WO-1",
        tusn=("9999990200000007",),
        merchant_number=MERCHANT,
        new_merchant_number=MERCHANT,
        authorisation="letter 7",
        bindings={"merchant_number": MERCHANT},
        platform_bindings={"merchant_number": MERCHANT},
    ),
    reason="shop closed (TEST)",
    operator="operator 7 (TEST)",
    answers={"phone": Secret("13800138000")},
    new_merchant_number=MERCHANT,
    media=MediaFacts(property_number="INV-7", destination="scrap"),
)


def test_a_request_comes_back_as_far_as_it_is_kept():
    kept = from_json("R-1", json.loads(json.dumps(as_json(REQUEST))))
    assert kept.out == Path("out").absolute()
    assert kept.trust_dirs == (Path("trust").absolute(),)
    assert kept.policy == REQUEST.policy
    assert kept.work_order == WorkOrder(number="WO-1", tusn=("9999990200000007",), authorisation="letter 7")
    assert (kept.target, kept.recipients, kept.wipe, kept.rebinds) == (REQUEST.target, ("age1test",), True, True)
    assert from_json("R-1", as_json(replace(REQUEST, work_order=None))).work_order is None
    assert kept.media == REQUEST.media
    older = {name: value for name, value in as_json(REQUEST).items() if name != "media"}
    assert from_json("R-1", older).media == MediaFacts()


def test_i4_no_secret_and_no_merchant_number_is_kept():
    text = json.dumps(as_json(REQUEST))
    assert not any(planted in text for planted in (MERCHANT, "PLANTED", "13800138000"))


@pytest.mark.parametrize("kept", [None, {}, {"target": "x"}, {**as_json(REQUEST), "policy": {"unknown": 1}}])
def test_i10_what_another_version_kept_is_one_clear_error(kept):
    with pytest.raises(PreconditionNotMet) as fault:
        from_json("R-1", kept)
    assert fault.value.code == "case-request-missing"
