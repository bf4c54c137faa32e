"""The agent's signing key: P-256 in a file that its owner alone may read, with a certificate beside it.

::

    HOME/keys/agent.key            PKCS#8 PEM, 0600
    HOME/keys/agent.pem            certificate, or a chain with the agent's own first
    HOME/keys/cases/<case>.key     key of a case's keyed hashes, 0600
    HOME/trust/agents/<name>.pem   copy of the certificate, so that the owner's own verify trusts it

Several processes may find a home without a key at the same time. Each file is put into its place whole and never over
another, so that all of them end with the same key and the same certificate.
"""

from __future__ import annotations

import os
import re
import secrets
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NoReturn

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from cryptography.x509.oid import NameOID

from agent.errors import PreconditionNotMet, UsageFault
from agent.evidence.certificates import MAX_PEM_BYTES, fingerprint, read_pem
from agent.evidence.errors import EvidenceRejected
from agent.evidence.files import opened, read_file, write_new, write_private
from agent.evidence.trust import AGENTS
from agent.home import private_folder

VALIDITY = timedelta(days=3_652)
ONE_DAY = timedelta(days=1)
MAX_KEY_BYTES = 16_384
BINDING_KEY_BYTES = 32
_NAME = re.compile(r"[^\x00-\x1f\x7f-\x9f\ud800-\udfff]{1,40}")


class AgentKey:
    """Signs statements. Neither prints nor pickles its private key (I4).

    Args:
        private_key: On P-256.
        chain_pem: Its certificate first, then what certified it.
    """

    __slots__ = ("_certificates", "_private_key", "chain_pem")

    def __init__(self, private_key: ec.EllipticCurvePrivateKey, chain_pem: bytes) -> None:
        self._private_key = private_key
        self._certificates = read_pem(chain_pem, "agent")
        self.chain_pem = chain_pem

    @classmethod
    def create(cls, home: Path, name: str, *, at: datetime, anew: bool = False) -> AgentKey:
        """Make a key and a self-signed certificate, and trust it in this home; or load what another process made.

        Where an earlier run was cut off, what it left is completed: its key, and its certificate, are used.

        Args:
            home: Home folder.
            name: What the agent is called, at most 40 characters.
            at: Present time; the certificate holds for ten years from then.
            anew: Refuse where there is a key with its certificate already, rather than load it.

        Raises:
            UsageFault: ``agent-name`` or ``keys-unwritable``.
            PreconditionNotMet: ``agent-key-exists``, ``agent-certificate-mismatch``: there is a certificate and its key
                is gone; or as `load`.
        """
        if not _NAME.fullmatch(name):
            raise UsageFault("agent-name")
        key_path, certificate_path = _paths(home)
        try:
            # The key comes before its certificate, so a certificate without one was not left by a process under way.
            if certificate_path.exists() and not key_path.exists():
                raise PreconditionNotMet("agent-certificate-mismatch", path=str(certificate_path))
            won = not certificate_path.exists() and _complete(home, name, at)
        except OSError as fault:
            raise UsageFault("keys-unwritable", path=str(home), why=fault.strerror or "") from None
        if anew and not won:
            raise PreconditionNotMet("agent-key-exists", path=str(key_path))
        return cls.load(home)

    @classmethod
    def load(cls, home: Path) -> AgentKey:
        """Read the key of this home.

        Raises:
            PreconditionNotMet: ``agent-key-missing``, ``agent-key-exposed`` (others may read it),
                ``agent-key-unreadable`` or ``agent-certificate-mismatch``.
        """
        key_path, certificate_path = _paths(home)
        if not key_path.exists() or not certificate_path.exists():
            raise PreconditionNotMet("agent-key-missing", path=str(key_path))
        private_key = _read_private(key_path)
        try:
            chain_pem = read_file(certificate_path, max_bytes=MAX_PEM_BYTES).head
            certificates = read_pem(chain_pem, "agent")
        except (OSError, EvidenceRejected):
            raise PreconditionNotMet("agent-key-unreadable", path=str(certificate_path)) from None
        if certificates[0].public_key() != private_key.public_key():
            raise PreconditionNotMet("agent-certificate-mismatch", path=str(certificate_path))
        return cls(private_key, chain_pem)

    def sign(self, data: bytes) -> bytes:
        """Sign with ECDSA on P-256 and SHA-256; the signature is DER, as openssl takes it."""
        return self._private_key.sign(data, ec.ECDSA(hashes.SHA256()))

    @property
    def certificate(self) -> x509.Certificate:
        """The agent's own certificate."""
        return self._certificates[0]

    @property
    def fingerprint(self) -> str:
        """SHA-256 of the public key (SubjectPublicKeyInfo, DER), lower-case hex."""
        return fingerprint(self.certificate)

    @property
    def self_signed(self) -> bool:
        """True where nobody else certified the key."""
        return self.certificate.issuer == self.certificate.subject

    def __repr__(self) -> str:
        return f"AgentKey({self.fingerprint[:16]}…)"

    def __reduce__(self) -> NoReturn:
        raise TypeError("an agent key is not pickled")


