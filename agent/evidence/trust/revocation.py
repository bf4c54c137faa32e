"""What a revocation says of what was signed before it: when it counts from, and whether the key was given up or lost.

The dates and reasons are those of RFC 5280, sections 5.3.1 and 5.3.2.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from cryptography import x509

from agent.evidence.trust.certificates import signed_by

AGENT_CEASED = frozenset(
    {x509.ReasonFlags.affiliation_changed, x509.ReasonFlags.superseded, x509.ReasonFlags.cessation_of_operation}
)
"""The key was given up, and nobody else has it: what it signed before is its owner's."""

AUTHORITY_CEASED = AGENT_CEASED | {x509.ReasonFlags.unspecified}
"""The reasons that leave a timestamp of before as good as it was (RFC 3161, section 4)."""


@dataclass(frozen=True)
class Revocation:
    """A certificate's revocation.

    Args:
        since: From when on its key counts for nothing: when it was revoked, or when it was invalid before that.
        reasons: Why, as each list gives it; None where one gives no reason.
    """

    since: datetime
    reasons: frozenset[x509.ReasonFlags | None]


def revocation_of(
    certificate: x509.Certificate,
    issuers: Sequence[x509.Certificate],
    lists: Sequence[x509.CertificateRevocationList],
) -> Revocation | None:
    """Look a certificate up in the revocation lists.

    A list that is overdue still counts for what it names: the machine may have been without a network for long.

    Args:
        certificate: The certificate.
        issuers: Who may have issued it; a list counts only with the signature of one of them.
        lists: The revocation lists at hand.

    Returns:
        Its revocation, the strictest where several lists name it, or None.
    """
    dates: list[datetime] = []
    reasons: set[x509.ReasonFlags | None] = set()
    for each in lists:
        entry = each.get_revoked_certificate_by_serial_number(certificate.serial_number)
        if each.issuer != certificate.issuer or entry is None or not any(signed_by(each, one) for one in issuers):
            continue
        reason, since = _read(entry)
        if reason is not x509.ReasonFlags.remove_from_crl:
            reasons.add(reason)
            dates.append(since)
    return Revocation(min(dates), frozenset(reasons)) if dates else None


def spoils_statement(revocation: Revocation, claimed: datetime, proven: datetime | None) -> bool:
    """Tell whether the revocation of an agent's certificate spoils a statement.

    Whoever stole a key sets the clock back, so a claimed time is worth nothing once a key is revoked. A time that an
    authority proved counts. Only where the key was given up, and by its reason nobody else has it, does the claimed
    time count without one.

    Args:
        revocation: The revocation.
        claimed: When the statement says that it was made.
        proven: When a timestamp authority saw it, or None.
    """
    if proven is not None:
        return proven >= revocation.since
    return not (revocation.reasons <= AGENT_CEASED and claimed < revocation.since)


def spoils_timestamp(revocation: Revocation, at: datetime) -> bool:
    """Tell whether the revocation of an authority's certificate spoils a timestamp (RFC 3161, section 4).

    Args:
        revocation: The revocation.
        at: When the timestamp says that it was made: only the word of a key that was not lost.
    """
    return not (revocation.reasons <= AUTHORITY_CEASED and at < revocation.since)


def _read(entry: x509.RevokedCertificate) -> tuple[x509.ReasonFlags | None, datetime]:
    """Return why, and since when the key counts for nothing; of an entry that is broken, the strictest."""
    reason, since = None, entry.revocation_date_utc
    try:
        for each in entry.extensions:
            if isinstance(each.value, x509.CRLReason):
                reason = each.value.reason
            elif isinstance(each.value, x509.InvalidityDate):
                since = min(since, each.value.invalidity_date_utc)
    except (ValueError, TypeError, x509.DuplicateExtension):
        return None, datetime.min.replace(tzinfo=UTC)
    return reason, since
