"""What has to be proven before anything is unbound or wiped, as facts that only the proving functions make."""

from __future__ import annotations

from dataclasses import dataclass

from protocols.terminal import KindTotal


@dataclass(frozen=True)
class VerifiedExport:
    """An export that was written, read back, opened, and found equal to what the terminal says (I1).

    Args:
        sha256: Digest of ``export.age``, lower-case hex.
        size: Its bytes.
        journal_digest: SHA-256 of the terminal's journal dataset, equal to what the terminal says of it.
        records: Number of transactions, equal to the terminal's.
        totals: Per kind and scheme, equal to the terminal's.
        recipients: The age recipients, all present.
    """

    sha256: str
    size: int
    journal_digest: str
    records: int
    totals: tuple[KindTotal, ...]
    recipients: tuple[str, ...]


@dataclass(frozen=True)
class UnbindingProof:
    """Bindings read again after unbinding.

    Args:
        undone: Names of the bindings that are gone.
        pending: Names of those that wait for the platform.
        tusn: Serial number of the terminal they were read from.
    """

    undone: tuple[str, ...]
    pending: tuple[str, ...]
    tusn: str


@dataclass(frozen=True)
class PlatformApproval:
    """The platform's deregistration, or the number under which a person obtained it.

    Args:
        reference: The platform's reference number.
        obtained_by: Who obtained it.
    """

    reference: str
    obtained_by: str
