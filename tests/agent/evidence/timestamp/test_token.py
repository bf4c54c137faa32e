"""Timestamps: what holds, what does not, and that no byte of one can be another."""

from __future__ import annotations

import hashlib
import random
import shutil
import subprocess
from datetime import timedelta
from pathlib import Path

import pytest
from asn1crypto import algos, cms, core, tsp
from cryptography import x509
from cryptography.x509.oid import ExtendedKeyUsageOID

from agent.evidence.errors import EvidenceRejected, NotCheckable
from agent.evidence.timestamp.token import accept_answer, verify_timestamp
from agent.evidence.trust.store import TrustStore
from tests.agent.evidence.authority import Bent, TestAuthority, request_for
from tests.agent.evidence.made import OPENED, der

DATA = b"a statement"
IMPRINT = hashlib.sha256(DATA).digest()
AUTHORITY = TestAuthority()
KINDS = {
    "ec": AUTHORITY,
    "rsa": TestAuthority(key_kind="rsa"),
    "intermediate": TestAuthority(intermediate=True),
    "old-attribute": TestAuthority(key_kind="rsa", ess="sha1", sends_root=False),
}


def trust_in(authority: TestAuthority) -> TrustStore:
    return TrustStore(authorities=(authority.root,))


def verify(token: bytes, authority: TestAuthority = AUTHORITY) -> str:
    """Return the code of what is wrong with a token of DATA, or nothing."""
    try:
        verify_timestamp(token, IMPRINT, trust_in(authority))
    except EvidenceRejected as fault:
        return fault.code
    return ""


@pytest.mark.parametrize("kind", KINDS)
def test_a_timestamp_of_a_trusted_authority_holds(kind: str) -> None:
    authority = KINDS[kind]
    timestamp = verify_timestamp(authority.stamp(DATA, OPENED), IMPRINT, trust_in(authority))
    assert (timestamp.time, timestamp.authority, timestamp.root) == (OPENED, "TEST authority", authority.name)
    assert timestamp.policy == "1.2.3.4.1"


@pytest.mark.parametrize("kind", KINDS)
def test_openssl_accepts_the_same(kind: str, tmp_path: Path) -> None:
    if shutil.which("openssl") is None:
        pytest.skip("needs openssl: apt-get install openssl")
    authority = KINDS[kind]
    kept, _ = accept_answer(authority.stamp(DATA, OPENED), IMPRINT, 7, trust_in(authority))
    for name, content in (("root.pem", authority.root_pem), ("data", DATA), ("kept.tsr", kept)):
        (tmp_path / name).write_bytes(content)
    command = ["openssl", "ts", "-verify", "-in", "kept.tsr", "-data", "data", "-CAfile", "root.pem", "-attime"]
    done = subprocess.run(
        [*command, str(int(OPENED.timestamp()))], cwd=tmp_path, capture_output=True, text=True, timeout=30, check=False
    )
    assert (done.returncode, done.stdout) == (0, "Verification: OK\n"), done.stderr


@pytest.mark.parametrize("kind", ["ec", "old-attribute"])  # all kinds, and all values: tests/fuzz/test_timestamps.py
def test_every_altered_byte_is_refused(kind: str) -> None:
    authority, chance = KINDS[kind], random.Random(6)
    token = authority.stamp(DATA, OPENED)
    assert verify(token, authority) == ""
    accepted = []
    for place, byte in enumerate(token):
        other = byte ^ chance.randrange(1, 256)
        if not verify(token[:place] + bytes([other]) + token[place + 1 :], authority):
            accepted.append((place, byte, other))
    assert accepted == []


def test_no_byte_can_be_missing_or_added() -> None:
    token = AUTHORITY.stamp(DATA, OPENED)
    assert all(verify(token[:length]) for length in range(len(token)))
    assert all(verify(token + end) for end in (b"\0", b"0", token))


def test_nobody_is_trusted_here() -> None:
    with pytest.raises(NotCheckable) as raised:
        verify_timestamp(AUTHORITY.stamp(DATA, OPENED), IMPRINT, TrustStore(makers=(AUTHORITY.root,)))
    assert raised.value.code == "authorities-unknown"


def test_a_timestamp_of_something_else_is_refused() -> None:
    assert verify(AUTHORITY.stamp(b"another statement", OPENED)) == "timestamp-imprint"


def test_an_authority_of_another_root_is_refused() -> None:
    assert verify(TestAuthority().stamp(DATA, OPENED)) == "certificate-chain"


@pytest.mark.parametrize("days", [-2, 4_000])
def test_the_authority_must_be_certified_at_that_time(days: int) -> None:
    assert verify(AUTHORITY.stamp(DATA, OPENED + timedelta(days=days))) == "certificate-chain"


