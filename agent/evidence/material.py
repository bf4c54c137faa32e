"""The evidence of a case as read from its files: each part either there or with the reason why not."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import Generic, TypeVar

from cryptography import x509

from agent.evidence.bundle import AGENT_CHAIN, DEVICE_POST, DEVICE_PRE, INTENT_LOGGED, TIMESTAMP, BundleFiles
from agent.evidence.caselog.proof import LogProof, read_proof
from agent.evidence.dsse import STATEMENT
from agent.evidence.eat import PeekedEat, VerifiedEat, peek_eat, verify_eat
from agent.evidence.erasure_proof import ERASURE_PROOF, ErasureProof, parse_erasure_proof
from agent.evidence.errors import EvidenceRejected, NotCheckable
from agent.evidence.intent import INTENT, IntendedWipe, Intent, nonce_post, parse_intent
from agent.evidence.job import JOB, Job, nonce_pre, parse_job
from agent.evidence.journal import JOURNAL, JournalLine, read_journal
from agent.evidence.times import parse_time
from agent.evidence.timestamp.token import Timestamp, verify_timestamp
from agent.evidence.trust.certificates import read_pem_strictly
from agent.evidence.trust.store import TrustStore

PartT = TypeVar("PartT")


class Part(Generic[PartT]):
    """One part of the evidence, read when first asked for.

    Args:
        name: Its name.
        read: Reads it.
    """

    def __init__(self, name: str, read: Callable[[], PartT]) -> None:
        self._name = name
        self._read = read

    @cached_property
    def _outcome(self) -> PartT | EvidenceRejected:
        try:
            return self._read()
        except EvidenceRejected as fault:
            return fault

    def report(self) -> PartT:
        """Return it, for the check that is about it.

        Raises:
            EvidenceRejected: What is wrong with it.
        """
        if isinstance(self._outcome, EvidenceRejected):
            raise self._outcome
        return self._outcome

    def need(self) -> PartT:
        """Return it, for a check that cannot be made without it.

        Raises:
            NotCheckable: ``needs``: it is not there or broken, as its own check says.
        """
        if isinstance(self._outcome, EvidenceRejected):
            raise NotCheckable("needs", what=self._name)
        return self._outcome

    def or_none(self) -> PartT | None:
        """Return it, or None where it is not there or broken."""
        return None if isinstance(self._outcome, EvidenceRejected) else self._outcome


class Material:
    """All evidence of a case.

    Args:
        files: The bundle's files.
        trust: Whom to trust.
    """

    def __init__(self, files: BundleFiles, trust: TrustStore) -> None:
        self.files = files
        self.trust = trust
        self.job: Part[Job] = Part(JOB, lambda: parse_job(files.content(JOB)))
        self.intent: Part[Intent] = Part(INTENT, lambda: parse_intent(files.content(INTENT)))
        self.journal: Part[tuple[JournalLine, ...]] = Part(JOURNAL, lambda: read_journal(files.content(JOURNAL)))
        self.erasure_proof: Part[ErasureProof] = Part(
            ERASURE_PROOF, lambda: parse_erasure_proof(files.content(ERASURE_PROOF))
        )
        self.agent: Part[tuple[x509.Certificate, ...]] = Part(
            AGENT_CHAIN, lambda: read_pem_strictly(files.content(AGENT_CHAIN), "agent")
        )
        self.log_proof: Part[LogProof] = Part(INTENT_LOGGED, lambda: read_proof(files.content(INTENT_LOGGED)))
        # What the terminal says, believed or not, so that each check finds its own fault and no other's.
        self.said_before: Part[PeekedEat] = Part(DEVICE_PRE, lambda: peek_eat(files.content(DEVICE_PRE)))
        self.said_after: Part[PeekedEat] = Part(DEVICE_POST, lambda: peek_eat(files.content(DEVICE_POST)))
        self.proven_before: Part[VerifiedEat] = Part(DEVICE_PRE, self._verify_before)
        self.proven_after: Part[VerifiedEat] = Part(DEVICE_POST, self._verify_after)
        self.timestamp: Part[Timestamp] = Part(TIMESTAMP, self._verify_timestamp)

    def intended_wipe(self) -> IntendedWipe:
        """Return what was to be wiped.

        Raises:
            NotCheckable: ``needs``: there is no intent to read, or it is to unbind alone.
        """
        wipe = self.intent.need().wipe
        if wipe is None:
            raise NotCheckable("needs", what="intended wipe")
        return wipe

    @property
    def unbinds_alone(self) -> bool:
        """True where the intent is to unbind the terminal and to wipe nothing."""
        intent = self.intent.or_none()
        return intent is not None and intent.wipe is None

    @property
    def has_erasure_proof(self) -> bool:
        """True where there is the file of a proof of erasure, whatever is in it."""
        return ERASURE_PROOF in self.files.files

    @property
    def has_log_proof(self) -> bool:
        """True where there is the file of a proof that the intent was logged, whatever is in it."""
        return INTENT_LOGGED in self.files.files

    def _verify_before(self) -> VerifiedEat:
        token = self.files.content(DEVICE_PRE)
        return verify_eat(token, self.trust, nonce_pre(self.files.content(JOB)), at=parse_time(self.job.need().opened))

    def _verify_after(self) -> VerifiedEat:
        token = self.files.content(DEVICE_POST)
        proof = self.files.content(ERASURE_PROOF) if self.has_erasure_proof else b""
        nonce = nonce_post(self.files.content(INTENT), proof)
        return verify_eat(token, self.trust, nonce, at=parse_time(self.intent.need().time))

    def _verify_timestamp(self) -> Timestamp:
        token = self.files.content(TIMESTAMP)
        return verify_timestamp(token, bytes.fromhex(self.files.entry(STATEMENT).sha256), self.trust)
