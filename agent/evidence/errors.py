"""The errors of evidence: rejected, or not to be judged with what is at hand."""

from __future__ import annotations

from agent.errors import VerificationFailed


class EvidenceRejected(VerificationFailed):
    """A piece of evidence is malformed, forged, of another case, or shows a bad wipe."""


class NotCheckable(EvidenceRejected):
    """A piece of evidence is not there, or whoever could vouch for it is not known here."""