@contextmanager
def credential_files(home: Path, at: datetime) -> Iterator[tuple[Path, Path]]:
    """Lend the files that TLS reads certificate and key from.

    A home without a key lends throw-away ones, made here and gone at the end: to look at a terminal should not leave a
    signing key behind.

    Args:
        home: Home folder.
        at: Present time.

    Yields:
        The certificate with its chain, and the private key, PEM.

    Raises:
        PreconditionNotMet: As `AgentKey.load`, but for ``agent-key-missing``.
    """
    key_path, certificate_path = _paths(home)
    if key_path.exists() and certificate_path.exists():
        AgentKey.load(home)
        yield certificate_path, key_path
        return
    made = ec.generate_private_key(ec.SECP256R1())
    own = _self_signed(made, "posretire agent without a key", (at - ONE_DAY).replace(microsecond=0))
    with TemporaryDirectory(prefix="posretire-") as folder:  # made for its owner alone, 0700
        certificate_path, key_path = Path(folder) / "agent.pem", Path(folder) / "agent.key"
        write_private(key_path, made.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
        write_private(certificate_path, own.public_bytes(Encoding.PEM))
        yield certificate_path, key_path


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


def _paths(home: Path) -> tuple[Path, Path]:
    return home / "keys" / "agent.key", home / "keys" / "agent.pem"


def _complete(home: Path, name: str, at: datetime) -> bool:
    """Make what is missing of key, trust and certificate, each only where no other process was first.

    The certificate is chosen before it is trusted, and trusted before it is in its place: a run that is cut off leaves
    nothing that `AgentKey.load` would take, and none that lost is ever trusted.

    Returns:
        True where this call put the certificate into its place.
    """
    private_folder(home, "keys")
    key_path, certificate_path = _paths(home)
    if not key_path.exists():
        made = ec.generate_private_key(ec.SECP256R1())
        _first(key_path, made.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()), 0o600)
    private_key = _read_private(key_path)
    own = _self_signed(private_key, f"posretire agent {name}", at.replace(microsecond=0))
    chosen = certificate_path.with_name(f".agent-{fingerprint(own)[:16]}.pem")
    _first(chosen, own.public_bytes(Encoding.PEM))
    try:
        pem = _chosen_pem(chosen, private_key)
        # The choice is taken away once the certificate is in its place, never before. So where there is no certificate
        # yet, even after the reading, what was read is the only choice there has been.
        if pem is None or certificate_path.exists():
            return False
        digest = read_pem(pem, "agent")[0].fingerprint(hashes.SHA256()).hex()
        trusted = home / "trust" / AGENTS
        trusted.mkdir(parents=True, exist_ok=True)
        _first(trusted / f"agent-{digest[:16]}.pem", pem)
        return _first(certificate_path, pem)
    finally:
        if certificate_path.exists():
            chosen.unlink(missing_ok=True)


def _chosen_pem(path: Path, private_key: ec.EllipticCurvePrivateKey) -> bytes | None:
    """Read the certificate that was chosen; None where another process has just put it into its place."""
    try:
        pem = read_file(path, max_bytes=MAX_PEM_BYTES).head
        if read_pem(pem, "agent")[0].public_key() != private_key.public_key():
            raise PreconditionNotMet("agent-certificate-mismatch", path=str(path))
    except FileNotFoundError:
        return None
    except EvidenceRejected:
        raise PreconditionNotMet("agent-key-unreadable", path=str(path)) from None
    return pem


def _first(path: Path, data: bytes, mode: int = 0o644) -> bool:
    """Write a file where there is none, and tell whether this call did."""
    try:
        write_new(path, data, mode)
    except FileExistsError:
        return False
    return True


def _read_private(path: Path) -> ec.EllipticCurvePrivateKey:
    try:
        with opened(path) as handle:
            if os.name == "posix" and stat.S_IMODE(os.fstat(handle).st_mode) & 0o077:
                raise PreconditionNotMet("agent-key-exposed", path=str(path))
            data = os.read(handle, MAX_KEY_BYTES)
        key = load_pem_private_key(data, password=None)
    except (OSError, ValueError, TypeError, UnsupportedAlgorithm, EvidenceRejected):
        raise PreconditionNotMet("agent-key-unreadable", path=str(path)) from None
    if not isinstance(key, ec.EllipticCurvePrivateKey) or not isinstance(key.curve, ec.SECP256R1):
        raise PreconditionNotMet("agent-key-unreadable", path=str(path))
    return key


def _self_signed(key: ec.EllipticCurvePrivateKey, name: str, at: datetime) -> x509.Certificate:
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(at)
        .not_valid_after(at + VALIDITY)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(
            # Content commitment (non-repudiation) is what PAdES signers ask for.
            x509.KeyUsage(
                digital_signature=True,
                content_commitment=True,
                key_encipherment=False,
                data_encipherment=False,
                key_agreement=False,
                key_cert_sign=False,
                crl_sign=False,
                encipher_only=False,
                decipher_only=False,
            ),
            critical=True,
        )
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(key, hashes.SHA256())
    )
