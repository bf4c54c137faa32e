"""The bytes of a timestamp."""

from __future__ import annotations

import dataclasses
import hashlib
from datetime import UTC, datetime, timedelta

import pytest
from asn1crypto import tsp

from agent.evidence.errors import EvidenceRejected
from agent.evidence.timestamp.layout import build_request, build_timestamp, read_answer
from tests.agent.evidence.authority import TestAuthority
from tests.agent.evidence.made import OPENED, der

AUTHORITY = TestAuthority()

# Made by openssl 3.0.20, `openssl ts -query -digest 0011…ff -sha256 -cert`; its nonce replaced by 0x0102030405060708.
QUERY = bytes.fromhex(
    "3043020101"
    "3031300d060960864801650304020105000420" + "00112233445566778899aabbccddeeff" * 2 + "02080102030405060708"
    "0101ff"
)


def test_a_request_is_that_of_openssl() -> None:
    digest = bytes.fromhex("00112233445566778899aabbccddeeff") * 2
    assert build_request(digest, 0x0102030405060708) == QUERY


def test_a_request_carries_digest_and_nonce_and_asks_for_the_certificate() -> None:
    read = tsp.TimeStampReq.load(build_request(hashlib.sha256(b"x").digest(), 2**64 - 1), strict=True).native
    assert (read["nonce"], read["cert_req"]) == (2**64 - 1, True)
    assert read["message_imprint"]["hashed_message"] == hashlib.sha256(b"x").digest()


def test_an_answer_taken_apart_and_put_together_is_the_same() -> None:
    token = AUTHORITY.stamp(b"x", OPENED)
    answer = read_answer(token)
    assert build_timestamp(answer, answer.certificates, rsa=False) == token
    assert set(answer.certificates) == {der(AUTHORITY.certificate), der(AUTHORITY.root)}
    assert answer.named[0][0].digest == hashlib.sha256(der(AUTHORITY.certificate)).digest()


def test_times_are_read_to_the_fraction() -> None:
    at = datetime(2026, 5, 4, 9, 0, 0, 125_000, tzinfo=UTC)
    info = read_answer(AUTHORITY.stamp(b"x", at)).info
    assert (info.time, info.accuracy, info.nonce) == (at, 0.0, 7)


def test_what_is_no_der_is_refused() -> None:
    """A time with a zero at the end of its fraction (RFC 3161, section 2.4.2: none), signed all the same."""
    token = AUTHORITY.stamp(b"x", OPENED + timedelta(milliseconds=120))
    assert b"20260504090000.12Z" in token
    with pytest.raises(EvidenceRejected) as raised:
        read_answer(token.replace(b"20260504090000.12Z", b"20260504090000.10Z"))
    assert (raised.value.code, raised.value.facts["why"]) == ("timestamp-malformed", "TSTInfo is not DER")


@pytest.mark.parametrize("data", [b"", b"\x30", b"\x30\x80", b"<html>", b"\x30\x03\x02\x01\x00", b"\xff" * 500])
def test_i10_what_is_no_answer_is_refused(data: bytes) -> None:
    with pytest.raises(EvidenceRejected) as raised:
        read_answer(data)
    assert raised.value.code == "timestamp-malformed"


def test_parts_that_make_no_timestamp_are_refused() -> None:
    answer = dataclasses.replace(read_answer(AUTHORITY.stamp(b"x", OPENED)), attributes=b"rubbish")
    with pytest.raises(EvidenceRejected) as raised:
        build_timestamp(answer, answer.certificates, rsa=False)
    assert raised.value.code == "timestamp-malformed"
