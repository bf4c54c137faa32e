import dataclasses

import pytest

from agent.proofs import PlatformApproval


def test_a_proof_cannot_be_changed_afterwards():
    approval = PlatformApproval("TEST-1", "operator")
    with pytest.raises(dataclasses.FrozenInstanceError):
        approval.reference = "TEST-2"
