"""The agent's signing key on P-256, with its certificate beside it.

::

    HOME/keys/agent.toml           where the key is, where it is not in the file below (`agent.evidence.keys.settings`)
    HOME/keys/agent.key            PKCS#8 PEM, 0600, under a passphrase or not
    HOME/keys/agent.pem            certificate, or a chain with the agent's own first
    HOME/trust/agents/<name>.pem   copy of the certificate, so that the owner's own verify trusts it

Several processes may find a home without a key at the same time. Each file is put into its place whole and never over
another, so that all of them end with the same key and the same certificate.
"""

from __future__ import annotations

import re
from datetime import datetime
from pathlib import Path
from typing import NoReturn

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding

from agent.errors import PreconditionNotMet, UsageFault
from agent.evidence.errors import EvidenceRejected
from agent.evidence.files import read_file
from agent.evidence.keys.agent_certificate import certificate_request, self_signed, subject_of
from agent.evidence.keys.encryption import encrypted_at_once
from agent.evidence.keys.settings import FILE, KeySettings, read_settings
from agent.evidence.keys.store import NewKey, first, has_key, make_key, open_key, where_kept
from agent.evidence.keys.unlocking import Unlock, from_settings
from agent.evidence.trust.certificates import MAX_PEM_BYTES, fingerprint, read_pem, write_pem
from agent.evidence.trust.store import AGENTS
from agent.home import private_folder

_NAME = re.compile(r"[^\x00-\x1f\x7f-\x9f\ud800-\udfff]{1,40}")


class AgentChain:
    """The agent's certificate and what certified it.

    Args:
        chain_pem: The agent's own first.
        store: Where its key is kept; one of `agent.evidence.keys.settings.STORES`.
    """

    __slots__ = ("_certificates", "chain_pem", "store")

    def __init__(self, chain_pem: bytes, store: str = FILE) -> None:
        self._certificates = read_pem(chain_pem, "agent")
        self.chain_pem = write_pem(self._certificates)  # whatever stood around them in the file of the key
        self.store = store

    @staticmethod
    def shown(home: Path, unlock: Unlock) -> AgentChain:
        """Read the certificate for people to see: with its key, or without where that waits for its passphrase.

        Raises:
            UsageFault: As `AgentKey.load`.
            PreconditionNotMet: As `AgentKey.load`, but for ``key-passphrase-missing``.
        """
        try:
            return AgentKey.load(home, unlock)
        except PreconditionNotMet as fault:
            if fault.code != "key-passphrase-missing":
                raise
        return AgentChain(_read_chain(certificate_of(home)), (read_settings(home) or KeySettings()).store)

    @property
    def certificate(self) -> x509.Certificate:
        """The agent's own certificate."""
        return self._certificates[0]

    @property
    def certificates(self) -> tuple[x509.Certificate, ...]:
        """The agent's own certificate, then what certified it."""
        return self._certificates

    @property
    def fingerprint(self) -> str:
        """SHA-256 of the public key (SubjectPublicKeyInfo, DER), lower-case hex."""
        return fingerprint(self.certificate)

    @property
    def self_signed(self) -> bool:
        """True where nobody else certified the key."""
        return self.certificate.issuer == self.certificate.subject


