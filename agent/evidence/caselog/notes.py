"""Signed notes and checkpoints of the log, byte for byte (C2SP signed-note v1.0.0, tlog-checkpoint v1.0.0).

A verifier key (vkey) is one line of ASCII without a newline::

    <name>+<key id>+<base64(0x01 || public key)>

``name`` holds no blank and no plus; ``key id`` is eight lower-case hex digits, the first four bytes of
SHA-256(name || 0x0A || 0x01 || public key); the public key is the 32 bytes of RFC 8032. Base64 is that of RFC 4648
section 4, with padding. A checkpoint is UTF-8, each line ended by 0x0A::

    <origin>                                    the same text as the key's name
    <size>                                      decimal, without leading zeros
    <base64(root)>                              44 characters
                                                an empty line
    — <name> <base64(key id || signature)>      U+2014, a space; 4 bytes of key id and 64 of Ed25519, 92 characters

The signature is over the first three lines, each with its newline, and over nothing else. Ours has exactly these five
lines. In what others hand in, signatures of other keys may follow (witnesses' are such); they are let be, and not
judged. Where every byte has to count, in a bundle, they are refused.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from agent.evidence.caselog.merkle import HASH_BYTES, MAX_SIZE
from agent.evidence.errors import EvidenceRejected

ED25519 = b"\x01"
KEY_ID_BYTES = 4
PUBLIC_BYTES = 32
SIGNATURE_BYTES = 64
MAX_CHECKPOINT_BYTES = 16_384
MAX_VKEY_BYTES = 512
MAX_SIGNATURES = 64

_NAME = re.compile(r"[^\s+\x00-\x1f\x7f-\x9f\ud800-\udfff]{1,200}")
_NUMBER = re.compile(r"0|[1-9][0-9]{0,15}", re.ASCII)
_SIGNATURE_LINE = re.compile(r"— (\S+) ([A-Za-z0-9+/=]+)")


@dataclass(frozen=True)
class Vkey:
    """The public half of a log's key.

    Args:
        name: Name of the log, the origin of its checkpoints.
        public: Ed25519 public key, 32 bytes.
    """

    name: str
    public: bytes

    @property
    def key_id(self) -> bytes:
        """The four bytes that signatures of the key begin with."""
        return hashlib.sha256(self.name.encode() + b"\n" + ED25519 + self.public).digest()[:KEY_ID_BYTES]

    @property
    def text(self) -> str:
        """The key as a vkey."""
        return f"{self.name}+{self.key_id.hex()}+{base64.b64encode(ED25519 + self.public).decode()}"


@dataclass(frozen=True)
class Checkpoint:
    """What a log says of itself: how many entries, and the root over them.

    Args:
        origin: Name of the log.
        size: Entries.
        root: Root hash, 32 bytes.
    """

    origin: str
    size: int
    root: bytes

    @property
    def body(self) -> bytes:
        """The text that is signed."""
        return f"{self.origin}\n{self.size}\n{base64.b64encode(self.root).decode()}\n".encode()


def is_name(text: str) -> bool:
    """Tell whether a text may name a log."""
    return _NAME.fullmatch(text) is not None


def parse_vkey(text: str) -> Vkey:
    """Read a vkey.

    Raises:
        EvidenceRejected: ``log-vkey``: it is none, of another kind of key, or its key id does not fit.
    """
    name, first, rest = text.partition("+")
    _, second, data = rest.partition("+")
    try:
        key = decode_base64(data)
        Ed25519PublicKey.from_public_bytes(key[1:])
    except (EvidenceRejected, ValueError):
        raise EvidenceRejected("log-vkey") from None
    vkey = Vkey(name, key[1:])
    if not (first and second and is_name(name) and key[:1] == ED25519 and vkey.text == text):
        raise EvidenceRejected("log-vkey")
    return vkey


def vkey_of(name: str, key: Ed25519PrivateKey) -> Vkey:
    """Return the public half of a key."""
    return Vkey(name, key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw))


def sign_checkpoint(checkpoint: Checkpoint, key: Ed25519PrivateKey) -> bytes:
    """Sign a checkpoint with the key of its log.

    Returns:
        The five lines of the module's text.
    """
    vkey = vkey_of(checkpoint.origin, key)
    signature = base64.b64encode(vkey.key_id + key.sign(checkpoint.body)).decode()
    return checkpoint.body + f"\n— {checkpoint.origin} {signature}\n".encode()


def read_checkpoint(data: bytes) -> Checkpoint:
    """Read what a checkpoint says, without its signatures being checked.

    Raises:
        EvidenceRejected: ``log-checkpoint``: it has another form.
    """
    return _split(data)[0]


def open_checkpoint(data: bytes, vkey: Vkey, *, alone: bool = True) -> Checkpoint:
    """Read a checkpoint and check its signature.

    Args:
        data: The checkpoint.
        vkey: The log's key.
        alone: Refuse any line besides the log's own signature.

    Raises:
        EvidenceRejected: ``log-checkpoint``: it has another form; ``log-other-key``: this key did not sign it;
            ``log-signature``: the signature does not fit.
    """
    checkpoint, signatures = _split(data)
    own = [signature for name, signature in signatures if name == vkey.name and signature[:KEY_ID_BYTES] == vkey.key_id]
    if checkpoint.origin != vkey.name or not own or (alone and len(signatures) != 1):
        raise EvidenceRejected("log-other-key", name=vkey.name)
    for signature in own:
        try:
            Ed25519PublicKey.from_public_bytes(vkey.public).verify(signature[KEY_ID_BYTES:], checkpoint.body)
        except InvalidSignature:
            raise EvidenceRejected("log-signature") from None
    return checkpoint


def decode_base64(text: str) -> bytes:
    """Decode base64 that has one form only.

    Raises:
        EvidenceRejected: ``log-checkpoint``: it is none.
    """
    try:
        data = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise EvidenceRejected("log-checkpoint") from None
    if base64.b64encode(data).decode() != text:
        raise EvidenceRejected("log-checkpoint")
    return data


def decode_number(text: str) -> int:
    """Read a number of entries.

    Raises:
        EvidenceRejected: ``log-checkpoint``: it is none, or has another form.
    """
    if not _NUMBER.fullmatch(text) or int(text) > MAX_SIZE:
        raise EvidenceRejected("log-checkpoint")
    return int(text)


def decode_hash(text: str) -> bytes:
    """Read a hash.

    Raises:
        EvidenceRejected: ``log-checkpoint``: it is none.
    """
    data = decode_base64(text)
    if len(data) != HASH_BYTES:
        raise EvidenceRejected("log-checkpoint")
    return data


def _split(data: bytes) -> tuple[Checkpoint, list[tuple[str, bytes]]]:
    if len(data) > MAX_CHECKPOINT_BYTES or not data.endswith(b"\n"):
        raise EvidenceRejected("log-checkpoint")
    try:
        lines = data.decode()[:-1].split("\n")
    except UnicodeDecodeError:
        raise EvidenceRejected("log-checkpoint") from None
    # No extension lines: nobody who watches a log could check them (tlog-checkpoint, note text, 4).
    if not 5 <= len(lines) <= 4 + MAX_SIGNATURES or lines[3] or not is_name(lines[0]):
        raise EvidenceRejected("log-checkpoint")
    checkpoint = Checkpoint(lines[0], decode_number(lines[1]), decode_hash(lines[2]))
    signatures = []
    for line in lines[4:]:
        found = _SIGNATURE_LINE.fullmatch(line)
        if found is None or not is_name(found[1]):
            raise EvidenceRejected("log-checkpoint")
        signature = decode_base64(found[2])
        if len(signature) <= KEY_ID_BYTES:
            raise EvidenceRejected("log-checkpoint")
        signatures.append((found[1], signature))
    return checkpoint, signatures
