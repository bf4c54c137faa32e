"""The agent's key in a token: a smart card, a USB token or an HSM, by PKCS#11. It never leaves it.

A key is looked for by its label and identifier, made where there is none, and signs digests of ours (CKM_ECDSA, which
every token has). A wrong PIN is never tried twice, and a last try is left to its owner: tokens lock themselves.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from threading import Lock
from typing import TYPE_CHECKING, Any, NoReturn

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, utils

from agent.errors import PreconditionNotMet, UsageFault
from agent.evidence.keys.settings import KeySettings
from agent.evidence.keys.unlocking import Unlock, Wanted

if TYPE_CHECKING:
    from types import ModuleType

    from pkcs11 import Session, Token

P256_PARAMETERS = bytes.fromhex("06082a8648ce3d030107")
"""CKA_EC_PARAMS: the object identifier of P-256 (RFC 5480, 2.1.1.1), DER."""
POINT_BYTES = 65
HALF_BYTES = 32
ID_BYTES = 8


class TokenKey(ec.EllipticCurvePrivateKey):
    """A private key on P-256 that is in a token; several threads may sign with it.

    Args:
        private: Its handle, with the session open.
        public: The public key.
        token: Label of the token, for errors.
    """

    def __init__(self, private: Any, public: ec.EllipticCurvePublicKey, token: str) -> None:
        self._private = private
        self._public = public
        self._token = token
        self._one_at_a_time = Lock()  # a session does one thing at a time (PKCS#11 2.40, 5.2)

    def sign(self, data: Any, signature_algorithm: ec.EllipticCurveSignatureAlgorithm) -> bytes:
        """Sign with ECDSA and SHA-256; DER.

        Raises:
            PreconditionNotMet: ``token-lost``: the token was taken out, or the key in it is gone.
            UnsupportedAlgorithm: It is to sign otherwise.
        """
        if not isinstance(signature_algorithm, ec.ECDSA) or not isinstance(
            signature_algorithm.algorithm, hashes.SHA256
        ):
            raise UnsupportedAlgorithm("an agent's key signs with ECDSA and SHA-256")
        import pkcs11

        digest = hashlib.sha256(data).digest()
        try:
            with self._one_at_a_time:
                raw = self._private.sign(digest, mechanism=pkcs11.Mechanism.ECDSA)
        except pkcs11.PKCS11Error as fault:
            raise PreconditionNotMet("token-lost", token=self._token, why=type(fault).__name__) from None
        return utils.encode_dss_signature(
            int.from_bytes(raw[:HALF_BYTES], "big"), int.from_bytes(raw[HALF_BYTES:], "big")
        )

    def public_key(self) -> ec.EllipticCurvePublicKey:
        """Return the public key."""
        return self._public

    @property
    def curve(self) -> ec.EllipticCurve:
        """P-256."""
        return self._public.curve

    @property
    def key_size(self) -> int:
        """256 bits."""
        return self._public.key_size

    def exchange(self, algorithm: ec.ECDH, peer_public_key: ec.EllipticCurvePublicKey) -> NoReturn:
        """Refuse: the key signs and does nothing else."""
        raise UnsupportedAlgorithm("an agent's key signs and does nothing else")

    def private_numbers(self) -> NoReturn:
        """Refuse: the key stays in its token."""
        raise UnsupportedAlgorithm("the key stays in its token")

    def private_bytes(
        self,
        encoding: serialization.Encoding,
        format: serialization.PrivateFormat,  # noqa: A002 - the interface's name
        encryption_algorithm: serialization.KeySerializationEncryption,
    ) -> NoReturn:
        """Refuse: the key stays in its token."""
        raise UnsupportedAlgorithm("the key stays in its token")

    def __copy__(self) -> TokenKey:
        return self

    def __deepcopy__(self, memo: dict[int, Any]) -> TokenKey:
        return self


def make_token_key(settings: KeySettings, unlock: Unlock) -> tuple[KeySettings, bool]:
    """Find the key of this label in the token, or make one there.

    Args:
        settings: Module, token and the key's label.
        unlock: Knows the PIN.

    Returns:
        The settings with the key's identifier, and whether the key was made here.

    Raises:
        UsageFault: ``pkcs11-missing``, ``token-module``.
        PreconditionNotMet: ``token-…``: it is not there, locked, or refuses; or what ``unlock`` raises.
    """
    with _session(settings, unlock, write=True) as (pkcs11, session):
        label = pkcs11.Attribute.LABEL
        there: list[Any] = list(session.get_objects({**_private(pkcs11), label: settings.key}))
        if len(there) > 1:
            raise PreconditionNotMet("token-key-ambiguous", key=settings.key, token=settings.token)
        if there:
            found = replace(settings, id=there[0].id.hex())
            _opened(pkcs11, session, found)
            return found, False
        made = replace(settings, id=secrets.token_hex(ID_BYTES))
        parameters = session.create_domain_parameters(
            pkcs11.KeyType.EC, {pkcs11.Attribute.EC_PARAMS: P256_PARAMETERS}, local=True
        )
        parameters.generate_keypair(
            store=True,
            label=made.key,
            id=bytes.fromhex(made.id),
            capabilities=pkcs11.MechanismFlag.SIGN | pkcs11.MechanismFlag.VERIFY,
            private_template={pkcs11.Attribute.SENSITIVE: True, pkcs11.Attribute.EXTRACTABLE: False},
        )
        return made, True


def forget_token_key(settings: KeySettings, unlock: Unlock) -> None:
    """Destroy a key that was made here and that another process made for nothing.

    Raises:
        UsageFault: As `make_token_key`.
        PreconditionNotMet: As `make_token_key`.
    """
    with _session(settings, unlock, write=True) as (pkcs11, session):
        wanted = {pkcs11.Attribute.LABEL: settings.key, pkcs11.Attribute.ID: bytes.fromhex(settings.id)}
        for kind in (_private(pkcs11), _public(pkcs11)):
            for each in list(session.get_objects({**kind, **wanted})):
                each.destroy()


def open_token_key(settings: KeySettings, unlock: Unlock) -> TokenKey:
    """Open the key; the session stays open as long as the process lives.

    Raises:
        UsageFault: As `make_token_key`.
        PreconditionNotMet: As `make_token_key`, or ``token-key-missing``: the token is there and the key is not.
    """
    with _named(settings) as pkcs11:
        return _opened(pkcs11, _log_in(settings, unlock, write=False), settings)


def _opened(pkcs11: ModuleType, session: Session, settings: KeySettings) -> TokenKey:
    wanted: dict[Any, Any] = {pkcs11.Attribute.LABEL: settings.key}
    if settings.id:
        wanted[pkcs11.Attribute.ID] = bytes.fromhex(settings.id)
    private: list[Any] = list(session.get_objects({**_private(pkcs11), **wanted}))
    public: list[Any] = list(session.get_objects({**_public(pkcs11), **wanted}))
    if not private:
        raise PreconditionNotMet("token-key-missing", key=settings.key, token=settings.token)
    if len(private) > 1:
        raise PreconditionNotMet("token-key-ambiguous", key=settings.key, token=settings.token)
    for each in (*public, *private):  # some tokens tell the point of the private key, some have no public one
        found = _point(pkcs11, each)
        if found is not None:
            return TokenKey(private[0], found, settings.token)
    raise PreconditionNotMet("token-key-unusable", key=settings.key, token=settings.token)


def _point(pkcs11: ModuleType, key: Any) -> ec.EllipticCurvePublicKey | None:
    """Read a public key on P-256: a point in a DER octet string, as the standard says, or bare, as some tokens do."""
    try:
        if bytes(key[pkcs11.Attribute.EC_PARAMS]) != P256_PARAMETERS:
            return None
        point = bytes(key[pkcs11.Attribute.EC_POINT])
        return ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), point[-POINT_BYTES:])
    except (pkcs11.PKCS11Error, ValueError, TypeError):
        return None


def _private(pkcs11: ModuleType) -> dict[Any, Any]:
    return {pkcs11.Attribute.CLASS: pkcs11.ObjectClass.PRIVATE_KEY}


def _public(pkcs11: ModuleType) -> dict[Any, Any]:
    return {pkcs11.Attribute.CLASS: pkcs11.ObjectClass.PUBLIC_KEY}


@contextmanager
def _session(settings: KeySettings, unlock: Unlock, *, write: bool) -> Iterator[tuple[ModuleType, Session]]:
    with _named(settings) as pkcs11, _log_in(settings, unlock, write=write) as session:
        yield pkcs11, session


@contextmanager
def _named(settings: KeySettings) -> Iterator[ModuleType]:
    """Name what a token says."""
    try:
        import pkcs11
    except ImportError:
        raise UsageFault("pkcs11-missing") from None
    try:
        yield pkcs11
    except pkcs11.PKCS11Error as fault:
        raise PreconditionNotMet("token-refused", token=settings.token, why=type(fault).__name__) from None


def _log_in(settings: KeySettings, unlock: Unlock, *, write: bool) -> Session:
    """Open a session. Another key of this process may have logged in already, which counts for all its sessions."""
    import pkcs11

    token = _token(pkcs11, settings)
    flags = token.flags
    if pkcs11.TokenFlag.USER_PIN_LOCKED in flags:
        raise PreconditionNotMet("token-locked", token=settings.token)
    if pkcs11.TokenFlag.USER_PIN_FINAL_TRY in flags:
        raise PreconditionNotMet("token-last-try", token=settings.token)
    pin = unlock(Wanted("pin", settings.token, settings.unattended))
    try:
        return token.open(rw=write, user_pin=pin.reveal())
    except pkcs11.exceptions.UserAlreadyLoggedIn:
        return token.open(rw=write)
    except (pkcs11.exceptions.PinIncorrect, pkcs11.exceptions.PinInvalid, pkcs11.exceptions.PinLenRange):
        raise PreconditionNotMet("token-pin-wrong", token=settings.token) from None
    except (pkcs11.exceptions.PinLocked, pkcs11.exceptions.PinExpired):
        raise PreconditionNotMet("token-locked", token=settings.token) from None


def _token(pkcs11: ModuleType, settings: KeySettings) -> Token:
    try:
        library = pkcs11.lib(settings.module)
    except (pkcs11.PKCS11Error, OSError):
        raise UsageFault("token-module", path=settings.module) from None
    try:
        found: Token = library.get_token(token_label=settings.token)
    except pkcs11.exceptions.NoSuchToken:
        raise PreconditionNotMet("token-missing", token=settings.token) from None
    except pkcs11.exceptions.MultipleTokensReturned:
        raise PreconditionNotMet("token-ambiguous", token=settings.token) from None
    return found
