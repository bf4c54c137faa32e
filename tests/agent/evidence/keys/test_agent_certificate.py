"""The certificate that a key gives itself, and the request for another."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest
from cryptography import x509

from agent.evidence.keys.agent_certificate import USAGE, VALIDITY, certificate_request, self_signed, subject_of
from tests.agent.evidence.made import OPENED, new_key


def test_a_certificate_of_its_own() -> None:
    key = new_key()
    made = self_signed(key, subject_of("bench 1"), OPENED)
    made.verify_directly_issued_by(made)
    assert made.extensions.get_extension_for_class(x509.KeyUsage).value == USAGE
    assert not made.extensions.get_extension_for_class(x509.BasicConstraints).value.ca
    assert (made.not_valid_before_utc, made.not_valid_after_utc) == (OPENED, OPENED + VALIDITY)


@pytest.mark.skipif(shutil.which("openssl") is None, reason="openssl is not installed (Debian package openssl)")
def test_openssl_verifies_the_request_and_sees_what_it_asks_for(tmp_path: Path) -> None:
    file = tmp_path / "bench.csr"
    file.write_bytes(certificate_request(new_key(), subject_of("7 号工位")))
    done = subprocess.run(
        ["openssl", "req", "-in", file, "-noout", "-verify", "-text", "-nameopt", "utf8"],
        capture_output=True,
        check=True,
    )
    assert b"verify OK" in done.stderr + done.stdout
    text = done.stdout.decode()
    assert "Digital Signature, Non Repudiation" in text
    assert "CA:FALSE" in text
    assert "posretire agent 7 号工位" in text
