"""Installing the chain that a company's authority issued for the agent's key.

The chain goes into ``keys/agent.pem`` and so into every bundle; its root does not: whoever verifies has it from the
company, in ``agents/`` of a trust folder.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding

from agent.errors import PreconditionNotMet, UsageFault
from agent.evidence.errors import EvidenceRejected
from agent.evidence.files import read_file, write_durable
from agent.evidence.keys.agent_key import AgentKey, certificate_of, trust_certificate
from agent.evidence.keys.store import first
from agent.evidence.trust.certificates import (
    MAX_CHAIN,
    MAX_PEM_BYTES,
    check_chain,
    common_name,
    is_authority,
    read_pem,
    write_pem,
)


@dataclass(frozen=True)
class IssuedChain:
    """A chain for an agent's key, sorted and checked.

    Args:
        certificates: The agent's own first, then what certified it, without the root.
        root: The root, where it was among what was given.
        others: What was given besides and is no part of the chain.
    """

    certificates: tuple[x509.Certificate, ...]
    root: x509.Certificate | None
    others: tuple[x509.Certificate, ...]

    @property
    def pem(self) -> bytes:
        """What is installed."""
        return write_pem(self.certificates)


def read_chain_files(paths: Sequence[Path]) -> tuple[x509.Certificate, ...]:
    """Read certificates in PEM out of files.

    Raises:
        UsageFault: ``chain-missing``: there is no such file, or it may not be read; ``chain-unreadable``: it holds no
            certificate.
    """
    found: list[x509.Certificate] = []
    for path in paths:
        try:
            found += read_pem(read_file(path.resolve(), max_bytes=MAX_PEM_BYTES).head, path.name)
        except OSError as fault:
            raise UsageFault("chain-missing", path=str(path), why=fault.strerror or type(fault).__name__) from None
        except EvidenceRejected:
            raise UsageFault("chain-unreadable", path=str(path)) from None
    return tuple(dict.fromkeys(found))


def issued_chain(key: AgentKey, given: Sequence[x509.Certificate], at: datetime) -> IssuedChain:
    """Sort certificates into the chain of the agent's key, and check all of it.

    Args:
        key: The agent's key.
        given: Certificates in any order.
        at: Present time.

    Raises:
        PreconditionNotMet: ``chain-other-key``: none is of this key; ``chain-ambiguous``: several are; ``chain-time``:
            the agent's is not valid now; ``chain-usage``: it may not sign, or not commit to content (nonRepudiation);
            ``chain-broken``: the links do not verify (RFC 5280, section 6), or one is missing.
    """
    own = [each for each in given if each.public_key() == key.certificate.public_key()]
    if not own:
        raise PreconditionNotMet("chain-other-key", fingerprint=key.fingerprint[:16])
    if len(own) > 1:
        raise PreconditionNotMet("chain-ambiguous", count=len(own))
    leaf = own[0]
    _check_leaf(leaf, at)
    chain = [leaf]
    while (issuer := _issuer_of(chain[-1], given)) is not None and issuer not in chain:
        chain.append(issuer)
    root = chain.pop() if len(chain) > 1 and chain[-1].issuer == chain[-1].subject else None
    top = root or chain[-1]
    if len(chain) > MAX_CHAIN:
        raise PreconditionNotMet("chain-broken")
    if top is not leaf:
        try:
            check_chain(chain if root else chain[:-1], [top], at, "agent")
        except EvidenceRejected:
            raise PreconditionNotMet("chain-broken") from None
    others = tuple(each for each in given if each not in chain and each != root)
    if top is leaf and any(is_authority(each) for each in others):
        raise PreconditionNotMet("chain-broken")  # authorities were given, and none of them issued it
    return IssuedChain(tuple(chain), root, others)


def install_chain(home: Path, key: AgentKey, chain: IssuedChain, *, trust_root: bool = False) -> Path | None:
    """Put the chain into its place at once, and keep what was there beside it.

    Args:
        home: Home folder.
        key: The agent's key, as it was certified before.
        chain: What is installed.
        trust_root: Whether the root is trusted in this home.

    Returns:
        Where the earlier certificate is now; None where it is the same.

    Raises:
        UsageFault: ``chain-no-root``: there is no root to trust; ``keys-unwritable``.
    """
    if trust_root and chain.root is None:
        raise UsageFault("chain-no-root")
    place = certificate_of(home)
    try:
        if trust_root and chain.root is not None:
            trust_certificate(home, chain.root.public_bytes(Encoding.PEM))
        if chain.pem == key.chain_pem:
            return None
        digest = key.certificate.fingerprint(hashes.SHA256()).hex()
        earlier = place.with_name(f"agent-{digest[:16]}.pem")
        first(earlier, key.chain_pem)
        write_durable(place, chain.pem)
    except OSError as fault:
        raise UsageFault("keys-unwritable", path=str(home), why=fault.strerror or "") from None
    return earlier


def _check_leaf(leaf: x509.Certificate, at: datetime) -> None:
    if not leaf.not_valid_before_utc <= at <= leaf.not_valid_after_utc:
        ends = leaf.not_valid_after_utc.date().isoformat()
        raise PreconditionNotMet("chain-time", begins=leaf.not_valid_before_utc.date().isoformat(), ends=ends)
    try:
        usage = leaf.extensions.get_extension_for_class(x509.KeyUsage).value
    except x509.ExtensionNotFound:
        raise PreconditionNotMet("chain-usage", name=common_name(leaf)) from None
    if not (usage.digital_signature and usage.content_commitment) or is_authority(leaf):
        raise PreconditionNotMet("chain-usage", name=common_name(leaf))


def _issuer_of(certificate: x509.Certificate, given: Sequence[x509.Certificate]) -> x509.Certificate | None:
    for each in given:
        if each.subject == certificate.issuer and each != certificate:
            try:
                certificate.verify_directly_issued_by(each)
            except (InvalidSignature, ValueError, TypeError, UnsupportedAlgorithm):
                continue
            return each
    return None