USAGES = {
    "none": None,
    "not-critical": (x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING]), False),
    "more": (x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING, ExtendedKeyUsageOID.CODE_SIGNING]), True),
    "another": (x509.ExtendedKeyUsage([ExtendedKeyUsageOID.CODE_SIGNING]), True),
}


@pytest.mark.parametrize("usage", USAGES)
def test_the_key_is_for_timestamps_alone(usage: str) -> None:
    authority = TestAuthority(extra=USAGES[usage])
    assert verify(authority.stamp(DATA, OPENED), authority) == "timestamp-usage"


def test_a_root_makes_no_timestamps_itself() -> None:
    authority = TestAuthority()
    authority.certificate, authority.key = authority.root, authority.root_key
    assert verify(authority.stamp(DATA, OPENED), authority) == "timestamp-usage"


def changed(**changes):
    return lambda fields: {**fields, **changes}


def named_after(certificate: x509.Certificate):
    new = {"certs": [{"cert_hash": hashlib.sha256(der(certificate)).digest()}]}
    value = {"type": "signing_certificate_v2", "values": [tsp.SigningCertificateV2(new)]}
    return lambda attributes: [*attributes[:-1], value]


def naming(*rows):
    value = {"type": "signing_certificate_v2", "values": [tsp.SigningCertificateV2({"certs": list(rows)})]}
    return lambda attributes: [*attributes[:-1], value]


def numbered(number: int):
    """Name the authority's certificate, with a serial number beside its digest."""
    from asn1crypto import x509 as asn1

    issuer = asn1.Certificate.load(der(AUTHORITY.certificate)).issuer
    names = [asn1.GeneralName("directory_name", issuer)]
    return {
        "cert_hash": hashlib.sha256(der(AUTHORITY.certificate)).digest(),
        "issuer_serial": {"issuer": names, "serial_number": number},
    }


def more(certificate: x509.Certificate):
    from asn1crypto import x509 as asn1

    return lambda fields: {**fields, "certificates": [*fields["certificates"], asn1.Certificate.load(der(certificate))]}


UNSIGNED = {"type": "1.2.3.4", "values": [core.Any(core.Integer(1))]}
REFUSED = {"status": {"status": "rejection", "fail_info": {"bad_alg"}}}
BENDS = {
    "rejected": (Bent(response=changed(**REFUSED)), "timestamp-refused"),
    "granted-with-changes": (Bent(response=changed(status={"status": "granted_with_mods"})), "timestamp-refused"),
    "a-text-beside": (
        Bent(response=changed(status={"status": "granted", "status_string": ["so be it"]})),
        "timestamp-form",
    ),
    "no-certificates": (
        Bent(signed=lambda f: {k: v for k, v in f.items() if k != "certificates"}),
        "timestamp-malformed",
    ),
    "no-signer": (Bent(signed=changed(signer_infos=[])), "timestamp-malformed"),
    "two-signers": (Bent(signed=lambda f: {**f, "signer_infos": f["signer_infos"] * 2}), "timestamp-malformed"),
    "a-stranger's-certificate": (Bent(signed=more(TestAuthority().root)), "timestamp-form"),
    "a-certificate-twice": (Bent(signed=more(AUTHORITY.certificate)), "timestamp-form"),
    "another-digest-listed": (
        Bent(signed=changed(digest_algorithms=[algos.DigestAlgorithm({"algorithm": "sha1"})])),
        "timestamp-form",
    ),
    "content-of-no-kind": (
        Bent(signed=changed(encap_content_info={"content_type": "data", "content": b"x"})),
        "timestamp-malformed",
    ),
    "weak-digest": (Bent(signer=changed(digest_algorithm={"algorithm": "sha1"})), "timestamp-malformed"),
    "unsigned-attributes": (
        Bent(signer=changed(unsigned_attrs=cms.CMSAttributes([UNSIGNED]))),
        "timestamp-form",
    ),
    "no-signed-attributes": (
        Bent(signer=lambda f: {k: v for k, v in f.items() if k != "signed_attrs"}),
        "timestamp-malformed",
    ),
    "signature-of-nothing": (Bent(signer=changed(signature=b"")), "timestamp-signature"),
    "another-algorithm-named": (
        Bent(signer=changed(signature_algorithm={"algorithm": "sha384_ecdsa"})),
        "timestamp-form",
    ),
    "names-no-certificate": (Bent(attributes=lambda a: a[:-1]), "timestamp-certificate"),
    "names-another-certificate": (Bent(attributes=named_after(AUTHORITY.root)), "timestamp-certificate"),
    "names-a-stranger-too": (
        Bent(
            attributes=lambda a: [
                *a[:-1],
                {
                    "type": "signing_certificate_v2",
                    "values": [
                        tsp.SigningCertificateV2(
                            {
                                "certs": [
                                    {"cert_hash": hashlib.sha256(der(AUTHORITY.certificate)).digest()},
                                    {"cert_hash": bytes(32)},
                                ]
                            }
                        )
                    ],
                },
            ]
        ),
        "timestamp-certificate",
    ),
    "names-nobody": (Bent(attributes=naming()), "timestamp-certificate"),
    "names-another-number": (Bent(attributes=naming(numbered(8))), "timestamp-certificate"),
    "an-attribute-twice": (Bent(attributes=lambda a: [*a, a[0]]), "timestamp-malformed"),
    "an-attribute-of-two-values": (
        Bent(attributes=lambda a: [a[0], {"type": "message_digest", "values": [bytes(32), bytes(32)]}, a[2]]),
        "timestamp-malformed",
    ),
    "certificates-without-end": (
        Bent(signed=lambda f: {**f, "certificates": f["certificates"] * 5}),
        "timestamp-malformed",
    ),
    "no-digest": (Bent(attributes=lambda a: [a[0], a[2]]), "timestamp-signature"),
    "digest-of-another": (
        Bent(attributes=lambda a: [a[0], {"type": "message_digest", "values": [bytes(32)]}, a[2]]),
        "timestamp-signature",
    ),
    "no-content-type": (Bent(attributes=lambda a: a[1:]), "timestamp-malformed"),
    "version-2": (Bent(info=changed(version=2)), "timestamp-malformed"),
    "unknown-critical-extension": (
        Bent(info=changed(extensions=[{"extn_id": "1.2.3.4", "critical": True, "extn_value": b"x"}])),
        "timestamp-malformed",
    ),
    "imprint-by-another-digest": (
        Bent(
            info=lambda f: {
                **f,
                "message_imprint": {"hash_algorithm": {"algorithm": "sha512_256"}, "hashed_message": IMPRINT},
            }
        ),
        "timestamp-imprint",
    ),
    "unsure-of-its-time": (Bent(info=changed(accuracy={"seconds": 61})), "timestamp-malformed"),
}


