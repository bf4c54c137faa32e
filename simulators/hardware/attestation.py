"""Signing of an EAT by the device: COSE_Sign1 (RFC 9052, section 4.2) with ES256 and the certificate in its header.

Written out by hand, so that the agent's COSE library and this one cannot share a mistake.
"""

from __future__ import annotations

import cbor2
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature

from protocols.eat import TerminalClaims, encode_claims
from simulators.hardware.identity import DeviceIdentity

COSE_SIGN1_TAG = 18
ALGORITHM = 1
ES256 = -7
X5CHAIN = 33  # RFC 9360, section 2
COORDINATE_BYTES = 32


def sign_claims(identity: DeviceIdentity, claims: TerminalClaims) -> bytes:
    """Attest claims.

    Args:
        identity: The device.
        claims: What it attests.

    Returns:
        The token: a tagged COSE_Sign1 with ``x5chain`` in its unprotected header and no external data.
    """
    protected = cbor2.dumps({ALGORITHM: ES256}, canonical=True)
    payload = encode_claims(claims)
    to_be_signed = cbor2.dumps(["Signature1", protected, b"", payload], canonical=True)
    # RFC 6979 makes the token of one seed the same in every run.
    der = identity.key.sign(to_be_signed, ec.ECDSA(hashes.SHA256(), deterministic_signing=True))
    # RFC 9053, section 2.1: r and s as two numbers of the curve's length, not as ASN.1.
    signature = b"".join(number.to_bytes(COORDINATE_BYTES, "big") for number in decode_dss_signature(der))
    # RFC 9360, section 2: a chain of one certificate is that certificate, not an array.
    chain = identity.certificate.public_bytes(serialization.Encoding.DER)
    return cbor2.dumps(cbor2.CBORTag(COSE_SIGN1_TAG, [protected, {X5CHAIN: chain}, payload, signature]))
