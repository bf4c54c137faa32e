"""Attestations of terminals: EATs (RFC 9711) as COSE_Sign1 (RFC 9052) with the terminal's certificate (RFC 9360)."""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

import cbor2
from cryptography import x509
from cwt import COSE, COSEKey
from cwt.exceptions import CWTError

from agent.evidence.errors import EvidenceRejected
from agent.evidence.fields import MAX_NUMBER
from agent.evidence.trust.certificates import (
    MAX_CHAIN,
    common_name,
    fingerprint,
    organization,
    p256_key,
    read_der,
    serial_number_of,
)
from agent.evidence.trust.store import TrustStore
from protocols.eat import MAX_TOKEN_BYTES, TerminalClaims, decode_claims, load_cbor, oemid_of
from protocols.errors import RemoteProtocolError

COSE_SIGN1_TAG = 18
ALG = 1
ALG_ES256 = -7
X5CHAIN = 33
SIGNATURE_BYTES = 64
ALLOWED_PROTECTED = frozenset({ALG, X5CHAIN})
ALLOWED_UNPROTECTED = frozenset({X5CHAIN})


@dataclass(frozen=True)
class PeekedEat:
    """What an attestation says, without anybody having checked that it is true.

    Args:
        claims: Its claims.
        key_fingerprint: SHA-256 of the key in its certificate (SubjectPublicKeyInfo, DER), lower-case hex.
        issuer: Who issued that certificate, as the certificate says (RFC 4514).
        chain: Its certificates, the terminal's first.
    """

    claims: TerminalClaims
    key_fingerprint: str
    issuer: str
    chain: tuple[x509.Certificate, ...]


@dataclass(frozen=True)
class VerifiedEat:
    """An attestation whose signature, chain, nonce and serial number were checked.

    Args:
        claims: Its claims.
        key_fingerprint: SHA-256 of the terminal's key (SubjectPublicKeyInfo, DER), lower-case hex.
        maker: Name of the maker's root that the chain leads to.
    """

    claims: TerminalClaims
    key_fingerprint: str
    maker: str


@lru_cache(maxsize=8)  # several checks of one case look at the same two
def peek_eat(token: bytes) -> PeekedEat:
    """Read an attestation without trusting it.

    Args:
        token: COSE_Sign1 in deterministic CBOR (RFC 8949, section 4.2), at most 16 KiB.

    Raises:
        EvidenceRejected: ``eat-malformed``, ``eat-algorithm``, ``eat-header`` or ``certificate-…``.
    """
    if len(token) > MAX_TOKEN_BYTES:
        raise EvidenceRejected("eat-malformed", why=f"more than {MAX_TOKEN_BYTES} bytes")
    try:
        message = load_cbor(token, "attestation")
        protected, unprotected, payload = _parts(message)
        encoded = _encoded_chain(protected, unprotected)
        # A key that stands twice in a map, or a number written long, would not come back the same.
        deterministic = cbor2.dumps(message, canonical=True) == token
        if not deterministic or cbor2.dumps(protected, canonical=True) != message.value[0]:
            raise EvidenceRejected("eat-malformed", why="not deterministic")
        claims = decode_claims(payload)
    except RemoteProtocolError as fault:
        raise EvidenceRejected("eat-malformed", why=fault.reason) from None
    _check_ranges(claims)
    chain = tuple(read_der(each, "terminal") for each in encoded)
    return PeekedEat(claims, fingerprint(chain[0]), chain[0].issuer.rfc4514_string(), chain)


def verify_eat(
    token: bytes, trust: TrustStore, nonce: bytes, *, at: datetime, binding: bytes | None = None
) -> VerifiedEat:
    """Check an attestation: signature, chain to a trusted maker, nonce, and that the certificate is this terminal's.

    The maker that it claims (OEMID) must be the one whose root its chain leads to, by the organization (O) of the root.

    Args:
        token: COSE_Sign1, at most 16 KiB.
        trust: Whom to trust.
        nonce: The nonce that was asked with, 32 bytes.
        at: When the chain has to be valid.
        binding: That of the private link that it came over, 32 bytes, or empty for a plain one; None where the link is
            not looked at here.

    Raises:
        NotCheckable: ``makers-unknown``: no maker is trusted here.
        EvidenceRejected: ``eat-channel``: it was made for another link; or ``eat-…`` or ``certificate-…``: it is
            malformed or forged, or answers another nonce.
    """
    peeked = peek_eat(token)
    _check_signature(token, peeked.chain[0])
    if not hmac.compare_digest(peeked.claims.nonce, nonce):
        raise EvidenceRejected("eat-nonce")
    if binding is not None:
        check_channel(peeked.claims, binding)
    if serial_number_of(peeked.chain[0]) != peeked.claims.tusn:
        raise EvidenceRejected("eat-other-terminal")
    root = trust.check_maker(peeked.chain, at)
    # Else whoever one maker certified could pass for a terminal of another that is trusted here as well.
    name = organization(root)
    if not name or not hmac.compare_digest(peeked.claims.oemid, oemid_of(name)):
        raise EvidenceRejected("eat-maker")
    return VerifiedEat(peeked.claims, peeked.key_fingerprint, common_name(root))


