"""The places that an agent's key can be kept in, behind one way to make and to open it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric import ec

from agent.errors import PreconditionNotMet, UsageFault
from agent.evidence.files import write_new
from agent.evidence.keys.file import new_key_pem, read_key_file
from agent.evidence.keys.settings import (
    FILE,
    KEYRING,
    PKCS11,
    KeySettings,
    read_settings,
    settings_path,
    write_settings,
)
from agent.evidence.keys.unlocking import Unlock, from_settings
from agent.home import private_folder
from agent.secret import Secret

IN_A_FILE = KeySettings()


@dataclass(frozen=True)
class NewKey:
    """How a key is to be kept.

    Args:
        settings: Where. Of a token: module, token and label; the identifier is found or drawn.
        passphrase: What a key file is encrypted under, or None.
        unlock: Knows the PIN of the token, and the passphrase again.
    """

    settings: KeySettings = IN_A_FILE
    passphrase: Secret | None = None
    unlock: Unlock = from_settings


def key_path(home: Path) -> Path:
    """Return where a home keeps a key that is in a file."""
    return home / "keys" / "agent.key"


def has_key(home: Path) -> bool:
    """Tell whether a home has a key, or says where it is."""
    return settings_path(home).exists() or key_path(home).exists()


def where_kept(home: Path, settings: KeySettings | None) -> str:
    """Say where a key is: the file, or what its settings stand in."""
    return str(key_path(home) if settings is None or settings.store == FILE else settings_path(home))


def make_key(home: Path, wanted: NewKey) -> None:
    """Make a key where the home has none. Of several that do so at once, one makes it, and the others' are gone.

    Args:
        home: Home folder.
        wanted: How it is to be kept.

    Raises:
        UsageFault: A token's or keyring's; see `agent.evidence.keys.token`, `agent.evidence.keys.keyring`.
        PreconditionNotMet: As these; or ``agent-key-exists``: another process has just made one in a file.
        OSError: It cannot be written.
    """
    private_folder(home, "keys")
    settings = wanted.settings
    if settings.store == FILE:
        if first(key_path(home), new_key_pem(wanted.passphrase), 0o600) and settings != IN_A_FILE:
            _first_settings(home, settings)
        return
    if key_path(home).exists():
        raise PreconditionNotMet("agent-key-exists", path=str(key_path(home)))
    if settings.store == KEYRING:
        from agent.evidence.keys.keyring import forget_entry, make_entry

        name = make_entry()
        if not _named(home, KeySettings(KEYRING, key=name), lambda: forget_entry(name)):
            forget_entry(name)
        return
    from agent.evidence.keys.token import forget_token_key, make_token_key

    try:
        found, made = make_token_key(settings, wanted.unlock)
    except PreconditionNotMet:
        if settings_path(home).exists():
            return  # another process has taken away what this one saw, since it was second
        raise

    def forget() -> None:
        if made:
            forget_token_key(found, wanted.unlock)

    if not _named(home, found, forget) and read_settings(home) != found:  # they may name what this one made
        forget()


def _named(home: Path, settings: KeySettings, forget: Callable[[], None]) -> bool:
    """Write where a new key is; where that cannot be written, the key goes too. False: others were first."""
    try:
        return _first_settings(home, settings)
    except OSError:
        forget()
        raise


def open_key(home: Path, settings: KeySettings | None, unlock: Unlock) -> ec.EllipticCurvePrivateKey:
    """Open the key of a home, on P-256.

    Args:
        home: Home folder.
        settings: Where it is; None for a file.
        unlock: Knows passphrase or PIN.

    Raises:
        UsageFault: A token's library cannot be used.
        PreconditionNotMet: It is not there, cannot be read, is locked, or its passphrase is wrong.
    """
    if settings is None or settings.store == FILE:
        return read_key_file(key_path(home), unlock, settings.unattended if settings else None)
    if settings.store == KEYRING:
        from agent.evidence.keys.keyring import read_entry

        return read_entry(settings.key, settings_path(home))
    from agent.evidence.keys.token import open_token_key

    return open_token_key(settings, unlock)


def check_wanted(settings: KeySettings) -> None:
    """Refuse what does not say where a new key is to go.

    Raises:
        UsageFault: ``key-store-options``.
    """
    token = settings.store == PKCS11
    if token != bool(settings.module and settings.token and settings.key) or (
        not token and (settings.module or settings.token or settings.key)
    ):
        raise UsageFault("key-store-options")


def first(path: Path, data: bytes, mode: int = 0o644) -> bool:
    """Write a file where there is none, and tell whether this call did."""
    try:
        write_new(path, data, mode)
    except FileExistsError:
        return False
    return True


def _first_settings(home: Path, settings: KeySettings) -> bool:
    try:
        write_settings(home, settings)
    except FileExistsError:
        return False
    return True
