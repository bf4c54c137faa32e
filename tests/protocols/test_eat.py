"""Attestation claims: the bytes of the note, the registered numbers, and nothing but the documented error."""

from __future__ import annotations

import hashlib
import io
from dataclasses import replace
from random import Random
from typing import Any

import cbor2
import pytest

from protocols import eat
from protocols.eat import MAX_TOKEN_BYTES, TerminalClaims, decode_claims, encode_claims, oemid_of, ueid
from protocols.errors import RemoteProtocolError
from tests.protocols.pmp import note

DUMP = note.dumps()["EAT.claims"]
CLAIMS: TerminalClaims = decode_claims(DUMP)


def changed(claim: int, value: Any) -> bytes:
    """Return the claims with one of them replaced."""
    return cbor2.dumps({**cbor2.loads(DUMP), claim: value}, canonical=True)


def test_the_registered_numbers() -> None:
    """RFC 9711, section 10."""
    assert (eat.NONCE, eat.UEID, eat.OEMID, eat.HWMODEL, eat.HWVERSION) == (10, 256, 258, 259, 260)
    assert (eat.DBGSTAT, eat.BOOTCOUNT, eat.SWNAME, eat.SWVERSION) == (263, 267, 270, 271)


def test_our_own_claims_are_in_the_range_for_private_use() -> None:
    own = [eat.PHASE, eat.WIPE_COUNT, eat.WIPE_STATE, eat.WIPE_NONCE, eat.KEY_SLOTS, eat.BINDINGS, eat.REGIONS]
    own += [eat.UNSETTLED, eat.TUSN, eat.ANSWERS]
    assert len(set(own)) == len(own)
    assert all(claim < -65536 for claim in own)


def test_ueid_is_of_type_rand_with_a_hash() -> None:
    made = ueid(b"\x11" * 16, "9999990200000007")
    assert made[:1] == b"\x01"
    assert made[1:] == hashlib.sha256(b"\x11" * 16 + b"9999990200000007").digest()


def test_oemid_is_of_sixteen_bytes() -> None:
    assert oemid_of("HAIKE-TEST") == hashlib.sha256(b"HAIKE-TEST").digest()[:16]


def test_round_trip() -> None:
    assert encode_claims(CLAIMS) == DUMP
    odd = replace(CLAIMS, boot_count=2**63 - 1, unsettled=70_000, bindings=(), regions=(), key_slots=(), hwversion="")
    assert decode_claims(encode_claims(odd)) == odd


@pytest.mark.parametrize("claim", sorted(cbor2.loads(DUMP)))
def test_each_claim_must_be_there_and_of_its_type(claim: int) -> None:
    whole = cbor2.loads(DUMP)
    missing = {key: value for key, value in whole.items() if key != claim}
    with pytest.raises(RemoteProtocolError):
        decode_claims(cbor2.dumps(missing, canonical=True))
    others: tuple[Any, ...] = (
        None,
        True,
        1.5,
        -1,
        2**64,
        2**63,
        "text",
        b"bytes",
        [1],
        [[1]],
        {},
        ["x", 2],
        [["x", True]],
    )
    for wrong in others:
        if type(wrong) is not type(whole[claim]) or claim not in (eat.TUSN, eat.SWNAME, eat.HWMODEL):
            with pytest.raises(RemoteProtocolError):
                decode_claims(changed(claim, wrong))


@pytest.mark.parametrize("claim", [eat.NONCE, eat.OEMID, eat.WIPE_NONCE, eat.UEID])
def test_bytes_of_fixed_length_are_exact(claim: int) -> None:
    value = cbor2.loads(DUMP)[claim]
    for wrong in (value[:-1], value + b"\x00", b""):
        with pytest.raises(RemoteProtocolError):
            decode_claims(changed(claim, wrong))


@pytest.mark.parametrize("number", [-1, 2**63, 2**64])
def test_numbers_in_rows_have_a_range(number: int) -> None:
    with pytest.raises(RemoteProtocolError, match="out of range"):
        decode_claims(changed(eat.BINDINGS, [["merchant_number", number]]))


