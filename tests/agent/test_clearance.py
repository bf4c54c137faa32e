"""I2: a clearance is built by the policy check alone, for one target, and is used up by one wipe."""

from typing import Any

import pytest

from agent.clearance import WipeClearance, WipeTarget, clear_for_wipe
from agent.errors import PreconditionNotMet
from agent.policy import Policy
from agent.proofs import EXPORT_SEAL, PlatformApproval, UnbindingProof, VerifiedExport
from protocols.errors import LocalProtocolError

TARGET = WipeTarget("9999990200000007", 3, b"n" * 32)
EXPORT = VerifiedExport("0" * 64, 10, "0" * 64, 1, (), ("age1test",), seal=EXPORT_SEAL)
UNBINDING = UnbindingProof(("merchant_number",), (), TARGET.tusn)


def cleared(policy=None, **changes):
    proofs: dict[str, Any] = {"export": EXPORT, "unbinding": UNBINDING, "platform": None} | changes
    return clear_for_wipe(policy or Policy(), TARGET, **proofs)


def test_i2_nothing_else_can_build_a_clearance():
    with pytest.raises(LocalProtocolError):
        WipeClearance(object(), TARGET)


def test_i2_a_clearance_is_used_up_by_one_wipe():
    clearance = cleared()
    clearance.spend(TARGET)
    assert clearance.spent
    with pytest.raises(LocalProtocolError, match="used before"):
        clearance.spend(TARGET)


@pytest.mark.parametrize(
    "other",
    [
        WipeTarget("9999990200000008", 3, b"n" * 32),
        WipeTarget(TARGET.tusn, 4, b"n" * 32),
        WipeTarget(TARGET.tusn, 3, b"m" * 32),
    ],
    ids=["another terminal", "after a restart", "another nonce"],
)
def test_i2_a_clearance_is_bound_to_terminal_start_and_nonce(other):
    clearance = cleared()
    with pytest.raises(LocalProtocolError, match="another"):
        clearance.spend(other)
    assert not clearance.spent


def test_i1_no_clearance_without_a_verified_export():
    with pytest.raises(PreconditionNotMet) as stopped:
        cleared(export=None)
    assert stopped.value.code == "export-not-verified"


def test_i1_a_stated_reason_waives_the_export():
    policy = Policy(waive_export_reason="journal chip is dead, see report 7")
    assert not cleared(policy, export=None).spent
    assert policy.waivers == {"export-verification": "journal chip is dead, see report 7"}


@pytest.mark.parametrize("proof", [None, UnbindingProof((), (), "9999990200000008")], ids=["none", "another terminal"])
def test_i2_no_clearance_without_proof_of_unbinding(proof):
    with pytest.raises(PreconditionNotMet) as stopped:
        cleared(unbinding=proof)
    assert stopped.value.code == "unbinding-not-proven"


def test_i2_the_platform_is_asked_where_the_policy_says_so():
    policy = Policy(platform_approval=True)
    with pytest.raises(PreconditionNotMet) as stopped:
        cleared(policy)
    assert stopped.value.code == "platform-approval-missing"
    assert not cleared(policy, platform=PlatformApproval("TEST-1", "operator")).spent