class AgentKey(AgentChain):
    """Signs statements. Neither prints nor pickles its private key (I4).

    Args:
        private_key: On P-256.
        chain_pem: Its certificate first, then what certified it.
        store: Where the key is kept.
    """

    __slots__ = ("_private_key",)

    def __init__(self, private_key: ec.EllipticCurvePrivateKey, chain_pem: bytes, store: str = FILE) -> None:
        super().__init__(chain_pem, store)
        self._private_key = private_key

    @classmethod
    def create(
        cls,
        home: Path,
        name: str,
        *,
        at: datetime,
        anew: bool = False,
        wanted: NewKey = NewKey(),  # noqa: B008 - frozen
    ) -> AgentKey:
        """Make a key and a self-signed certificate, and trust it in this home; or load what another process made.

        Where an earlier run was cut off, what it left is completed: its key, and its certificate, are used.

        Args:
            home: Home folder.
            name: What the agent is called, at most 40 characters.
            at: Present time; the certificate holds for ten years from then.
            anew: Refuse where there is a key with its certificate already, rather than load it.
            wanted: How a key is kept that is made here.

        Raises:
            UsageFault: ``agent-name``, ``keys-unwritable``, or what its place lacks.
            PreconditionNotMet: ``agent-key-exists``, ``agent-certificate-mismatch``: there is a certificate and its key
                is gone; or as `load`.
        """
        if not _NAME.fullmatch(name):
            raise UsageFault("agent-name")
        certificate_path = certificate_of(home)
        try:
            # The key comes before its certificate, so a certificate without one was not left by a process under way.
            if certificate_path.exists() and not has_key(home):
                raise PreconditionNotMet("agent-certificate-mismatch", path=str(certificate_path))
            won = not certificate_path.exists() and _complete(home, name, at, wanted)
        except OSError as fault:
            raise UsageFault("keys-unwritable", path=str(home), why=fault.strerror or "") from None
        if anew and not won:
            raise PreconditionNotMet("agent-key-exists", path=where_kept(home, read_settings(home)))
        return cls.load(home, wanted.unlock)

    @classmethod
    def load(cls, home: Path, unlock: Unlock = from_settings) -> AgentKey:
        """Open the key of this home.

        Args:
            home: Home folder.
            unlock: Knows the passphrase of the key, or the PIN of its token, where it has one.

        Raises:
            UsageFault: ``key-settings-unreadable``, or a token's library cannot be used.
            PreconditionNotMet: ``agent-key-missing``, ``agent-key-exposed`` (others may read it),
                ``agent-key-unreadable``, ``agent-certificate-mismatch``, or what keeps the key from being used:
                ``key-passphrase-…``, ``keyring-…``, ``token-…``.
        """
        certificate_path = certificate_of(home)
        settings = read_settings(home)
        if not has_key(home) or not certificate_path.exists():
            raise PreconditionNotMet("agent-key-missing", path=where_kept(home, settings))
        private_key = open_key(home, settings, unlock)
        loaded = cls(private_key, _read_chain(certificate_path), (settings or KeySettings()).store)
        if loaded.certificate.public_key() != private_key.public_key():
            raise PreconditionNotMet("agent-certificate-mismatch", path=str(certificate_path))
        return loaded

    def sign(self, data: bytes) -> bytes:
        """Sign with ECDSA on P-256 and SHA-256; the signature is DER, as openssl takes it. Threads may sign at once.

        Raises:
            PreconditionNotMet: ``token-lost``: the key is in a token that is gone.
        """
        return self._private_key.sign(data, ec.ECDSA(hashes.SHA256()))

    def request(self) -> bytes:
        """Write a request for a certificate of this key's subject (PKCS#10), PEM.

        Raises:
            PreconditionNotMet: As `sign`.
        """
        return certificate_request(self._private_key, self.certificate.subject)

    def lend(self, password: bytes) -> bytes | None:
        """Write the private key under a password as random as a key, PEM; None where it does not leave its token."""
        try:
            return encrypted_at_once(self._private_key, password)
        except UnsupportedAlgorithm:
            return None

    def with_chain(self, chain_pem: bytes) -> AgentKey:
        """Return this key with another certificate of it."""
        return AgentKey(self._private_key, chain_pem, self.store)

    def __repr__(self) -> str:
        return f"AgentKey({self.fingerprint[:16]}…)"

    def __reduce__(self) -> NoReturn:
        raise TypeError("an agent key is not pickled")


def certificate_of(home: Path) -> Path:
    """Return where a home keeps the agent's certificate."""
    return home / "keys" / "agent.pem"


def _read_chain(path: Path) -> bytes:
    try:
        chain_pem = read_file(path, max_bytes=MAX_PEM_BYTES).head
        read_pem(chain_pem, "agent")
    except (OSError, EvidenceRejected):
        raise PreconditionNotMet("agent-key-unreadable", path=str(path)) from None
    return chain_pem


def _complete(home: Path, name: str, at: datetime, wanted: NewKey) -> bool:
    """Make what is missing of key, trust and certificate, each only where no other process was first.

    The certificate is chosen before it is trusted, and trusted before it is in its place: a run that is cut off leaves
    nothing that `AgentKey.load` would take, and none that lost is ever trusted.

    Returns:
        True where this call put the certificate into its place.
    """
    private_folder(home, "keys")
    certificate_path = certificate_of(home)
    if not has_key(home):
        make_key(home, wanted)
    private_key = open_key(home, read_settings(home), wanted.unlock)
    own = self_signed(private_key, subject_of(name), at.replace(microsecond=0))
    chosen = certificate_path.with_name(f".agent-{fingerprint(own)[:16]}.pem")
    first(chosen, own.public_bytes(Encoding.PEM))
    try:
        pem = _chosen_pem(chosen, private_key)
        # The choice is taken away once the certificate is in its place, never before. So where there is no certificate
        # yet, even after the reading, what was read is the only choice there has been.
        if pem is None or certificate_path.exists():
            return False
        trust_certificate(home, pem)
        return first(certificate_path, pem)
    finally:
        if certificate_path.exists():
            chosen.unlink(missing_ok=True)


def trust_certificate(home: Path, pem: bytes) -> Path:
    """Have this home trust a certificate of an agent, or of who certifies agents.

    Args:
        home: Home folder.
        pem: One certificate.

    Returns:
        The file that it is in now.

    Raises:
        OSError: It cannot be written.
    """
    digest = read_pem(pem, "agent")[0].fingerprint(hashes.SHA256()).hex()
    trusted = home / "trust" / AGENTS
    trusted.mkdir(parents=True, exist_ok=True)
    first(trusted / f"agent-{digest[:16]}.pem", pem)
    return trusted / f"agent-{digest[:16]}.pem"


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