def test_answers_are_of_fixed_lengths_and_never_an_empty_claim() -> None:
    filled = note.dumps()["EAT.filled"]
    (answer,) = decode_claims(filled).answers
    assert encode_claims(replace(CLAIMS, answers=(answer,))) == filled
    right = [1, bytes(32), bytes(32)]
    assert decode_claims(changed(eat.ANSWERS, [right])).answers[0].region == 1
    wrong: tuple[Any, ...] = (
        [],
        None,
        1,
        right,
        [[1, bytes(31), bytes(32)]],
        [[1, bytes(32), b""]],
        [[-1, *right[1:]]],
    )
    for each in (*wrong, [[1, bytes(32)]], [["1", *right[1:]]]):
        with pytest.raises(RemoteProtocolError):
            decode_claims(changed(eat.ANSWERS, each))


def test_measurements_are_a_coswid_each_and_never_an_empty_claim() -> None:
    """RFC 9711, section 4.2.16; RFC 9393, sections 2.3 and 2.9.4."""
    measured = note.dumps()["EAT.measured"]
    (found,) = decode_claims(measured).measurements
    assert (eat.MEASUREMENTS, eat.SWID_CBOR) == (273, 258)
    assert encode_claims(replace(CLAIMS, measurements=(found,))) == measured
    assert found.digest == bytes(range(0xD0, 0xF0))
    body: bytes = cbor2.loads(measured)[eat.MEASUREMENTS][0][1]
    assert cbor2.loads(body)[0] == hashlib.sha256(b"HAIKE-TEST\0HKOS\x003.2.1").digest()[:16]
    assert decode_claims(changed(eat.MEASUREMENTS, [[258, body]] * 2)).measurements == (found, found)
    for wrong in ([], None, [body], [[60, body]], [[258, body + b"\0"]], [[258, b""]], [[258, b"\xa0"]], [[258, 1]]):
        with pytest.raises(RemoteProtocolError):
            decode_claims(changed(eat.MEASUREMENTS, wrong))


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ((0,), b"0" * 16),
        ((1,), 1),
        ((2,), []),
        ((2, 31), b"maker"),
        ((2, 33), 1),
        ((3,), {}),
        ((3, 17), []),
        ((3, 17, 7), [1]),
        ((3, 17, 7), [7, bytes(32)]),
        ((3, 17, 7), [1, bytes(31)]),
        ((3, 17, 7), [1, "0" * 32]),
        ((3, 17, 20), -1),
        ((3, 17, 24), None),
        ((3, 17, 25), "root"),
        ((12,), 1),
        ((13,), None),
        ((14,), 2),
        ((15,), "en"),
    ],
)
def test_a_field_of_a_measurement_that_is_not_as_it_should_be_is_refused(path: tuple[int, ...], value: Any) -> None:
    tag = cbor2.loads(cbor2.loads(note.dumps()["EAT.measured"])[eat.MEASUREMENTS][0][1])
    place = tag
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = value
    with pytest.raises(RemoteProtocolError):
        decode_claims(changed(eat.MEASUREMENTS, [[258, cbor2.dumps(tag, canonical=True)]]))


@pytest.mark.parametrize("status", range(6))
def test_there_are_five_kinds_of_debug_status(status: int) -> None:
    """RFC 9711, section 4.2.9."""
    if status < 5:
        assert decode_claims(changed(eat.DBGSTAT, status)).debug_status == status
    else:
        with pytest.raises(RemoteProtocolError):
            decode_claims(changed(eat.DBGSTAT, status))


def test_a_ueid_of_another_terminal_is_refused() -> None:
    with pytest.raises(RemoteProtocolError):
        decode_claims(changed(eat.TUSN, "9999990200000008"))


def test_a_claim_that_we_do_not_know_is_refused() -> None:
    with pytest.raises(RemoteProtocolError, match="more than this version knows"):
        decode_claims(changed(-70_100, 1))


