"""Whom the evidence is checked against: makers of terminals and agents, from folders of certificates.

A trust folder holds ``makers/*.pem`` (roots of makers) and ``agents/*.pem`` (roots of agents, or certificates of single
agents). Makers, agents and timestamp authorities are apart: none can vouch for another's part.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from pathlib import Path

from cryptography import x509

from agent.errors import UsageFault
from agent.evidence.certificates import (
    MAX_CHAIN,
    MAX_PEM_BYTES,
    check_chain,
    check_leaf,
    common_name,
    is_authority,
    p256_key,
    read_pem,
)
from agent.evidence.errors import EvidenceRejected, NotCheckable
from agent.evidence.files import read_file

MAKERS = "makers"
AGENTS = "agents"
MAX_FILES = 1_000


@dataclass(frozen=True)
class TrustStore:
    """Certificates that are trusted.

    Args:
        makers: Roots that makers certify terminals with.
        agents: Roots that certify agents, and certificates of single agents.
    """

    makers: tuple[x509.Certificate, ...] = ()
    agents: tuple[x509.Certificate, ...] = ()

    @classmethod
    def load(cls, directories: Sequence[Path]) -> TrustStore:
        """Read trust folders; a folder without one of the parts adds nothing to it.

        Args:
            directories: The folders.

        Raises:
            UsageFault: ``trust-unreadable``: a folder is not there, or a file in it holds no certificate.
        """
        makers: list[x509.Certificate] = []
        agents: list[x509.Certificate] = []
        for directory in directories:
            if not directory.is_dir():
                raise UsageFault("trust-unreadable", path=str(directory))
            makers.extend(_certificates(directory / MAKERS))
            agents.extend(_certificates(directory / AGENTS))
        return cls(tuple(dict.fromkeys(makers)), tuple(dict.fromkeys(agents)))

    def check_maker(self, chain: Sequence[x509.Certificate], at: datetime) -> str:
        """Check the chain of a terminal's certificate.

        Args:
            chain: The terminal's certificate first.
            at: When it has to be valid.

        Returns:
            The name of the maker's root.

        Raises:
            NotCheckable: ``makers-unknown``: no maker is trusted here.
            EvidenceRejected: ``certificate-chain``: the chain leads to none of them.
        """
        roots = [each for each in self.makers if is_authority(each)]
        if not roots:
            raise NotCheckable("makers-unknown")
        return common_name(check_chain(chain, roots, at, "terminal"))

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
        return common_name(check_chain(chain, roots, at, "agent"))


def _certificates(folder: Path) -> list[x509.Certificate]:
    if not folder.is_dir():
        return []
    found: list[x509.Certificate] = []
    paths = sorted(islice(folder.iterdir(), MAX_FILES + 1))
    if len(paths) > MAX_FILES:
        raise UsageFault("trust-unreadable", path=str(folder))
    for path in paths:
        if path.suffix != ".pem" or path.name.startswith("."):
            continue
        try:
            # Links are followed here: a trust folder is the user's own, and distributions lay theirs out with links.
            found.extend(read_pem(read_file(path.resolve(), max_bytes=MAX_PEM_BYTES).head, path.name))
        except (OSError, EvidenceRejected):
            raise UsageFault("trust-unreadable", path=str(path)) from None
    return found
