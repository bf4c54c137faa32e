"""A key under a passphrase, as openssl reads it."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from agent.evidence.keys.encryption import ROUNDS, encrypted_at_once, encrypted_pem
from tests.agent.evidence.made import new_key

PASSPHRASE = "口令 made up".encode()


@pytest.fixture(autouse=True)
def few_rounds() -> None:
    """Here it costs what it costs."""


def test_it_opens_with_its_passphrase_alone() -> None:
    key = new_key()
    data = encrypted_pem(key, PASSPHRASE)
    assert load_pem_private_key(data, PASSPHRASE).private_numbers() == key.private_numbers()
    with pytest.raises(ValueError):
        load_pem_private_key(data, b"another")
    with pytest.raises(TypeError):
        load_pem_private_key(data, None)
    assert encrypted_pem(key, PASSPHRASE) != data  # salt and start are drawn


@pytest.mark.skipif(shutil.which("openssl") is None, reason="openssl is not installed (Debian package openssl)")
def test_openssl_opens_it_and_sees_how_it_is_made(tmp_path: Path) -> None:
    file = tmp_path / "key.pem"
    file.write_bytes(encrypted_pem(new_key(), PASSPHRASE))
    (tmp_path / "pass").write_bytes(PASSPHRASE + b"\n")
    words = ["openssl", "pkey", "-in", file, "-passin", f"file:{tmp_path / 'pass'}", "-noout", "-text"]
    assert b"prime256v1" in subprocess.run(words, capture_output=True, check=True).stdout
    seen = subprocess.run(["openssl", "asn1parse", "-in", file], capture_output=True, check=True).stdout.decode()
    assert all(word in seen for word in ("PBES2", "PBKDF2", "hmacWithSHA256", "aes-256-cbc", f"{ROUNDS:06X}"))


def test_under_a_drawn_password_it_costs_nothing() -> None:
    key = new_key()
    lent = load_pem_private_key(encrypted_at_once(key, b"p" * 32), b"p" * 32)
    assert lent.private_numbers() == key.private_numbers()
