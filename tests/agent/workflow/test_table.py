from types import SimpleNamespace

from agent.policy import Policy
from agent.workflow.table import PROVEN_RETIREMENT, RETIREMENT, UNBINDING, Resume, steps_of
from protocols.command import Effect

NAMES = [step.name for step in RETIREMENT]


def asked(*, wipe=True, new_merchant_number="", policy=None):
    return SimpleNamespace(wipe=wipe, new_merchant_number=new_merchant_number, policy=policy or Policy())


def test_the_steps_stand_in_the_order_of_the_design():
    assert NAMES == [
        "inspect",
        "settle",
        "confirm",
        "export",
        "verify-export",
        "intent",
        "unbind",
        "revoke",
        "wipe",
        "validate",
        "attest",
    ]


def test_i1_nothing_with_an_effect_comes_before_the_verified_export():
    effects = [step.name for step in PROVEN_RETIREMENT if step.effect is not Effect.READ]
    assert effects == ["unbind", "wipe", "prove"]
    assert NAMES.index("verify-export") < NAMES.index("intent") < NAMES.index("unbind")


def test_i3_no_step_with_an_effect_is_done_again_blindly():
    assert {step.resume for step in PROVEN_RETIREMENT if step.effect is not Effect.READ} == {Resume.VERIFY_THEN_SKIP}


def test_a_confirmation_is_never_assumed():
    assert next(step for step in RETIREMENT if step.name == "confirm").resume is Resume.ASK_OPERATOR


def test_an_unbinding_is_a_retirement_without_its_wipe():
    assert [step.name for step in UNBINDING] == [name for name in NAMES if name not in ("wipe", "validate")]
    assert steps_of(asked()) is RETIREMENT
    assert steps_of(asked(wipe=False)) is UNBINDING


def test_a_proof_of_erasure_is_a_step_only_where_the_policy_asks_for_it():
    names = [step.name for step in PROVEN_RETIREMENT]
    assert names == [*NAMES[:-1], "prove", "attest"]
    for policy in (Policy(prove_erasure=True), Policy(minimum_evidence_level=3)):
        assert steps_of(asked(policy=policy)) is PROVEN_RETIREMENT
        assert steps_of(asked(wipe=False, policy=policy)) is UNBINDING


def test_the_next_merchant_comes_after_the_attestation_of_the_unbinding():
    names = [step.name for step in steps_of(asked(wipe=False, new_merchant_number="999290058121234"))]
    assert names[-3:] == ["attest", "rebind", "test-transaction"]
