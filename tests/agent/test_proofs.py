import dataclasses
import inspect
from pathlib import Path

import pytest

import agent
from agent.proofs import EXPORT_SEAL, ExportRecord, PlatformApproval, VerifiedExport
from protocols.errors import LocalProtocolError


def test_a_proof_cannot_be_changed_afterwards():
    approval = PlatformApproval("TEST-1", "operator")
    with pytest.raises(dataclasses.FrozenInstanceError):
        approval.reference = "TEST-2"  # type: ignore[misc]


def test_i1_a_verified_export_is_not_made_by_hand():
    facts = ("0" * 64, 10, "0" * 64, 1, (), ("age1test",))
    assert ExportRecord(*facts).records == 1
    for seal in ({}, {"seal": object()}, {"seal": None}):
        with pytest.raises(LocalProtocolError):
            VerifiedExport(*facts, **seal)
    genuine = VerifiedExport(*facts, seal=EXPORT_SEAL)
    with pytest.raises(LocalProtocolError):
        dataclasses.replace(genuine, records=2)


def test_i1_only_the_verification_holds_the_seal():
    package = Path(inspect.getfile(agent)).parent
    holders = {
        path.relative_to(package).as_posix()
        for path in package.rglob("*.py")
        if "EXPORT_SEAL" in path.read_text(encoding="utf-8")
    }
    assert holders == {"proofs.py", "export/verify.py"}
