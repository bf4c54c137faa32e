"""Attestations: accepted when signed, certified, fresh and of this terminal; a second COSE library agrees."""

from __future__ import annotations

import dataclasses
import random
from datetime import timedelta
from typing import Any

import cbor2
import pytest
from pycose.keys import CoseKey  # type: ignore[attr-defined]
from pycose.messages import CoseMessage, Sign1Message  # type: ignore[attr-defined]

from agent.evidence.eat import peek_eat, verify_eat
from agent.evidence.errors import EvidenceRejected, NotCheckable
from agent.evidence.trust.store import TrustStore
from protocols.eat import encode_claims, oemid_of
from tests.agent.evidence.made import MAKER as MADE_UP
from tests.agent.evidence.made import OPENED, TUSN, Device, Maker, claims_before, der, make_certificate, sign_token

NONCE = b"n" * 32
MAKER = Maker(organization=MADE_UP)
DEVICE = Device(MAKER)
TRUST = TrustStore((MAKER.root,), ())
CLAIMS = claims_before(NONCE)
PAYLOAD = encode_claims(CLAIMS)
TOKEN = DEVICE.attest(CLAIMS)
CHAIN = {33: [der(DEVICE.certificate)]}


def code(token: bytes, *, trust: TrustStore = TRUST, nonce: bytes = NONCE, at=OPENED) -> str:
    with pytest.raises(EvidenceRejected) as raised:
        verify_eat(token, trust, nonce, at=at)
    return raised.value.code


def test_the_second_nonce_is_that_of_the_channel() -> None:
    bound = DEVICE.attest(dataclasses.replace(CLAIMS, binding=b"b" * 32))
    assert verify_eat(bound, TRUST, NONCE, at=OPENED, binding=b"b" * 32).claims.binding == b"b" * 32
    assert verify_eat(TOKEN, TRUST, NONCE, at=OPENED, binding=b"").claims.binding == b""
    assert verify_eat(bound, TRUST, NONCE, at=OPENED).claims.nonce == NONCE
    for token, binding in ((bound, b""), (bound, b"c" * 32), (TOKEN, b"b" * 32)):
        with pytest.raises(EvidenceRejected) as raised:
            verify_eat(token, TRUST, NONCE, at=OPENED, binding=binding)
        assert raised.value.code == "eat-channel"


def test_a_genuine_attestation_is_accepted() -> None:
    eat = verify_eat(TOKEN, TRUST, NONCE, at=OPENED)
    assert (eat.claims, eat.key_fingerprint, eat.maker) == (CLAIMS, DEVICE.fingerprint.hex(), MAKER.name)


def test_a_second_cose_library_agrees() -> None:
    message = CoseMessage.decode(TOKEN)
    assert isinstance(message, Sign1Message)
    numbers = DEVICE.key.public_key().public_numbers()
    key: Any = CoseKey.from_dict({1: 2, -1: 1, -2: numbers.x.to_bytes(32, "big"), -3: numbers.y.to_bytes(32, "big")})
    message.key = key
    assert message.verify_signature()
    assert message.payload == PAYLOAD
    message.payload = PAYLOAD + b"\0"
    assert not message.verify_signature()


def test_peeking_trusts_nobody_and_says_what_is_claimed() -> None:
    stranger = Device(Maker("stranger"))
    peeked = peek_eat(stranger.attest(CLAIMS))
    assert (peeked.claims, peeked.key_fingerprint) == (CLAIMS, stranger.fingerprint.hex())
    assert peeked.issuer == "CN=stranger"


def test_one_certificate_without_a_list_is_a_chain_too() -> None:
    token = sign_token(PAYLOAD, DEVICE.key, unprotected={33: der(DEVICE.certificate)})
    assert verify_eat(token, TRUST, NONCE, at=OPENED).maker == MAKER.name
    token = sign_token(PAYLOAD, DEVICE.key, protected={1: -7, 33: der(DEVICE.certificate)})
    assert verify_eat(token, TRUST, NONCE, at=OPENED).maker == MAKER.name


def test_a_terminal_of_one_maker_does_not_pass_for_one_of_another() -> None:
    """Both makers are trusted, and the certificate is genuine: what it claims to be by OEMID is not."""
    other = Maker("other", organization="OTHER-TEST")
    both = TrustStore((MAKER.root, other.root), ())
    assert code(Device(other).attest(CLAIMS), trust=both) == "eat-maker"
    own = dataclasses.replace(CLAIMS, oemid=oemid_of("OTHER-TEST"))
    assert verify_eat(Device(other).attest(own), both, NONCE, at=OPENED).maker == "other"
    assert code(DEVICE.attest(own), trust=both) == "eat-maker"


def test_a_maker_whose_root_names_no_organization_vouches_for_no_oemid() -> None:
    nameless = Maker("nameless")
    trust = TrustStore((nameless.root,), ())
    assert code(Device(nameless).attest(CLAIMS), trust=trust) == "eat-maker"
    assert code(Device(nameless).attest(dataclasses.replace(CLAIMS, oemid=oemid_of(""))), trust=trust) == "eat-maker"


def test_another_nonce_is_a_replay() -> None:
    assert code(TOKEN, nonce=b"o" * 32) == "eat-nonce"
    assert code(DEVICE.attest(dataclasses.replace(CLAIMS, nonce=b"")), nonce=NONCE) == "eat-malformed"


def test_i9_a_certificate_of_another_serial_number_is_refused() -> None:
    assert code(DEVICE.attest(dataclasses.replace(CLAIMS, tusn="9999990200000002"))) == "eat-other-terminal"
    bare = make_certificate(TUSN, DEVICE.key, MAKER.name, MAKER.key)
    assert code(sign_token(PAYLOAD, DEVICE.key, unprotected={33: [der(bare)]})) == "eat-other-terminal"


