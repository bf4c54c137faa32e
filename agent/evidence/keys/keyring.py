"""The agent's key in the keyring of the desktop: Keychain, Credential Locker, Secret Service, KWallet.

A machine without a desktop has none; there the key belongs into a file with a passphrase, or into a token.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from cryptography.hazmat.primitives.asymmetric import ec

from agent.errors import PreconditionNotMet
from agent.evidence.keys.file import new_key_pem, parse_key
from agent.evidence.keys.unlocking import from_settings

if TYPE_CHECKING:
    from pathlib import Path

    from keyring.backend import KeyringBackend

SERVICE = "posretire"
"""Under this name the keyring shows its entries."""


def make_entry() -> str:
    """Make a key and put it into the keyring.

    Returns:
        Name of the entry; no other has it.

    Raises:
        PreconditionNotMet: ``keyring-missing``: this machine has none; or ``keyring-refused``.
    """
    name = f"agent-{secrets.token_hex(8)}"
    with _asked() as ring:
        ring.set_password(SERVICE, name, new_key_pem(None).decode("ascii"))
    return name


def forget_entry(name: str) -> None:
    """Take an entry out of the keyring.

    Raises:
        PreconditionNotMet: As `make_entry`.
    """
    with _asked() as ring:
        ring.delete_password(SERVICE, name)


def read_entry(name: str, settings: Path) -> ec.EllipticCurvePrivateKey:
    """Take the key out of the keyring, which may ask its user for leave.

    Args:
        name: Of the entry.
        settings: The file that names the entry, for the error.

    Raises:
        PreconditionNotMet: ``keyring-missing``, ``keyring-refused``, ``keyring-key-missing`` or
            ``agent-key-unreadable``.
    """
    with _asked() as ring:
        found = ring.get_password(SERVICE, name)
    if found is None:
        raise PreconditionNotMet("keyring-key-missing", entry=name)
    return parse_key(found.encode("ascii", "replace"), settings, from_settings)


@contextmanager
def _asked() -> Iterator[KeyringBackend]:
    """Lend the keyring, and name what it says by its class alone: its texts may show what is in it (I4)."""
    import keyring  # loaded only for who keeps a key there
    from keyring.backends import fail, null
    from keyring.errors import KeyringError

    ring = keyring.get_keyring()
    if isinstance(ring, fail.Keyring | null.Keyring):
        raise PreconditionNotMet("keyring-missing")
    try:
        yield ring
    except PreconditionNotMet:
        raise
    except KeyringError as fault:
        raise PreconditionNotMet("keyring-refused", why=type(fault).__name__) from None
    except Exception as fault:  # noqa: BLE001 - backends let errors of D-Bus and of the system through
        raise PreconditionNotMet("keyring-refused", why=type(fault).__name__) from None
