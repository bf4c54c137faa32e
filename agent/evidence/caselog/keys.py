"""The key of the log: Ed25519, made when a home first needs it.

::

    HOME/keys/log.key               PKCS#8 PEM, 0600
    HOME/trust/logs/<name>.vkey     its public half, one line, so that the owner's own verify trusts it

The name of the log follows from the key, so that no two logs share one and nothing tells whose it is.
"""

from __future__ import annotations

import hashlib
import os
import stat
from contextlib import suppress
from pathlib import Path
from typing import NoReturn

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)

from agent.errors import PreconditionNotMet
from agent.evidence.caselog.notes import Checkpoint, Vkey, sign_checkpoint, vkey_of
from agent.evidence.errors import EvidenceRejected
from agent.evidence.files import opened, write_new, write_private
from agent.home import private_folder

LOGS = "logs"
VKEY_ENDING = ".vkey"
MAX_KEY_BYTES = 16_384
NAME_START = "posretire-log/"


class LogKey:
    """Signs checkpoints. Neither prints nor pickles its private key (I4).

    Args:
        private_key: Ed25519.
    """

    __slots__ = ("_private_key", "vkey")

    def __init__(self, private_key: Ed25519PrivateKey) -> None:
        self._private_key = private_key
        public = private_key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
        self.vkey: Vkey = vkey_of(NAME_START + hashlib.sha256(public).hexdigest()[:16], private_key)

    @classmethod
    def of(cls, home: Path, *, make: bool) -> LogKey:
        """Load the key of this home, or make it.

        Args:
            home: Home folder.
            make: Whether a home without a key gets one.

        Raises:
            PreconditionNotMet: ``log-key-missing``, ``log-key-exposed`` (others may read it) or
                ``log-key-unreadable``.
            OSError: It cannot be written.
        """
        path = key_path(home)
        if not path.exists():
            if not make:
                raise PreconditionNotMet("log-key-missing", path=str(path))
            private_folder(home, "keys")
            made = Ed25519PrivateKey.generate()
            pem = made.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
            with suppress(FileExistsError):  # another process was first
                write_private(path, pem)
        key = cls(_read_private(path))
        if make:  # also where an earlier run was cut off after its key
            key._trust(home)
        return key

    def sign(self, size: int, root: bytes) -> bytes:
        """Sign the checkpoint of this log.

        Args:
            size: Entries.
            root: Root over them, 32 bytes.
        """
        return sign_checkpoint(Checkpoint(self.vkey.name, size, root), self._private_key)

    def _trust(self, home: Path) -> None:
        folder = home / "trust" / LOGS
        path = folder / (self.vkey.name.replace("/", "-") + VKEY_ENDING)
        if path.exists():
            return
        folder.mkdir(parents=True, exist_ok=True)
        with suppress(FileExistsError):
            write_new(path, self.vkey.text.encode() + b"\n")

    def __repr__(self) -> str:
        return f"LogKey({self.vkey.name})"

    def __reduce__(self) -> NoReturn:
        raise TypeError("a log's key is not pickled")


def key_path(home: Path) -> Path:
    """Return where the key of a home is."""
    return home / "keys" / "log.key"


def _read_private(path: Path) -> Ed25519PrivateKey:
    try:
        with opened(path) as handle:
            if os.name == "posix" and stat.S_IMODE(os.fstat(handle).st_mode) & 0o077:
                raise PreconditionNotMet("log-key-exposed", path=str(path))
            data = os.read(handle, MAX_KEY_BYTES)
        key = load_pem_private_key(data, password=None)
    except (OSError, ValueError, TypeError, UnsupportedAlgorithm, EvidenceRejected):
        raise PreconditionNotMet("log-key-unreadable", path=str(path)) from None
    if not isinstance(key, Ed25519PrivateKey):
        raise PreconditionNotMet("log-key-unreadable", path=str(path))
    return key
