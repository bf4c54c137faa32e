"""Getting timestamps from the authority of a case: tried at its start, and made of its statement at its end."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from agent.errors import PreconditionNotMet
from agent.evidence.attachments import AttachmentUnavailable, NeededAttachmentUnavailable
from agent.evidence.bundle import TIMESTAMP
from agent.evidence.dsse import open_envelope
from agent.evidence.errors import EvidenceRejected, NotCheckable
from agent.evidence.statement import read_statement
from agent.evidence.times import CLOCK_TOLERANCE
from agent.evidence.timestamp.check import check_claimed_times
from agent.evidence.timestamp.client import AuthoritySilent, ask_authority
from agent.evidence.timestamp.token import Timestamp, accept_answer
from agent.evidence.trust.store import TrustStore
from agent.evidence.wording import sentence

NONCE_BITS = 64
_UNROOTED = frozenset({"certificate-chain", "authorities-unknown"})


@dataclass(frozen=True)
class Authority:
    """The timestamp authority of a case.

    Args:
        url: Its address.
        trust: Must hold its root, or the issuing function could not verify its own statement.
        needed: Whether the case is to have a timestamp.
        ask: Sends a request to an address and returns the answer; see `agent.evidence.timestamp.client`.
    """

    url: str
    trust: TrustStore
    needed: bool = False
    ask: Callable[[str, bytes], bytes] = ask_authority

    def timestamp(self, data: bytes) -> tuple[bytes, Timestamp]:
        """Have some bytes timestamped.

        Args:
            data: The bytes; only their digest leaves this machine.

        Returns:
            The timestamp as it is kept, and what it says.

        Raises:
            AuthoritySilent: ``timestamp-silent``.
            NotCheckable: ``authorities-unknown``.
            EvidenceRejected: ``timestamp-…`` or ``certificate-…``.
        """
        from agent.evidence.timestamp.layout import build_request

        imprint = hashlib.sha256(data).digest()
        nonce = secrets.randbits(NONCE_BITS)
        return accept_answer(self.ask(self.url, build_request(imprint, nonce)), imprint, nonce, self.trust)

    def try_out(self, wall: Callable[[], datetime]) -> None:
        """Have something timestamped before anything is changed: what is set up wrong shows here and not at the end.

        An authority that is silent now may answer at the end; that stops only a case that is to have a timestamp.

        Args:
            wall: Returns the present time in UTC by this machine's clock.

        Raises:
            PreconditionNotMet: ``timestamp-root-missing``: nobody who is trusted here certified it;
                ``timestamp-authority-wrong``: it answers something else than a good timestamp;
                ``timestamp-authority-silent``: a timestamp is needed, and it does not answer; ``clock-wrong``: this
                machine's clock is more than 300 s away from it.
        """
        try:
            _, timestamp = self.timestamp(secrets.token_bytes(32))
        except AuthoritySilent as fault:
            if self.needed:
                raise PreconditionNotMet("timestamp-authority-silent", url=self.url, why=_why(fault)) from None
            return
        except EvidenceRejected as fault:
            if fault.code in _UNROOTED:
                raise PreconditionNotMet("timestamp-root-missing", url=self.url) from None
            raise PreconditionNotMet("timestamp-authority-wrong", url=self.url, why=sentence(fault)) from None
        away = abs(wall() - timestamp.time)
        if away > CLOCK_TOLERANCE:
            raise PreconditionNotMet("clock-wrong", seconds=round(away.total_seconds()))


@dataclass(frozen=True)
class TimestampMaker:
    """Makes ``statement.tsr``.

    Args:
        authority: The authority of the case.
    """

    authority: Authority
    name: str = TIMESTAMP

    def make(self, envelope: bytes) -> bytes:
        """Have a statement timestamped.

        Args:
            envelope: The signed statement, the bytes of ``statement.dsse.json``.

        Raises:
            AttachmentUnavailable: ``timestamp-unavailable``; ``timestamp-missing`` where one is needed; or
                ``timestamp-clock-off``: the times of the statement are not those of the authority.
        """
        try:
            made, timestamp = self.authority.timestamp(envelope)
        except (AuthoritySilent, EvidenceRejected) as fault:
            if self.authority.needed:
                raise NeededAttachmentUnavailable("timestamp-missing", why=_why(fault)) from None
            raise AttachmentUnavailable("timestamp-unavailable", why=_why(fault)) from None
        try:
            check_claimed_times(read_statement(open_envelope(envelope).payload), timestamp.time)
        except EvidenceRejected as fault:
            # A statement cannot be good beside this timestamp, nor be passed off as good without it.
            seconds = fault.facts.get("seconds", 0)
            raise NeededAttachmentUnavailable("timestamp-clock-off", seconds=seconds) from None
        return made


def _why(fault: AuthoritySilent | EvidenceRejected | NotCheckable) -> str:
    """Say it without a full stop: it goes into another sentence."""
    return str(fault.facts["why"]) if isinstance(fault, AuthoritySilent) else sentence(fault).removesuffix(".")
