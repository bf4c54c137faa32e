"""The agent's key in a file that its owner alone may read (0600), with or without a passphrase."""

from __future__ import annotations

import os
import stat
from pathlib import Path

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, load_pem_private_key

from agent.errors import PreconditionNotMet
from agent.evidence.errors import EvidenceRejected
from agent.evidence.files import opened
from agent.evidence.keys.encryption import LABEL, encrypted_pem
from agent.evidence.keys.unlocking import Unlock, Wanted
from agent.secret import Secret

MAX_KEY_BYTES = 16_384


def new_key_pem(passphrase: Secret | None) -> bytes:
    """Make a key on P-256 and write it as PKCS#8 PEM.

    Args:
        passphrase: What it is encrypted under, or None.
    """
    made = ec.generate_private_key(ec.SECP256R1())
    if passphrase is not None:
        return encrypted_pem(made, passphrase.reveal().encode())
    return made.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def read_key_file(path: Path, unlock: Unlock, kept: Path | None = None) -> ec.EllipticCurvePrivateKey:
    """Read the key; its passphrase is asked for where it has one, and tried once.

    Args:
        path: The file.
        unlock: Knows the passphrase.
        kept: File that the settings name for it, or None.

    Raises:
        PreconditionNotMet: ``agent-key-exposed`` (others may read it), ``agent-key-unreadable``,
            ``key-passphrase-wrong``, or what ``unlock`` raises.
    """
    try:
        with opened(path) as handle:
            if os.name == "posix" and stat.S_IMODE(os.fstat(handle).st_mode) & 0o077:
                raise PreconditionNotMet("agent-key-exposed", path=str(path))
            data = os.read(handle, MAX_KEY_BYTES)
    except (OSError, EvidenceRejected):
        raise PreconditionNotMet("agent-key-unreadable", path=str(path)) from None
    return parse_key(data, path, unlock, kept)


def parse_key(data: bytes, path: Path, unlock: Unlock, kept: Path | None = None) -> ec.EllipticCurvePrivateKey:
    """Read a key out of PEM; see `read_key_file`."""
    passphrase = unlock(Wanted("passphrase", str(path), kept)) if f"-----BEGIN {LABEL}-----".encode() in data else None
    try:
        key = load_pem_private_key(data, passphrase.reveal().encode() if passphrase else None)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        code = "key-passphrase-wrong" if passphrase else "agent-key-unreadable"
        raise PreconditionNotMet(code, path=str(path)) from None
    if not isinstance(key, ec.EllipticCurvePrivateKey) or not isinstance(key.curve, ec.SECP256R1):
        raise PreconditionNotMet("agent-key-unreadable", path=str(path))
    return key