def test_other_ways_to_write_the_same_are_refused() -> None:
    indefinite = b"\xbf" + DUMP[1:] + b"\xff"
    assert cbor2.loads(indefinite) == cbor2.loads(DUMP)
    longer = DUMP.replace(bytes.fromhex("19010b 0d"), bytes.fromhex("19010b 180d"))
    assert cbor2.loads(longer) == cbor2.loads(DUMP)
    doubled = b"\xb3" + DUMP[1:5] + DUMP[5:] + DUMP[1:36]
    for data in (indefinite, longer, doubled, DUMP + b"\x00", DUMP[:-1], b"", b"\xa0"):
        with pytest.raises(RemoteProtocolError):
            decode_claims(data)


@pytest.mark.parametrize(
    "data",
    [
        "9b00000000ffffffff",  # an array that announces four thousand million items
        "5b7fffffffffffffff",
        "bb00000000ffffffff",
        "c4821b7fffffffffffffff01",  # a decimal fraction with an endless exponent
        "c5821b7fffffffffffffff01",
        "d81c81d81d00",  # an array that holds itself
        "d82363612a28",  # a broken regular expression
        "c06161",  # a time that is none
        "f98000",
        "81" * 900 + "00",
    ],
)
def test_i10_hostile_cbor_ends_in_the_documented_error(data: str) -> None:
    with pytest.raises(RemoteProtocolError):
        decode_claims(bytes.fromhex(data))


def test_i10_a_large_token_is_refused_unread() -> None:
    with pytest.raises(RemoteProtocolError, match=f"at most {MAX_TOKEN_BYTES}"):
        decode_claims(bytes(MAX_TOKEN_BYTES + 1))


def test_every_flipped_bit_changes_a_claim_or_is_refused() -> None:
    random = Random(3)
    for bit in random.sample(range(8 * len(DUMP)), 400):
        spoilt = bytearray(DUMP)
        spoilt[bit // 8] ^= 1 << bit % 8
        try:
            found = decode_claims(bytes(spoilt))
        except RemoteProtocolError:
            continue
        assert found != CLAIMS


def test_the_order_of_keys_is_that_of_rfc_8949() -> None:
    """Section 4.2.1: bytewise lexicographic order of the encoded keys."""
    stream = io.BytesIO(DUMP)
    assert stream.read(1) == b"\xb2"
    decoder = cbor2.CBORDecoder(stream)
    keys = []
    for _ in range(18):
        start = stream.tell()
        decoder.decode()
        keys.append(DUMP[start : stream.tell()])
        decoder.decode()
    assert keys == sorted(keys)
    assert stream.tell() == len(DUMP)


def test_a_channel_binding_makes_the_nonce_an_array_of_two() -> None:
    bound = replace(CLAIMS, binding=b"b" * 32)
    data = encode_claims(bound)
    assert cbor2.loads(data)[eat.NONCE] == [CLAIMS.nonce, b"b" * 32]
    assert decode_claims(data) == bound
    assert cbor2.loads(DUMP)[eat.NONCE] == CLAIMS.nonce
    both = bytes.fromhex("0a825820") + CLAIMS.nonce + bytes.fromhex("5820") + b"b" * 32  # by hand, as the note has it
    assert data == DUMP.replace(bytes.fromhex("0a5820") + CLAIMS.nonce, both)


@pytest.mark.parametrize(
    "nonce",
    [
        [],
        [b"n" * 32],  # one alone stands by itself (RFC 9711, section 4.1)
        [b"n" * 32, b""],
        [b"n" * 32, b"b" * 31],
        [b"n" * 31, b"b" * 32],
        [b"n" * 32, b"b" * 32, b"c" * 32],
        [b"n" * 32, "b" * 32],
        [[b"n" * 32], b"b" * 32],
        {0: b"n" * 32, 1: b"b" * 32},
    ],
)
def test_i10_any_other_nonce_is_refused(nonce: Any) -> None:
    with pytest.raises(RemoteProtocolError):
        decode_claims(changed(eat.NONCE, nonce))
