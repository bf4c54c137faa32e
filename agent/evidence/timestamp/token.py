"""Verifying a timestamp (RFC 3161, section 2.3 and 2.4.2): of these bytes, by an authority that is trusted, as it is.

An answer of an authority is accepted where its signed part holds, and kept in one form; a ``.tsr`` of a bundle must
have exactly that form, so that no byte of it can be another.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import ExtendedKeyUsageOID

from agent.evidence.errors import EvidenceRejected
from agent.evidence.trust.certificates import common_name, read_der

if TYPE_CHECKING:  # the library behind it is loaded once there is a timestamp
    from agent.evidence.timestamp.layout import Answer
    from agent.evidence.trust.store import TrustStore

WHERE = "timestamp authority"
MAX_ACCURACY_SECONDS = 60.0
"""An authority that is less sure of its time is none for us: a claimed time may be 300 s off in all."""

_HASHES: dict[str, Callable[[], hashes.HashAlgorithm]] = {
    "sha256": hashes.SHA256,
    "sha384": hashes.SHA384,
    "sha512": hashes.SHA512,
}
_FINGERPRINTS = frozenset({"sha1", *_HASHES})


@dataclass(frozen=True)
class Timestamp:
    """A timestamp that holds.

    Args:
        time: When the authority saw the statement (genTime).
        authority: Name of whoever signed it.
        root: Name of the root that certified it.
        serial_number: The authority's number for it.
        policy: Object identifier of the authority's policy.
    """

    time: datetime
    authority: str
    root: str
    serial_number: int
    policy: str


def verify_timestamp(data: bytes, imprint: bytes, trust: TrustStore) -> Timestamp:
    """Verify the timestamp of a bundle.

    Args:
        data: TimeStampResp, the content of ``statement.tsr``.
        imprint: SHA-256 of the bytes that it must be of.
        trust: Whom to trust.

    Raises:
        NotCheckable: ``authorities-unknown``: no authority is trusted here.
        EvidenceRejected: ``timestamp-…`` or ``certificate-…``: what is wrong with it; ``timestamp-form``: it holds and
            is not in the form in which a timestamp is kept.
    """
    from agent.evidence.timestamp.layout import build_timestamp, read_answer

    answer = read_answer(data)
    timestamp, chain, is_rsa = _verify(answer, imprint, trust)
    known = {_der(each) for each in chain}
    given = answer.certificates
    if len(set(given)) != len(given) or not known >= set(given):
        raise EvidenceRejected("timestamp-form")
    if build_timestamp(answer, given, rsa=is_rsa) != data:
        raise EvidenceRejected("timestamp-form")
    return timestamp


def accept_answer(data: bytes, imprint: bytes, nonce: int, trust: TrustStore) -> tuple[bytes, Timestamp]:
    """Verify an authority's answer, and put the timestamp into the form in which it is kept.

    Args:
        data: TimeStampResp, as the authority sent it.
        imprint: SHA-256 of what was to be timestamped.
        nonce: That of the request.
        trust: Whom to trust.

    Returns:
        The content of ``statement.tsr``, and what it says.

    Raises:
        NotCheckable: ``authorities-unknown``.
        EvidenceRejected: ``timestamp-nonce``: an answer to another request; or as `verify_timestamp`.
    """
    from agent.evidence.timestamp.layout import build_timestamp, read_answer

    answer = read_answer(data)
    timestamp, chain, is_rsa = _verify(answer, imprint, trust)
    if answer.info.nonce != nonce:
        raise EvidenceRejected("timestamp-nonce")
    # The root is every verifier's own; what else is on the way to it has to come along.
    needed = chain[:-1] if len(chain) > 1 else chain
    return build_timestamp(answer, tuple(map(_der, needed)), rsa=is_rsa), timestamp


def _verify(answer: Answer, imprint: bytes, trust: TrustStore) -> tuple[Timestamp, tuple[x509.Certificate, ...], bool]:
    info = answer.info
    if (info.algorithm, info.imprint) != ("sha256", imprint):
        raise EvidenceRejected("timestamp-imprint")
    if info.accuracy > MAX_ACCURACY_SECONDS:
        raise EvidenceRejected("timestamp-malformed", why="accuracy")
    certificates = [read_der(each, WHERE) for each in answer.certificates]
    signer = _signer(answer, certificates)
    is_rsa = _check_signature(answer, signer)
    _check_usage(signer)
    others = [each for each in certificates if each is not signer]
    chain = trust.check_authority([signer, *others], info.time)
    _check_named(answer, chain)
    timestamp = Timestamp(info.time, common_name(signer), common_name(chain[-1]), info.serial_number, info.policy)
    return timestamp, chain, is_rsa


def _signer(answer: Answer, certificates: list[x509.Certificate]) -> x509.Certificate:
    for each in certificates:
        if each.serial_number == answer.serial_number and each.issuer.public_bytes() == answer.issuer:
            return each
    raise EvidenceRejected("timestamp-malformed", why="the signer's certificate is missing")


def _check_signature(answer: Answer, signer: x509.Certificate) -> bool:
    """Check what the attributes say of the content, and the signature over them (RFC 5652, section 5.4 and 11).

    Returns:
        Whether the key is RSA.
    """
    if answer.content_type != "tst_info":
        raise EvidenceRejected("timestamp-malformed", why="content type")
    if answer.message_digest != hashlib.new(answer.digest, answer.info_der).digest():
        raise EvidenceRejected("timestamp-signature")
    key, algorithm = signer.public_key(), _HASHES[answer.digest]()
    try:
        if isinstance(key, rsa.RSAPublicKey):
            key.verify(answer.signature, answer.attributes, padding.PKCS1v15(), algorithm)
        elif isinstance(key, ec.EllipticCurvePublicKey):
            key.verify(answer.signature, answer.attributes, ec.ECDSA(algorithm))
        else:
            raise EvidenceRejected("timestamp-usage")
    except InvalidSignature:
        raise EvidenceRejected("timestamp-signature") from None
    return isinstance(key, rsa.RSAPublicKey)


def _check_usage(signer: x509.Certificate) -> None:
    """Its key makes timestamps and nothing else (RFC 3161, section 2.3)."""
    try:
        usage = signer.extensions.get_extension_for_class(x509.ExtendedKeyUsage)
    except x509.ExtensionNotFound:
        raise EvidenceRejected("timestamp-usage") from None
    if not usage.critical or list(usage.value) != [ExtendedKeyUsageOID.TIME_STAMPING]:
        raise EvidenceRejected("timestamp-usage")


def _check_named(answer: Answer, chain: tuple[x509.Certificate, ...]) -> None:
    """The signed attributes name the signer's certificate, and no other than those of its chain (RFC 5816)."""
    if not answer.named:
        raise EvidenceRejected("timestamp-certificate")
    for row in answer.named:
        for place, named in enumerate(row):
            allowed = chain[:1] if place == 0 else chain
            if named.algorithm not in _FINGERPRINTS or not any(
                hashlib.new(named.algorithm, _der(each), usedforsecurity=False).digest() == named.digest
                and named.serial_number in (None, each.serial_number)
                for each in allowed
            ):
                raise EvidenceRejected("timestamp-certificate")
        if not row:
            raise EvidenceRejected("timestamp-certificate")


def _der(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(Encoding.DER)
