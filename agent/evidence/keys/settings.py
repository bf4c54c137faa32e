"""Where the agent's key is kept: ``HOME/keys/agent.toml``. Without this file it is in ``agent.key``, unencrypted.

::

    store = "pkcs11"                              # or "file", "keyring"
    module = "/usr/lib/softhsm/libsofthsm2.so"    # pkcs11: the library of the token's maker
    token = "bench 1"                             # pkcs11: label of the token
    key = "posretire"                             # pkcs11: label of the key; keyring: name of the entry
    id = "5f0c…"                                  # pkcs11: CKA_ID of the key, hex
    passphrase_file = "/etc/posretire/pin"        # 0600; passphrase or PIN in its first line, for a bench

The file is written once the key is there, never over another: so it names no key that never was.
"""

from __future__ import annotations

import json
import re
import tomllib
from dataclasses import dataclass, fields
from pathlib import Path

from agent.errors import UsageFault
from agent.evidence.errors import EvidenceRejected
from agent.evidence.files import read_file, write_new
from agent.plain_text import plain_text

FILE = "file"
KEYRING = "keyring"
PKCS11 = "pkcs11"
STORES = (FILE, KEYRING, PKCS11)
MAX_BYTES = 16_384
MAX_ID_DIGITS = 128


@dataclass(frozen=True)
class KeySettings:
    """Where a key is.

    Args:
        store: One of `STORES`.
        module: PKCS#11: path of the library.
        token: PKCS#11: label of the token.
        key: PKCS#11: label of the key. Keyring: name of the entry.
        id: PKCS#11: identifier of the key in the token (CKA_ID), lower-case hex.
        passphrase_file: File that passphrase or PIN stand in, or empty.
    """

    store: str = FILE
    module: str = ""
    token: str = ""
    key: str = ""
    id: str = ""
    passphrase_file: str = ""

    @property
    def unattended(self) -> Path | None:
        """The file with the passphrase, or None."""
        return Path(self.passphrase_file) if self.passphrase_file else None


def settings_path(home: Path) -> Path:
    """Return where the settings of a home's key stand."""
    return home / "keys" / "agent.toml"


def read_settings(home: Path) -> KeySettings | None:
    """Read the settings of a home's key; None where there are none.

    Raises:
        UsageFault: ``key-settings-unreadable``.
    """
    path = settings_path(home)
    try:
        given = tomllib.loads(read_file(path, max_bytes=MAX_BYTES).head.decode())
    except FileNotFoundError:
        return None
    except (OSError, ValueError, RecursionError, EvidenceRejected):
        raise _unreadable(path, "no TOML") from None
    unknown = sorted(set(given) - {each.name for each in fields(KeySettings)})
    if unknown:
        raise _unreadable(path, ascii(unknown[0]))
    wrong = [name for name, value in given.items() if not isinstance(value, str) or not plain_text(value)]
    if wrong:
        raise _unreadable(path, min(wrong))
    settings = KeySettings(**given)
    if settings.store not in STORES:
        raise _unreadable(path, "store")
    needed = {PKCS11: ("module", "token", "key"), KEYRING: ("key",)}.get(settings.store, ())
    for name in needed:
        if not getattr(settings, name):
            raise _unreadable(path, name)
    if not re.fullmatch(rf"(?:[0-9a-f]{{2}}){{0,{MAX_ID_DIGITS // 2}}}", settings.id):
        raise _unreadable(path, "id")
    return settings


def write_settings(home: Path, settings: KeySettings) -> None:
    """Write the settings of a home's key where there are none.

    Raises:
        FileExistsError: There are some; they stay as they are.
        OSError: They cannot be written.
    """
    # A basic string of TOML takes what a JSON string may hold without control characters (TOML 1.0, "String").
    values = [(each.name, getattr(settings, each.name)) for each in fields(KeySettings)]
    lines = [f"{name} = {json.dumps(value, ensure_ascii=False)}\n" for name, value in values if value]
    write_new(settings_path(home), "".join(lines).encode(), 0o600)


def _unreadable(path: Path, why: str) -> UsageFault:
    return UsageFault("key-settings-unreadable", path=str(path), why=why)