@pytest.mark.parametrize("bend", BENDS)
def test_what_is_bent_is_refused(bend: str) -> None:
    bent, code = BENDS[bend]
    assert verify(AUTHORITY.stamp(DATA, OPENED, bent)) == code


@pytest.mark.parametrize(
    "bend", ["a-text-beside", "a-stranger's-certificate", "unsigned-attributes", "a-certificate-twice"]
)
def test_what_nobody_signed_is_left_behind(bend: str) -> None:
    kept, _ = accept_answer(AUTHORITY.stamp(DATA, OPENED, BENDS[bend][0]), IMPRINT, 7, trust_in(AUTHORITY))
    assert verify(kept) == ""


def test_what_an_authority_may_say_besides_is_accepted() -> None:
    bent = Bent(
        info=changed(
            accuracy={"seconds": 1, "millis": 500, "micros": 10},
            ordering=True,
            gen_time=OPENED + timedelta(milliseconds=250),
            tsa=x509_name(),
        )
    )
    token = AUTHORITY.stamp(DATA, OPENED, bent)
    assert verify_timestamp(token, IMPRINT, trust_in(AUTHORITY)).time == OPENED + timedelta(milliseconds=250)


def test_the_certificate_may_be_named_with_its_number() -> None:
    bent = Bent(attributes=naming(numbered(AUTHORITY.certificate.serial_number)))
    assert verify(AUTHORITY.stamp(DATA, OPENED, bent)) == ""


def x509_name():
    from asn1crypto import x509 as asn1

    return asn1.GeneralName("directory_name", asn1.Name.build({"common_name": "TEST authority"}))


def test_an_answer_to_another_request_is_refused() -> None:
    for nonce in (8, None):
        answer = AUTHORITY.answer(request_for(DATA, nonce), OPENED)
        with pytest.raises(EvidenceRejected) as raised:
            accept_answer(answer, IMPRINT, 7, trust_in(AUTHORITY))
        assert raised.value.code == "timestamp-nonce"


def test_what_is_kept_holds_the_chain_without_the_root() -> None:
    authority = KINDS["intermediate"]
    kept, _ = accept_answer(authority.stamp(DATA, OPENED), IMPRINT, 7, trust_in(authority))
    assert verify(kept, authority) == ""
    assert der(authority.between[0]) in kept
    assert der(authority.root) not in kept


def test_i10_garbage_ends_in_a_refusal() -> None:
    chance = random.Random(10)
    token = AUTHORITY.stamp(DATA, OPENED)
    for _ in range(300):
        cut = chance.randrange(len(token))
        length = chance.randrange(1, 40)
        assert verify(token[:cut] + chance.randbytes(length) + token[cut + chance.randrange(40) :])
        assert verify(chance.randbytes(length))
