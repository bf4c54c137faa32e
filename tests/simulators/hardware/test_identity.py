import subprocess

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

from simulators.errors import SimulationError
from simulators.hardware.identity import (
    EXPIRED,
    STRANGER,
    certify,
    derive_key,
    load_identity,
    make_identity,
    maker_root,
    revocation_list,
    save_identity,
)
from tests.simulators.programs import needs


def test_the_same_label_gives_the_same_identity_and_another_gives_another():
    first, second = (make_identity("HAIKE-TEST", "9999990200000001", "a") for _ in range(2))
    assert first.certificate == second.certificate
    assert first.fingerprint == second.fingerprint
    assert make_identity("HAIKE-TEST", "9999990200000001", "b").fingerprint != first.fingerprint
    assert maker_root("HAIKE-TEST")[1] == maker_root("HAIKE-TEST")[1]
    assert derive_key("a").private_numbers() != derive_key("b").private_numbers()


def test_the_certificate_names_the_tusn_and_may_only_sign():
    certificate = make_identity("HAIKE-TEST", "9999990200000001", "a").certificate
    for oid in (NameOID.COMMON_NAME, NameOID.SERIAL_NUMBER):
        assert [each.value for each in certificate.subject.get_attributes_for_oid(oid)] == ["9999990200000001"]
    assert not certificate.extensions.get_extension_for_class(x509.BasicConstraints).value.ca
    usage = certificate.extensions.get_extension_for_class(x509.KeyUsage).value
    assert usage.digital_signature
    assert not usage.key_cert_sign


def test_the_root_says_that_it_is_for_tests():
    root = maker_root("HAIKE-TEST")[1]
    assert "posretire TEST maker root HAIKE" in root.subject.rfc4514_string()
    assert root.extensions.get_extension_for_class(x509.BasicConstraints).value.ca


@needs("openssl")
def test_openssl_accepts_the_chain(tmp_path):
    identity = make_identity("HAIKE-TEST", "9999990200000001", "a")
    (tmp_path / "root.pem").write_bytes(maker_root("HAIKE-TEST")[1].public_bytes(Encoding.PEM))
    (tmp_path / "device.pem").write_bytes(identity.certificate.public_bytes(Encoding.PEM))
    command = ["openssl", "verify", "-x509_strict", "-CAfile", "root.pem", "device.pem"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.stdout == "device.pem: OK\n", done.stderr


def test_what_is_saved_is_loaded_and_only_its_owner_reads_it(tmp_path):
    path = tmp_path / "identity.pem"
    identity = make_identity("HAIKE-TEST", "9999990200000001", "a")
    save_identity(identity, path)
    assert path.stat().st_mode & 0o077 == 0
    loaded = load_identity(path)
    assert (loaded.tusn, loaded.fingerprint, loaded.secret) == (identity.tusn, identity.fingerprint, identity.secret)
    assert loaded.certificate == identity.certificate


@pytest.mark.parametrize("content", [None, b"", b"-----BEGIN PRIVATE KEY-----\nx\n-----END PRIVATE KEY-----\n"])
def test_a_damaged_identity_is_refused(tmp_path, content):
    if content is not None:
        (tmp_path / "identity.pem").write_bytes(content)
    with pytest.raises(SimulationError, match="state-broken"):
        load_identity(tmp_path / "identity.pem")


def test_another_certificate_for_the_same_key():
    identity = make_identity("HAIKE-TEST", "9999990200000001", "a")
    stranger = certify(identity, STRANGER)
    assert stranger.fingerprint == identity.fingerprint
    assert stranger.certificate.issuer == maker_root(STRANGER)[1].subject
    over = certify(identity, "HAIKE-TEST", not_after=EXPIRED)
    assert over.certificate.not_valid_after_utc == EXPIRED
    assert over.certificate.issuer == identity.certificate.issuer


@needs("openssl")
def test_openssl_finds_what_the_list_names_and_nothing_else(tmp_path):
    identity, other = (make_identity("HAIKE-TEST", "9999990200000001", label) for label in "ab")
    (tmp_path / "root.pem").write_bytes(maker_root("HAIKE-TEST")[1].public_bytes(Encoding.PEM))
    (tmp_path / "a.crl").write_bytes(revocation_list("HAIKE-TEST", identity.certificate))
    for each, said in ((identity, "certificate revoked"), (other, "device.pem: OK")):
        (tmp_path / "device.pem").write_bytes(each.certificate.public_bytes(Encoding.PEM))
        command = ["openssl", "verify", "-crl_check", "-CRLfile", "a.crl", "-CAfile", "root.pem", "device.pem"]
        done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
        assert said in done.stdout + done.stderr
