from types import SimpleNamespace

import pytest

from agent.errors import VerificationFailed
from agent.policy import Policy
from agent.proofs import EXPORT_SEAL, VerifiedExport
from agent.workflow.steps import export

VERIFIED = VerifiedExport("a" * 64, 10, "b" * 64, 3, (), ("age1test",), seal=EXPORT_SEAL)


@pytest.fixture(autouse=True)
def belongs(monkeypatch):
    monkeypatch.setattr(export, "check_belonging", lambda *_what: None)


def case(policy=None):
    found = []
    return SimpleNamespace(
        written=SimpleNamespace(sha256="a" * 64, journal=None, parameters=None, receipts=None),
        inspected=SimpleNamespace(known_status=None, bindings=(), regions=()),
        export=None,
        request=SimpleNamespace(policy=policy or Policy(), backups=()),
        find=lambda code, **facts: found.append((code, facts)),
        found=found,
    )


def test_i1_a_verified_export_is_what_the_next_steps_go_by(monkeypatch):
    monkeypatch.setattr(export, "verify_export", lambda _written: VERIFIED)
    verifying = case()
    assert export.verify(verifying)["records"] == 3
    assert verifying.export is VERIFIED


def test_the_key_that_opens_the_export_is_dropped_with_its_verification(monkeypatch):
    monkeypatch.setattr(export, "verify_export", lambda _written: VERIFIED)
    verifying = case()
    export.verify(verifying)
    assert verifying.written is None


def refuse(_written):
    raise VerificationFailed("export-digest")


def test_i1_an_export_that_is_not_what_the_terminal_says_ends_the_case(monkeypatch):
    monkeypatch.setattr(export, "verify_export", refuse)
    verifying = case()
    with pytest.raises(VerificationFailed):
        export.verify(verifying)
    assert verifying.export is None
    assert verifying.written is None


def test_i1_another_terminals_export_is_no_verified_one(monkeypatch):
    def foreign(*_what):
        raise VerificationFailed("export-of-another", what="batch_number")

    monkeypatch.setattr(export, "check_belonging", foreign)
    monkeypatch.setattr(export, "verify_export", lambda _written: VERIFIED)
    verifying = case()
    with pytest.raises(VerificationFailed):
        export.verify(verifying)
    assert verifying.export is None
    assert verifying.written is None


def test_i1_a_stated_reason_waives_it_and_is_kept(monkeypatch):
    monkeypatch.setattr(export, "verify_export", refuse)
    verifying = case(Policy(waive_export_reason="journal chip is dead (TEST)"))
    assert export.verify(verifying)["verified"] is False
    assert verifying.export is None
    assert verifying.found == [("export-waived", {"why": "export-digest", "reason": "journal chip is dead (TEST)"})]