def check_channel(claims: TerminalClaims, binding: bytes) -> None:
    """Check that a terminal attests at the other end of a link, and nobody carries its words from another.

    Args:
        claims: What it attests.
        binding: That of the link, empty for a plain one.

    Raises:
        EvidenceRejected: ``eat-channel``.
    """
    if not hmac.compare_digest(claims.binding, binding):
        raise EvidenceRejected("eat-channel")


def _parts(message: Any) -> tuple[dict[Any, Any], dict[Any, Any], bytes]:
    """Take the headers and the payload out of a COSE_Sign1."""
    if not isinstance(message, cbor2.CBORTag) or message.tag != COSE_SIGN1_TAG:
        raise EvidenceRejected("eat-malformed", why="no COSE_Sign1")
    parts = message.value
    if not isinstance(parts, list) or [type(part) for part in parts] != [bytes, dict, bytes, bytes]:
        raise EvidenceRejected("eat-malformed", why="no COSE_Sign1")
    encoded, unprotected, payload, signature = parts
    protected = load_cbor(encoded, "protected header")
    if not isinstance(protected, dict):
        raise EvidenceRejected("eat-malformed", why="protected header")
    if type(protected.get(ALG)) is not int or protected[ALG] != ALG_ES256:
        raise EvidenceRejected("eat-algorithm")
    # `crit` among them: nothing that a verifier must understand is understood here (RFC 9052, section 3.1).
    if not protected.keys() <= ALLOWED_PROTECTED or not unprotected.keys() <= ALLOWED_UNPROTECTED:
        raise EvidenceRejected("eat-header")
    if len(signature) != SIGNATURE_BYTES:
        raise EvidenceRejected("eat-malformed", why="length of the signature")
    return protected, unprotected, payload


def _encoded_chain(protected: dict[Any, Any], unprotected: dict[Any, Any]) -> list[bytes]:
    """Take x5chain: one certificate, or a list of them with the terminal's first (RFC 9360, section 2)."""
    if (X5CHAIN in protected) == (X5CHAIN in unprotected):
        raise EvidenceRejected("eat-header")
    given = protected.get(X5CHAIN, unprotected.get(X5CHAIN))
    encoded: list[Any] = given if isinstance(given, list) else [given]
    if not 1 <= len(encoded) <= MAX_CHAIN or not all(type(each) is bytes for each in encoded):
        raise EvidenceRejected("eat-header")
    return encoded


def _check_ranges(claims: TerminalClaims) -> None:
    """Refuse numbers that JSON cannot hold (RFC 8785, section 3.2.2.3)."""
    numbers = [claims.boot_count, claims.debug_status, claims.phase, claims.wipe_count, claims.wipe_state]
    numbers += [claims.unsettled, *(state for _, state in claims.bindings)]
    for slot in claims.key_slots:
        numbers += [slot.slot, slot.kind, slot.state]
    numbers += [each.size for each in claims.measurements]
    for region in claims.regions:
        numbers += [region.region, region.start, region.size, region.result]
    if not all(0 <= number <= MAX_NUMBER for number in numbers):
        raise EvidenceRejected("eat-malformed", why="number out of range")


def _check_signature(token: bytes, certificate: x509.Certificate) -> None:
    numbers = p256_key(certificate, "terminal").public_numbers()
    key = COSEKey.new(
        {1: 2, 3: ALG_ES256, -1: 1, -2: numbers.x.to_bytes(32, "big"), -3: numbers.y.to_bytes(32, "big"), 4: [2]}
    )
    try:
        COSE.new().decode(token, key)
    except (CWTError, ValueError):
        raise EvidenceRejected("eat-signature") from None
