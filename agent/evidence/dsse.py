"""DSSE envelopes around the statement: one ES256 signature over the pre-authentication encoding.

The envelope and its encoding are securesystemslib's. Reading and checking are done here: the library takes lax base64,
skips signatures whose key identifier it does not know, and alters the document it is given.
"""

from __future__ import annotations

import base64
import binascii

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from securesystemslib.dsse import Envelope
from securesystemslib.signer import Signature  # type: ignore[attr-defined]  # public, but not in its __all__

from agent.evidence.canonical import canonical_json, parse_json
from agent.evidence.errors import EvidenceRejected
from agent.evidence.fields import Fields
from agent.evidence.keys.agent_key import AgentKey

STATEMENT = "statement.dsse.json"
PAYLOAD_TYPE = "application/vnd.in-toto+json"
MAX_BYTES = 4 << 20


def sign_envelope(payload: bytes, key: AgentKey) -> bytes:
    """Wrap and sign a statement.

    Args:
        payload: The statement, canonical JSON.
        key: The agent's key. Its fingerprint is the ``keyid``.

    Returns:
        The envelope, canonical JSON.
    """
    envelope = Envelope(payload, PAYLOAD_TYPE, {})
    envelope.signatures[key.fingerprint] = Signature(key.fingerprint, key.sign(envelope.pae()).hex())
    return canonical_json(envelope.to_dict())


def open_envelope(data: bytes) -> OpenedEnvelope:
    """Read an envelope; its signature is checked by `OpenedEnvelope.check`.

    Raises:
        EvidenceRejected: ``json-…``, ``document-field`` or ``dsse-malformed``.
    """
    read = Fields(parse_json(data, STATEMENT, max_bytes=MAX_BYTES), STATEMENT)
    read.word("payloadType", {PAYLOAD_TYPE})
    payload = _base64(read.text("payload", maximum=MAX_BYTES))
    rows = read.rows("signatures", maximum=16)
    if len(rows) != 1:
        raise EvidenceRejected("dsse-malformed", why="not one signature")
    opened = OpenedEnvelope(payload, rows[0].digest("keyid"), _base64(rows[0].text("sig")))
    rows[0].end()
    read.end()
    return opened


class OpenedEnvelope:
    """An envelope as read.

    Args:
        payload: What is signed.
        keyid: SHA-256 of the signer's key (SubjectPublicKeyInfo, DER), as the envelope says.
        signature: ECDSA, DER.
    """

    def __init__(self, payload: bytes, keyid: str, signature: bytes) -> None:
        self.payload = payload
        self.keyid = keyid
        self.signature = signature

    def check(self, key: ec.EllipticCurvePublicKey, fingerprint: str) -> None:
        """Check the signature.

        Args:
            key: The agent's public key.
            fingerprint: Its SHA-256 (SubjectPublicKeyInfo, DER), lower-case hex.

        Raises:
            EvidenceRejected: ``dsse-key``: it names another key; ``dsse-signature``: it does not fit.
        """
        if self.keyid != fingerprint:
            raise EvidenceRejected("dsse-key")
        signed = Envelope(self.payload, PAYLOAD_TYPE, {}).pae()
        try:
            key.verify(self.signature, signed, ec.ECDSA(hashes.SHA256()))
        except InvalidSignature:
            raise EvidenceRejected("dsse-signature") from None


def _base64(text: str) -> bytes:
    try:
        data = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise EvidenceRejected("dsse-malformed", why="base64") from None
    # Bits of the last character that carry nothing must be zero, so that one payload has one form.
    if base64.b64encode(data).decode() != text:
        raise EvidenceRejected("dsse-malformed", why="base64")
    return data
