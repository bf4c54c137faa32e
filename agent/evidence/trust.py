"""Whom the evidence is checked against: makers of terminals and agents, from folders of certificates.

A trust folder holds ``makers/*.pem`` (roots of makers), ``makers/*.crl`` (what they revoked, PEM or DER) and
``agents/*.pem`` (roots of agents, or certificates of single agents), and ``logs/*.vkey`` (keys of logs of cases, one a
line). Makers, agents, logs and timestamp authorities are apart: none can vouch for another's part.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import TypeVar

from cryptography import x509

from agent.errors import UsageFault
from agent.evidence.caselog.keys import LOGS, VKEY_ENDING
from agent.evidence.caselog.notes import Vkey, parse_vkey
from agent.evidence.certificates import (
    MAX_CHAIN,
    MAX_PEM_BYTES,
    check_chain,
    check_leaf,
    common_name,
    is_authority,
    is_revoked,
    p256_key,
    read_crl,
    read_pem,
)
from agent.evidence.errors import EvidenceRejected, NotCheckable
from agent.evidence.files import read_file

MAKERS = "makers"
AGENTS = "agents"
MAX_FILES = 1_000
MAX_CRL_BYTES = 4 << 20

ReadT = TypeVar("ReadT")


@dataclass(frozen=True)
class TrustStore:
    """Certificates that are trusted.

    Args:
        makers: Roots that makers certify terminals with.
        agents: Roots that certify agents, and certificates of single agents.
        revocations: Lists of what makers revoked.
        logs: Keys of logs of cases.
    """

    makers: tuple[x509.Certificate, ...] = ()
    agents: tuple[x509.Certificate, ...] = ()
    revocations: tuple[x509.CertificateRevocationList, ...] = ()
    logs: tuple[Vkey, ...] = ()

    @classmethod
    def load(cls, directories: Sequence[Path]) -> TrustStore:
        """Read trust folders; a folder without one of the parts adds nothing to it.

        Args:
            directories: The folders.

        Raises:
            UsageFault: ``trust-unreadable``: a folder is not there, or a file in it holds no certificate, no
                revocation list or no key of a log.
        """
        revocations: list[x509.CertificateRevocationList] = []
        makers: list[x509.Certificate] = []
        agents: list[x509.Certificate] = []
        for directory in directories:
            if not directory.is_dir():
                raise UsageFault("trust-unreadable", path=str(directory))
            makers.extend(_certificates(directory / MAKERS))
            agents.extend(_certificates(directory / AGENTS))
            revocations.extend(_revocations(directory / MAKERS))
        logs = [vkey for directory in directories for vkey in _logs(directory / LOGS)]
        return cls(
            tuple(dict.fromkeys(makers)),
            tuple(dict.fromkeys(agents)),
            tuple(revocations),
            logs=tuple(dict.fromkeys(logs)),
        )

    @property
    def maker_roots(self) -> tuple[x509.Certificate, ...]:
        """Those of the makers' certificates that may certify terminals."""
        return tuple(each for each in self.makers if is_authority(each))

    def revoked(self, certificate: x509.Certificate, at: datetime) -> bool:
        """Tell whether a maker that is trusted here had revoked a terminal's certificate.

        Args:
            certificate: The terminal's.
            at: At what time.
        """
        return is_revoked(certificate, self.maker_roots, self.revocations, at)

    def check_maker(self, chain: Sequence[x509.Certificate], at: datetime) -> x509.Certificate:
        """Check the chain of a terminal's certificate.

        Args:
            chain: The terminal's certificate first.
            at: When it has to be valid.

        Returns:
            The maker's root.

        Raises:
            NotCheckable: ``makers-unknown``: no maker is trusted here.
            EvidenceRejected: ``certificate-chain``: the chain leads to none of them; ``certificate-revoked``.
        """
        roots = self.maker_roots
        if not roots:
            raise NotCheckable("makers-unknown")
        followed = check_chain(chain, roots, at, "terminal")
        if any(is_revoked(each, (*followed, *roots), self.revocations, at) for each in followed[:-1]):
            raise EvidenceRejected("certificate-revoked", where="terminal")
        return followed[-1]

    def check_agent(self, chain: Sequence[x509.Certificate], at: datetime) -> str:
        """Check the chain of an agent's certificate.

        Args:
            chain: The agent's certificate first.
            at: When it has to be valid.

        Returns:
            The name of the agent, or of the root that certified it.

        Raises:
            NotCheckable: ``agents-unknown``: no agent is trusted here.
            EvidenceRejected: ``certificate-…``: this one is not.
        """
        if not self.agents:
            raise NotCheckable("agents-unknown")
        if not 1 <= len(chain) <= MAX_CHAIN:
            raise EvidenceRejected("certificate-chain", where="agent")
        p256_key(chain[0], "agent")
        if chain[0] in self.agents and not is_authority(chain[0]):
            check_leaf(chain[0], at, "agent")
            return common_name(chain[0])
        roots = [each for each in self.agents if is_authority(each)]
        if not roots:
            raise EvidenceRejected("certificate-chain", where="agent")
        return common_name(check_chain(chain, roots, at, "agent")[-1])


def _certificates(folder: Path) -> list[x509.Certificate]:
    return [each for data, name in _files(folder, ".pem") for each in _read(read_pem, data, folder / name)]


def _revocations(folder: Path) -> list[x509.CertificateRevocationList]:
    return [_read(read_crl, data, folder / name) for data, name in _files(folder, ".crl")]


def _logs(folder: Path) -> list[Vkey]:
    return [vkey for data, name in _files(folder, VKEY_ENDING) for vkey in _read(_vkeys, data, folder / name)]


def _vkeys(data: bytes, _name: str) -> list[Vkey]:
    try:
        lines = data.decode("ascii").splitlines()
    except UnicodeDecodeError:
        raise EvidenceRejected("log-vkey") from None
    return [parse_vkey(line) for line in lines if line]


def _read(reader: Callable[[bytes, str], ReadT], data: bytes, path: Path) -> ReadT:
    try:
        return reader(data, path.name)
    except EvidenceRejected:
        raise UsageFault("trust-unreadable", path=str(path)) from None


def _files(folder: Path, ending: str) -> Iterator[tuple[bytes, str]]:
    """Yield content and name of a folder's files of one kind; a folder that is not there has none."""
    if not folder.is_dir():
        return
    paths = sorted(islice(folder.iterdir(), MAX_FILES + 1))
    if len(paths) > MAX_FILES:
        raise UsageFault("trust-unreadable", path=str(folder))
    for path in paths:
        if path.suffix != ending or path.name.startswith("."):
            continue
        limit = MAX_PEM_BYTES if ending == ".pem" else MAX_CRL_BYTES
        try:
            # Links are followed here: a trust folder is the user's own, and distributions lay theirs out with links.
            yield read_file(path.resolve(), max_bytes=limit).head, path.name
        except (OSError, EvidenceRejected):
            raise UsageFault("trust-unreadable", path=str(path)) from None
