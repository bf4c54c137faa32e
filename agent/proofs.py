"""What has to be proven before anything is unbound or wiped, as facts that only the proving functions make."""

from __future__ import annotations

from dataclasses import InitVar, dataclass
from typing import Final

from protocols.errors import LocalProtocolError
from protocols.terminal import KindTotal

EXPORT_SEAL: Final = object()
"""For `agent.export.verify` alone, so that nothing else makes a proof; a test looks who else names it."""


@dataclass(frozen=True)
class ExportRecord:
    """What is said of a verified export: by the proof itself, and by the evidence that is read back later.

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
class VerifiedExport(ExportRecord):
    """An export that was written, read back, opened, and found equal to what the terminal says (I1).

    Args:
        seal: Shows that `agent.export.verify` made it.

    Raises:
        LocalProtocolError: Something else tried to make one.
    """

    seal: InitVar[object] = None

    def __post_init__(self, seal: object) -> None:
        """Refuse a proof that nobody proved."""
        if seal is not EXPORT_SEAL:
            raise LocalProtocolError("a verified export is made by verify_export() alone")


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
