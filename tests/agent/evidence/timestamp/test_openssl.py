"""Timestamps that openssl made, and what it says of those that we keep."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
from cryptography import x509

from agent.evidence.timestamp.layout import build_request
from agent.evidence.timestamp.token import accept_answer, verify_timestamp
from agent.evidence.trust.store import TrustStore
from tests.agent.evidence.timestamp.openssl_authority import OpensslAuthority, openssl_says

DATA = b"a statement"
IMPRINT = hashlib.sha256(DATA).digest()


@pytest.mark.parametrize(
    "kind",
    [
        {"root": "ec", "key": "rsa", "besides": True},  # certificates in an order that is not sorted
        {"root": "rsa", "key": "ec", "ess": "sha1"},
        {"root": "ec384", "key": "ec384", "digest": "sha384", "usage": "nonRepudiation"},
    ],
)
def test_what_openssl_makes_holds_as_it_is_and_as_it_is_kept(kind, tmp_path: Path) -> None:
    authority = OpensslAuthority(tmp_path / "tsa", **kind)
    trust = TrustStore(authorities=(x509.load_pem_x509_certificate(authority.root.read_bytes()),))
    answer = authority.answer(build_request(IMPRINT, 42))
    made = verify_timestamp(answer, IMPRINT, trust)
    assert (made.authority, made.root) == ("TEST openssl authority", "TEST openssl root")
    kept, timestamp = accept_answer(answer, IMPRINT, 42, trust)
    assert timestamp == made == verify_timestamp(kept, IMPRINT, trust)
    (tmp_path / "data").write_bytes(DATA)
    (tmp_path / "kept.tsr").write_bytes(kept)
    assert openssl_says(tmp_path, authority.root, "kept.tsr", "data") == "Verification: OK"
    (tmp_path / "data").write_bytes(b"another")
    assert openssl_says(tmp_path, authority.root, "kept.tsr", "data") != "Verification: OK"
