"""What is made of a signed statement: its timestamp, its place in the log of cases, its page for people.

The statement names these files beforehand, so none can be taken away, and each is bound to the statement's bytes, so
none can be another's. One that cannot be made is not promised: the statement is then signed anew without it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Protocol

from agent.errors import AgentError
from agent.evidence.bundle import CERTIFICATE, STATEMENT_LOGGED, TIMESTAMP
from agent.evidence.checks.log import check_log_statement
from agent.evidence.errors import EvidenceRejected
from agent.evidence.facts import Effect
from agent.evidence.material import Material
from agent.evidence.page.check import check_certificate
from agent.evidence.statement import ReadStatement
from agent.evidence.timestamp.check import check_timestamp


class AttachmentUnavailable(AgentError):
    """A file of the statement cannot be made now; the case goes on without it, and its statement says so."""

    effect = Effect.NOTE
    """What its absence does to the result."""


class NeededAttachmentUnavailable(AttachmentUnavailable):
    """The same of a file that the case was to have, or whose making showed something wrong: nobody can say PASS."""

    effect = Effect.UNKNOWN


class AttachmentMaker(Protocol):
    """Makes one of the files."""

    @property
    def name(self) -> str:
        """Name of the file, one of `agent.evidence.bundle.ATTACHMENTS`."""

    def make(self, envelope: bytes) -> bytes:
        """Make the file.

        Args:
            envelope: The signed statement, the bytes of ``statement.dsse.json``.

        Raises:
            AttachmentUnavailable: It cannot be made; its code becomes a finding in the statement.
        """


@dataclass(frozen=True)
class Attached:
    """What the checks of these files look at.

    Args:
        material: The evidence, the files among it.
        envelope: The signed statement, the bytes of ``statement.dsse.json``.
        statement: The same as read; its signature is a check of its own.
    """

    material: Material
    envelope: bytes
    statement: ReadStatement


AttachedCheck = Callable[[Attached], None]

ATTACHED_CHECKS: Mapping[str, tuple[str, AttachedCheck]] = {
    TIMESTAMP: ("timestamp", check_timestamp),
    STATEMENT_LOGGED: ("log-statement", check_log_statement),
    CERTIFICATE: ("certificate", check_certificate),
}
"""Name of the check and the check itself, by the file that it is about."""

NEUTRAL = frozenset({"authorities-unknown", "certificate-pdf-renderer"})
"""What cannot be checked without harm: a timestamp that nobody here can judge is as good as none; and a page that an
earlier version drew in its way must not spoil a case for ever. The statement is attached to it and its signature holds;
that the page says the same was checked by the version that issued it, and that version can draw it again.
"""


def check_attachments(attached: Attached) -> None:
    """The files are exactly those that the statement promises.

    Raises:
        EvidenceRejected: ``attachments-differ``.
    """
    promised, found = attached.statement.facts.attachments, attached.material.files.attachments
    for name in sorted({*promised, *found}):
        if name not in promised or name not in found:
            raise EvidenceRejected("attachments-differ", file=name)
