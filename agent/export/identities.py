"""The owner's age identities, which open an export: read from a file as age-keygen writes it, maybe under a passphrase.

Nothing of such a file is ever shown (I4); an error names its path and no more.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pyrage
from pyrage import x25519

from agent.errors import UsageFault
from agent.secret import Secret

MAX_FILE_BYTES = 65_536
MAX_IDENTITIES = 64

_SEALED = (b"age-encryption.org/v1", b"-----BEGIN AGE ENCRYPTED FILE-----")
_OTHER_KINDS = ("AGE-PLUGIN-", "-----BEGIN")


def read_identities(path: Path, ask: Callable[[], Secret] | None) -> tuple[x25519.Identity, ...]:
    """Read the identities of a file.

    Args:
        path: The file: lines ``AGE-SECRET-KEY-1…`` and ``#`` comments, or all of that encrypted with a passphrase.
        ask: Asks a person for the passphrase; None where nobody is there.

    Raises:
        UsageFault: ``identity-unreadable``, ``identity-empty``, ``identity-invalid``, ``identity-is-recipient`` (a
            public key), ``identity-unsupported`` (SSH or plugin), ``identity-sealed`` (nobody is there to ask) or
            ``identity-passphrase``.
    """
    data = _content(path)
    if data.startswith(_SEALED):
        data = _unsealed(data, path, ask)
    try:
        lines = [line.strip() for line in data.decode().splitlines()]
    except UnicodeError:
        raise UsageFault("identity-invalid", path=str(path)) from None
    found = [_identity(line, path) for line in lines if line and not line.startswith("#")]
    if not found:
        raise UsageFault("identity-empty", path=str(path))
    return tuple(found[:MAX_IDENTITIES])


def _content(path: Path) -> bytes:
    try:
        if not path.is_file():  # a pipe could make us wait for ever
            raise UsageFault("identity-unreadable", path=str(path), why="no file")
        with path.open("rb") as file:
            data = file.read(MAX_FILE_BYTES + 1)
    except (OSError, ValueError) as fault:
        why = getattr(fault, "strerror", None) or type(fault).__name__
        raise UsageFault("identity-unreadable", path=str(path), why=why) from None
    if len(data) > MAX_FILE_BYTES:
        raise UsageFault("identity-unreadable", path=str(path), why=f"more than {MAX_FILE_BYTES} bytes")
    return data


def _unsealed(data: bytes, path: Path, ask: Callable[[], Secret] | None) -> bytes:
    if ask is None:
        raise UsageFault("identity-sealed", path=str(path))
    passphrase = ask()
    try:
        return bytes(pyrage.passphrase.decrypt(data, passphrase.reveal()))
    except pyrage.DecryptError:
        raise UsageFault("identity-passphrase", path=str(path)) from None
    finally:
        passphrase.forget()


def _identity(line: str, path: Path) -> x25519.Identity:
    if line.upper().startswith(_OTHER_KINDS):
        raise UsageFault("identity-unsupported", path=str(path))
    if line.lower().startswith("age1"):
        raise UsageFault("identity-is-recipient", path=str(path))
    try:
        return x25519.Identity.from_str(line)
    except pyrage.IdentityError:
        raise UsageFault("identity-invalid", path=str(path)) from None
