"""Certificates and chains."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from agent.evidence.errors import EvidenceRejected
from agent.evidence.trust.certificates import (
    check_chain,
    check_leaf,
    common_name,
    fingerprint,
    is_authority,
    p256_key,
    read_der,
    read_pem,
    read_pem_strictly,
    serial_number_of,
    write_pem,
)
from tests.agent.evidence.made import OPENED, Maker, der, make_certificate, new_key, pem

KEY, MIDDLE = new_key(), new_key()
MAKER = Maker()
LEAF = make_certificate("leaf", KEY, MAKER.name, MAKER.key, serial_number="42")


def refusal(call, *arguments) -> str:
    with pytest.raises(EvidenceRejected) as raised:
        call(*arguments)
    return raised.value.code


def test_a_chain_leads_to_its_root() -> None:
    assert check_chain([LEAF], [MAKER.root], OPENED, "terminal") == (LEAF, MAKER.root)


def test_a_chain_leads_over_an_intermediate() -> None:
    middle = make_certificate("middle", MIDDLE, MAKER.name, MAKER.key, authority=True)
    leaf = make_certificate("leaf", KEY, "middle", MIDDLE)
    assert check_chain([leaf, middle], [MAKER.root], OPENED, "terminal") == (leaf, middle, MAKER.root)
    assert refusal(check_chain, [leaf], [MAKER.root], OPENED, "terminal") == "certificate-chain"


UNKNOWN = x509.UnrecognizedExtension(x509.ObjectIdentifier("1.2.3.4"), b"\x05\x00")
LATER = OPENED + timedelta(days=5_000)


@pytest.mark.parametrize(
    ("leaf", "roots", "at"),
    [
        (LEAF, [Maker().root], OPENED),
        (LEAF, [Maker().root, MAKER.root], LATER),
        (LEAF, [MAKER.root], OPENED - timedelta(days=2)),
        (make_certificate("leaf", KEY, MAKER.name, MIDDLE), [MAKER.root], OPENED),
        (make_certificate("leaf", KEY, MAKER.name, MAKER.key, authority=True), [MAKER.root], OPENED),
        (make_certificate("leaf", KEY, MAKER.name, MAKER.key, authority=True, signs=True), [MAKER.root], OPENED),
        (make_certificate("leaf", KEY, MAKER.name, MAKER.key, signs=False), [MAKER.root], OPENED),
        (
            LEAF,
            [make_certificate(MAKER.name, MAKER.key, MAKER.name, MAKER.key, authority=True, certifies=False)],
            OPENED,
        ),
        (make_certificate("leaf", KEY, MAKER.name, MAKER.key, usage=False), [MAKER.root], OPENED),
        (make_certificate("leaf", KEY, MAKER.name, MAKER.key, extra=(UNKNOWN, True)), [MAKER.root], OPENED),
        (LEAF, [make_certificate(MAKER.name, MAKER.key, MAKER.name, MAKER.key)], OPENED),
        (
            LEAF,
            [make_certificate(MAKER.name, MAKER.key, MAKER.name, MAKER.key, authority=True, days=1)],
            OPENED + timedelta(1),
        ),
    ],
    ids=[
        "another root of the same name",
        "expired",
        "not yet valid",
        "signed by somebody else",
        "an authority",
        "an authority that may sign",
        "may not sign",
        "root that may not certify",
        "no key usage",
        "unknown critical extension",
        "root that is no authority",
        "root expired",
    ],
)
def test_other_chains_are_refused(leaf, roots, at) -> None:
    assert refusal(check_chain, [leaf], roots, at, "terminal") == "certificate-chain"


def test_a_leaf_does_not_certify_another() -> None:
    below = make_certificate("below", MIDDLE, "leaf", KEY)
    assert refusal(check_chain, [below, LEAF], [MAKER.root], OPENED, "terminal") == "certificate-chain"


def test_a_leaf_trusted_by_itself_has_its_time_and_its_use() -> None:
    check_leaf(LEAF, OPENED, "agent")
    assert refusal(check_leaf, LEAF, LATER, "agent") == "certificate-time"
    assert refusal(check_leaf, MAKER.root, OPENED, "agent") == "certificate-usage"
    bare = make_certificate("bare", KEY, "bare", KEY, usage=False)
    assert refusal(check_leaf, bare, OPENED, "agent") == "certificate-usage"


def test_what_a_certificate_says() -> None:
    assert (serial_number_of(LEAF), serial_number_of(MAKER.root)) == ("42", "")
    assert common_name(LEAF) == "leaf"
    assert (is_authority(LEAF), is_authority(MAKER.root)) == (False, True)
    assert fingerprint(LEAF) == fingerprint(make_certificate("other", KEY, "other", KEY))
    assert p256_key(LEAF, "terminal") == KEY.public_key()


@pytest.mark.parametrize("key", [ec.generate_private_key(ec.SECP384R1()), rsa.generate_private_key(65537, 2048)])
def test_other_keys_are_refused(key) -> None:
    certificate = make_certificate("leaf", key, "leaf", key)
    assert refusal(p256_key, certificate, "agent") == "certificate-key"


@pytest.mark.parametrize(
    "data", [b"", b"x", b"-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----\n", bytes(70_000)]
)
def test_what_is_no_certificate_is_refused(data: bytes) -> None:
    assert refusal(read_pem, data, "agent") == "certificate-unreadable"
    assert refusal(read_der, data, "agent") == "certificate-unreadable"


def test_reads_several() -> None:
    assert read_pem(pem(LEAF) + pem(MAKER.root), "agent") == (LEAF, MAKER.root)


@pytest.mark.filterwarnings("ignore:Parsed a serial number")
def test_i10_mutated_certificates_end_in_the_documented_error() -> None:
    pick = random.Random(5280)
    original = der(LEAF)
    for number in range(1_500):
        data = bytearray(original)
        for _ in range(pick.randrange(1, 3)):
            data[pick.randrange(len(data))] = pick.randrange(256)
        try:
            certificate = read_der(bytes(data), "terminal")
            serial_number_of(certificate)
            fingerprint(certificate)
            is_authority(certificate)
            p256_key(certificate, "terminal")
            check_chain([certificate], [MAKER.root], OPENED, "terminal")
        except EvidenceRejected:
            continue
        # The count of unused bits of the signature is signed by nobody; all that is signed must be as it was.
        assert certificate.tbs_certificate_bytes == LEAF.tbs_certificate_bytes, f"seed 5280 round {number}"


@pytest.mark.parametrize(
    "around",
    [
        lambda data: b"bench\n" + data,
        lambda data: data + b"\n",
        lambda data: data.replace(b"\n", b"\r\n"),
        lambda data: data[:-1],
        lambda data: b"\xef\xbb\xbf" + data,
        lambda data: data.replace(b"\nMII", b"\n MII"),
    ],
)
def test_evidence_holds_certificates_in_one_form(around: Callable[[bytes], bytes]) -> None:
    chain = (LEAF, MAKER.root)
    data = write_pem(chain)
    assert read_pem_strictly(data, "agent") == chain
    assert read_pem(around(data), "agent") == chain
    assert refusal(read_pem_strictly, around(data), "agent") == "certificate-unreadable"
