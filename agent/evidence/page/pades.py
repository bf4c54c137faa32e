"""The signature inside a certificate's PDF: a detached CMS SignedData as PAdES baseline B-B wants it, and nothing more.

RFC 5652 (CMS), RFC 5035 (signing-certificate-v2), RFC 5754 and 5758 (ECDSA with SHA-256), ETSI EN 319 142-1, 6.3.
It is only ever written here, never parsed: a verifier writes it again around the signature's own bytes and compares, so
that no byte of it can be another than it must be.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding

MAX_SIGNATURE = 72
"""Bytes of an ECDSA signature on P-256 in DER, at the most."""

_INTEGER, _OCTETS, _OID, _SEQUENCE, _SET, _TAGGED = 0x02, 0x04, 0x06, 0x30, 0x31, 0xA0
_LONG_SEQUENCE = b"\x30\x82"
"""How a sequence of 256 to 65,535 bytes begins; so long is every CMS with a certificate in it."""
_DATA = bytes.fromhex("2a864886f70d010701")
_SIGNED_DATA = bytes.fromhex("2a864886f70d010702")
_CONTENT_TYPE = bytes.fromhex("2a864886f70d010903")
_MESSAGE_DIGEST = bytes.fromhex("2a864886f70d010904")
_SIGNING_CERTIFICATE = bytes.fromhex("2a864886f70d010910022f")
_SHA256 = bytes.fromhex("608648016503040201")
_ECDSA_SHA256 = bytes.fromhex("2a8648ce3d040302")


def _der(tag: int, *parts: bytes) -> bytes:
    """Write a value with its tag and length (X.690, 8.1 and 10.1)."""
    content = b"".join(parts)
    size = len(content)
    if size < 0x80:
        return bytes([tag, size]) + content
    length = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes([tag, 0x80 | len(length)]) + length + content


def _integer(number: int) -> bytes:
    return _der(_INTEGER, number.to_bytes(number.bit_length() // 8 + 1, "big", signed=True))


def _set(tag: int, parts: Sequence[bytes]) -> bytes:
    """Write a set, whose parts stand in the order of their bytes (X.690, 11.6)."""
    return _der(tag, *sorted(parts))


def _attribute(kind: bytes, value: bytes) -> bytes:
    return _der(_SEQUENCE, _der(_OID, kind), _der(_SET, value))


def _attributes(digest: bytes, leaf: x509.Certificate) -> list[bytes]:
    # The hash algorithm of ESSCertIDv2 is left out where it is SHA-256 (DEFAULT), and so is the issuer.
    named = _der(_SEQUENCE, _der(_OCTETS, hashlib.sha256(leaf.public_bytes(Encoding.DER)).digest()))
    return [
        _attribute(_CONTENT_TYPE, _der(_OID, _DATA)),
        _attribute(_MESSAGE_DIGEST, _der(_OCTETS, digest)),
        _attribute(_SIGNING_CERTIFICATE, _der(_SEQUENCE, _der(_SEQUENCE, named))),
    ]


def to_be_signed(digest: bytes, leaf: x509.Certificate) -> bytes:
    """Return what the agent signs: the signed attributes (RFC 5652, 5.4).

    Args:
        digest: SHA-256 of what the PDF's signature covers.
        leaf: The agent's certificate.
    """
    return _set(_SET, _attributes(digest, leaf))


def signed_data(digest: bytes, chain: Sequence[x509.Certificate], signature: bytes) -> bytes:
    """Write the CMS around a signature.

    Args:
        digest: SHA-256 of what the PDF's signature covers.
        chain: The agent's certificate first, then what certified it.
        signature: ECDSA over `to_be_signed`, DER.

    Returns:
        A ContentInfo, DER.
    """
    leaf = chain[0]
    algorithm = _der(_SEQUENCE, _der(_OID, _SHA256))
    signer = _der(
        _SEQUENCE,
        _integer(1),
        _der(_SEQUENCE, leaf.issuer.public_bytes(), _integer(leaf.serial_number)),
        algorithm,
        _set(_TAGGED, _attributes(digest, leaf)),
        _der(_SEQUENCE, _der(_OID, _ECDSA_SHA256)),
        _der(_OCTETS, signature),
    )
    data = _der(
        _SEQUENCE,
        _integer(1),
        _der(_SET, algorithm),
        _der(_SEQUENCE, _der(_OID, _DATA)),
        _set(_TAGGED, [each.public_bytes(Encoding.DER) for each in dict.fromkeys(chain)]),
        _der(_SET, signer),
    )
    return _der(_SEQUENCE, _der(_OID, _SIGNED_DATA), _der(_TAGGED, data))


def room_for(chain: Sequence[x509.Certificate]) -> int:
    """Return how many bytes the CMS of this chain takes at the most."""
    return len(signed_data(bytes(32), chain, bytes(MAX_SIGNATURE)))


def holds(filled: bytes, digest: bytes, chain: Sequence[x509.Certificate], key: ec.EllipticCurvePublicKey) -> bool:
    """Tell whether a CMS is exactly the one that this agent makes over this digest.

    Args:
        filled: The CMS, filled up with zero bytes to `room_for`.
        digest: SHA-256 of what the PDF's signature covers.
        chain: The agent's certificate first, then what certified it.
        key: The key of that certificate.
    """
    if len(filled) != room_for(chain) or filled[:2] != _LONG_SEQUENCE:
        return False
    # The signature is what stands last, and all else is as long as it always is.
    end = 4 + int.from_bytes(filled[2:4], "big")
    size = MAX_SIGNATURE - (len(filled) - end)
    if not 0 < size <= MAX_SIGNATURE:
        return False
    signature = filled[end - size : end]
    if signed_data(digest, chain, signature).ljust(len(filled), b"\0") != filled:
        return False
    try:
        key.verify(signature, to_be_signed(digest, chain[0]), ec.ECDSA(hashes.SHA256()))
    except InvalidSignature:
        return False
    return True
