import hashlib
import random
import shutil
import subprocess

import pytest
from asn1crypto import cms, tsp
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding

from agent.evidence.page.pades import holds, room_for, signed_data, to_be_signed
from agent.evidence.trust.certificates import p256_key
from tests.agent.evidence.made import make_certificate, new_key

COVERED = b"all of the file but its signature"
DIGEST = hashlib.sha256(COVERED).digest()


@pytest.fixture(scope="module")
def key():
    return new_key()


@pytest.fixture(scope="module")
def chain(key):
    root = new_key()
    return (
        make_certificate("TEST agent 执行端", key, "TEST root", root),
        make_certificate("TEST root", root, "TEST root", root, authority=True),
    )


def sign(key, chain, digest=DIGEST):
    signature = key.sign(to_be_signed(digest, chain[0]), ec.ECDSA(hashes.SHA256()))
    return signed_data(digest, chain, signature)


def filled(made, chain):
    return made.ljust(room_for(chain), b"\0")


def accepted(data, chain, digest=DIGEST):
    return holds(data, digest, chain, p256_key(chain[0], "agent"))


def test_what_was_signed_holds(key, chain):
    for _ in range(20):  # signatures are of different lengths
        assert accepted(filled(sign(key, chain), chain), chain)


def test_every_flipped_byte_is_found(key, chain):
    made = filled(sign(key, chain), chain)
    for offset in range(len(made)):
        altered = bytearray(made)
        altered[offset] ^= 1 << (offset % 8)
        assert not accepted(bytes(altered), chain), offset


def test_another_digest_key_chain_or_length_does_not_hold(key, chain):
    made = filled(sign(key, chain), chain)
    assert not accepted(made, chain, hashlib.sha256(b"other").digest())
    assert not accepted(filled(sign(new_key(), chain), chain), chain)
    assert not accepted(made, chain[:1])
    assert not accepted(made + b"\0", chain)
    assert not accepted(made[:-1], chain)
    assert not accepted(b"", chain)


def test_garbage_does_not_hold(chain):
    draw = random.Random(3)
    for _ in range(50):
        assert not accepted(draw.randbytes(room_for(chain)), chain)


def test_another_library_reads_it_and_writes_it_again_to_the_same_bytes(key, chain):
    made = sign(key, chain)
    read = cms.ContentInfo.load(made, strict=True)
    assert read.copy().dump(force=True) == made
    data = read["content"]
    signer = data["signer_infos"][0]
    assert [each.chosen.dump() for each in data["certificates"]] == sorted(
        each.public_bytes(Encoding.DER) for each in chain
    )
    assert [each["type"].native for each in signer["signed_attrs"]] == [
        "content_type",
        "message_digest",
        tsp.CMSAttributeType.map("1.2.840.113549.1.9.16.2.47"),
    ]
    assert signer["signed_attrs"][1]["values"][0].native == DIGEST
    named = signer["signed_attrs"][2]["values"][0]["certs"][0]
    assert named["cert_hash"].native == chain[0].fingerprint(hashes.SHA256())
    assert signer["sid"].chosen["serial_number"].native == chain[0].serial_number
    assert not signer["unsigned_attrs"]


def test_large_and_small_serial_numbers_are_written_as_der_wants_them(key):
    for number in (1, 127, 128, 255, 256, (1 << 159) - 1):
        made = (
            x509.CertificateBuilder()
            .subject_name(x509.Name([]))
            .issuer_name(x509.Name([]))
            .public_key(key.public_key())
            .serial_number(number)
            .not_valid_before(make_certificate("a", key, "a", key).not_valid_before_utc)
            .not_valid_after(make_certificate("a", key, "a", key).not_valid_after_utc)
            .sign(key, hashes.SHA256())
        )
        read = cms.ContentInfo.load(sign(key, (made,)), strict=True)
        assert read["content"]["signer_infos"][0]["sid"].chosen["serial_number"].native == number


@pytest.mark.skipif(shutil.which("openssl") is None, reason="openssl is not installed (Debian package openssl)")
def test_openssl_verifies_it(key, chain, tmp_path):
    (tmp_path / "cms").write_bytes(sign(key, chain))
    (tmp_path / "covered").write_bytes(COVERED)
    (tmp_path / "root.pem").write_bytes(chain[1].public_bytes(Encoding.PEM))
    command = ["openssl", "cms", "-verify", "-binary", "-inform", "DER", "-in", tmp_path / "cms", "-purpose", "any"]
    command += ["-content", tmp_path / "covered", "-CAfile", tmp_path / "root.pem", "-cades", "-out", tmp_path / "out"]
    command += ["-attime", str(int(chain[0].not_valid_before_utc.timestamp()) + 3_600)]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert "CAdES Verification successful" in done.stderr
    (tmp_path / "covered").write_bytes(COVERED + b".")
    assert subprocess.run(command, capture_output=True).returncode != 0