def test_strangers_and_expired_certificates_are_refused() -> None:
    assert code(Device(Maker()).attest(CLAIMS)) == "certificate-chain"
    assert code(TOKEN, at=OPENED + timedelta(days=9_000)) == "certificate-chain"
    with pytest.raises(NotCheckable):
        verify_eat(TOKEN, TrustStore(), NONCE, at=OPENED)


def test_a_key_other_than_the_certified_one_is_refused() -> None:
    assert code(sign_token(PAYLOAD, Device(MAKER).key, unprotected=CHAIN)) == "eat-signature"


def parts(token: bytes = TOKEN) -> list[Any]:
    return list(cbor2.loads(token).value)


def token_of(value: Any, tag: int = 18) -> bytes:
    return cbor2.dumps(cbor2.CBORTag(tag, value), canonical=True)


def bent(at: int, value: Any) -> bytes:
    changed = parts()
    changed[at] = value
    return token_of(changed)


@pytest.mark.parametrize(
    ("token", "expected"),
    [
        (b"", "eat-malformed"),
        (b"\xd2", "eat-malformed"),
        (TOKEN + b"\0", "eat-malformed"),
        (TOKEN[:-1], "eat-malformed"),
        (bytes(20_000), "eat-malformed"),
        (cbor2.dumps(parts()), "eat-malformed"),
        (token_of(parts(), tag=98), "eat-malformed"),
        (token_of(parts()[:3]), "eat-malformed"),
        (token_of({}), "eat-malformed"),
        (bent(1, []), "eat-malformed"),
        (bent(2, None), "eat-malformed"),
        (bent(2, "text"), "eat-malformed"),
        (bent(2, b""), "eat-malformed"),
        (bent(3, b"s" * 63), "eat-malformed"),
        (bent(3, b"s" * 65), "eat-malformed"),
        (bent(3, b"s" * 64), "eat-signature"),
        (bent(0, b""), "eat-malformed"),
        (bent(0, cbor2.dumps([1])), "eat-malformed"),
        (bent(0, cbor2.dumps({})), "eat-algorithm"),
        (bent(0, cbor2.dumps({1: -8})), "eat-algorithm"),
        (bent(0, cbor2.dumps({1: -35})), "eat-algorithm"),
        (bent(0, cbor2.dumps({1: 5})), "eat-algorithm"),
        (bent(0, cbor2.dumps({1: -7.0})), "eat-algorithm"),
        (bent(0, cbor2.dumps({1: "ES256"})), "eat-algorithm"),
        (bent(0, cbor2.dumps({1: -7, 2: [33]})), "eat-header"),
        (bent(0, cbor2.dumps({1: -7, 4: b"kid"})), "eat-header"),
        (bent(0, bytes.fromhex("a201260126")), "eat-malformed"),  # alg twice
        (bent(0, bytes.fromhex("a1013806")), "eat-malformed"),  # -7 written long
        (bent(1, {1: -7, **CHAIN}), "eat-header"),
        (b"\xd2\x98\x04" + TOKEN[2:], "eat-malformed"),  # the array's length written long
        (b"\xd8\x12" + TOKEN[1:], "eat-malformed"),  # the tag written long
        (bent(1, {}), "eat-header"),
        (bent(1, {33: []}), "eat-header"),
        (bent(1, {33: "text"}), "eat-header"),
        (bent(1, {33: [b"x"] * 6}), "eat-header"),
        (bent(1, {33: [b"x", 1]}), "eat-header"),
        (bent(1, {33: [b"x"]}), "certificate-unreadable"),
        (bent(1, {33: [b""]}), "certificate-unreadable"),
    ],
)
def test_i10_other_forms_are_refused(token: bytes, expected: str) -> None:
    assert code(token) == expected


def test_an_algorithm_outside_the_protected_header_does_not_count() -> None:
    token = sign_token(PAYLOAD, DEVICE.key, protected={}, unprotected={1: -7, **CHAIN})
    assert code(token) in ("eat-algorithm", "eat-malformed")


@pytest.mark.parametrize("claim", [{"boot_count": 1 << 60}, {"unsettled": 1 << 53}, {"bindings": (("printer", -1),)}])
def test_numbers_that_json_cannot_hold_are_refused(claim) -> None:
    assert code(DEVICE.attest(dataclasses.replace(CLAIMS, **claim))) == "eat-malformed"


def test_flipped_bytes_are_refused() -> None:
    for at in range(0, len(TOKEN), 7):
        flipped = bytearray(TOKEN)
        flipped[at] ^= 0x10
        assert code(bytes(flipped))


@pytest.mark.fuzz
def test_i10_mutations_end_in_the_documented_error() -> None:
    pick = random.Random(9711)
    for number in range(20_000):
        data = bytearray(TOKEN) if number % 2 else bytearray(pick.randbytes(pick.randrange(300)))
        for _ in range(pick.randrange(1, 8)):
            at = pick.randrange(len(data) + 1)
            data[at : at + pick.randrange(3)] = pick.randbytes(pick.randrange(3))
        try:
            eat = verify_eat(bytes(data), TRUST, NONCE, at=OPENED)
        except EvidenceRejected:
            continue
        # The certificate stands outside the signature, as a list of one or alone (RFC 9360): two forms, one meaning.
        assert eat.claims == CLAIMS, f"seed 9711 round {number}"
        assert eat.key_fingerprint == DEVICE.fingerprint.hex()
