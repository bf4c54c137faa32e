"""The key of a case's keyed hashes, which stand for the merchant's and terminal's numbers in its evidence.

It is kept for the owner in ``HOME/keys/cases/<case>.key``, 0600, in hex.
"""

from __future__ import annotations

import secrets
from pathlib import Path

from agent.errors import PreconditionNotMet, UsageFault
from agent.evidence.errors import EvidenceRejected
from agent.evidence.files import read_file, write_private
from agent.home import private_folder

BINDING_KEY_BYTES = 32


def create_binding_key(home: Path, case: str) -> bytes:
    """Make the key of a case's keyed hashes and keep it for the owner.

    Returns:
        32 bytes.

    Raises:
        UsageFault: ``keys-unwritable``, also where the case has one.
    """
    path = home / "keys" / "cases" / f"{case}.key"
    key = secrets.token_bytes(BINDING_KEY_BYTES)
    try:
        private_folder(home, "keys", "cases")
        write_private(path, key.hex().encode() + b"\n")
    except OSError as fault:
        raise UsageFault("keys-unwritable", path=str(path), why=fault.strerror or "") from None
    return key


def binding_key(home: Path, case: str) -> bytes:
    """Return the key of a case's keyed hashes; made where the case has none yet.

    Raises:
        UsageFault: ``keys-unwritable``.
        PreconditionNotMet: ``binding-key-missing``: it is there and cannot be read.
    """
    if (home / "keys" / "cases" / f"{case}.key").exists():
        return load_binding_key(home, case)
    return create_binding_key(home, case)


def load_binding_key(home: Path, case: str) -> bytes:
    """Read the key of a case's keyed hashes.

    Raises:
        PreconditionNotMet: ``binding-key-missing``.
    """
    path = home / "keys" / "cases" / f"{case}.key"
    try:
        key = bytes.fromhex(read_file(path, max_bytes=1_024).head.decode("ascii"))
    except (OSError, ValueError, EvidenceRejected):
        raise PreconditionNotMet("binding-key-missing", path=str(path)) from None
    if len(key) != BINDING_KEY_BYTES:
        raise PreconditionNotMet("binding-key-missing", path=str(path))
    return key
