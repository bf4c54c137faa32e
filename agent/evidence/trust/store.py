"""Whom the evidence is checked against: makers of terminals, agents and timestamp authorities, from trust folders.

A trust folder holds ``makers/*.pem`` (roots of makers), ``agents/*.pem`` (roots of agents, or certificates of single
agents), ``tsa/*.pem`` (roots of timestamp authorities), beside them as ``*.crl`` what they revoked (PEM or DER), and
``logs/*.vkey`` (keys of logs of cases, one a line). Makers, agents, logs and timestamp authorities are apart: none can
vouch for another's part.
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
from agent.evidence.errors import EvidenceRejected, NotCheckable
from agent.evidence.files import read_file
from agent.evidence.trust.certificates import (
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
from agent.evidence.trust.revocation import revocation_of, spoils_statement, spoils_timestamp

MAKERS = "makers"
AGENTS = "agents"
AUTHORITIES = "tsa"
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
        authorities: Roots of timestamp authorities.
        agent_revocations: Lists of what the roots of agents revoked.
        authority_revocations: Lists of what the roots of timestamp authorities revoked.
    """

    makers: tuple[x509.Certificate, ...] = ()
    agents: tuple[x509.Certificate, ...] = ()
    revocations: tuple[x509.CertificateRevocationList, ...] = ()
    logs: tuple[Vkey, ...] = ()
    authorities: tuple[x509.Certificate, ...] = ()
    agent_revocations: tuple[x509.CertificateRevocationList, ...] = ()
    authority_revocations: tuple[x509.CertificateRevocationList, ...] = ()

    @classmethod
    def load(cls, directories: Sequence[Path]) -> TrustStore:
        """Read trust folders; a folder without one of the parts adds nothing to it.

        Args:
            directories: The folders.

        Raises:
            UsageFault: ``trust-unreadable``: a folder is not there, or a file in it holds no certificate, no
                revocation list or no key of a log.
        """
        certificates: dict[str, list[x509.Certificate]] = {part: [] for part in (MAKERS, AGENTS, AUTHORITIES)}
        lists: dict[str, list[x509.CertificateRevocationList]] = {part: [] for part in certificates}
        for directory in directories:
            if not directory.is_dir():
                raise UsageFault("trust-unreadable", path=str(directory))
            for part in certificates:
                certificates[part].extend(_certificates(directory / part))
                lists[part].extend(_revocations(directory / part))
        logs = [vkey for directory in directories for vkey in _logs(directory / LOGS)]
        return cls(
            makers=tuple(dict.fromkeys(certificates[MAKERS])),
            agents=tuple(dict.fromkeys(certificates[AGENTS])),
            revocations=tuple(lists[MAKERS]),
            logs=tuple(dict.fromkeys(logs)),
            authorities=tuple(dict.fromkeys(certificates[AUTHORITIES])),
            agent_revocations=tuple(lists[AGENTS]),
            authority_revocations=tuple(lists[AUTHORITIES]),
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

    def check_agent(self, chain: Sequence[x509.Certificate], at: datetime, proven: datetime | None = None) -> str:
        """Check the chain of an agent's certificate.

        Args:
            chain: The agent's certificate first.
            at: When it has to be valid: when the agent says that it signed.
            proven: When a timestamp authority saw what was signed, or None; what a revocation is held against.

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
        roots = tuple(each for each in self.agents if is_authority(each))
        if chain[0] in self.agents and not is_authority(chain[0]):
            check_leaf(chain[0], at, "agent")
            followed = vouched = tuple(chain[:1])
        elif roots:
            followed = check_chain(chain, roots, at, "agent")
            vouched = followed[:-1]
        else:
            raise EvidenceRejected("certificate-chain", where="agent")
        for each in vouched:
            revocation = revocation_of(each, (*followed[1:], *roots), self.agent_revocations)
            if revocation is not None and spoils_statement(revocation, at, proven):
                raise EvidenceRejected("certificate-revoked", where="agent")
        return common_name(followed[-1])

    def check_authority(self, chain: Sequence[x509.Certificate], at: datetime) -> tuple[x509.Certificate, ...]:
        """Check the chain of a timestamp authority's certificate.

        Args:
            chain: The authority's certificate first.
            at: What time it put on the timestamp; it has to be valid then.

        Returns:
            The chain to the root: the authority's certificate first.

        Raises:
            NotCheckable: ``authorities-unknown``: no timestamp authority is trusted here.
            EvidenceRejected: ``certificate-chain``: the chain leads to none of them; ``certificate-revoked``.
        """
        where = "timestamp authority"
        roots = tuple(each for each in self.authorities if is_authority(each))
        if not roots:
            raise NotCheckable("authorities-unknown")
        followed = check_chain(chain, roots, at, where, may_stamp=True)
        for each in followed[:-1]:
            revocation = revocation_of(each, (*followed[1:], *roots), self.authority_revocations)
            if revocation is not None and spoils_timestamp(revocation, at):
                raise EvidenceRejected("certificate-revoked", where=where)
        return followed


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
