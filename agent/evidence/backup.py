"""What the workflow says of the backup of a terminal's data: further copies, and how long the export is kept.

Both stand in the statement's ``backup`` beside what follows from the evidence, and only where there is any: older
versions wrote neither. A copy's place is named by the last part of its path, since a whole one names people.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from agent.evidence.errors import EvidenceRejected
from agent.evidence.fields import Fields

MAX_COPIES = 8
MAX_PLACE = 64
DOCUMENT = "statement"


@dataclass(frozen=True)
class BackupFacts:
    """What only the workflow knows of the backup.

    Args:
        copies: Where there are further copies of the export, each read back and compared before anything was changed.
        retention_until: Until when the export is kept, as a date, or empty.
        retention_basis: On what basis, or empty.
    """

    copies: tuple[str, ...] = ()
    retention_until: str = ""
    retention_basis: str = ""


NO_FACTS = BackupFacts()


def with_facts(section: dict[str, Any] | None, facts: BackupFacts) -> dict[str, Any] | None:
    """Add the workflow's facts to the section on the backup.

    Args:
        section: What follows from the evidence; None where there is no verified export, and then nothing is said.
        facts: The workflow's.
    """
    if section is None:
        return None
    added: dict[str, Any] = {}
    if facts.copies:
        added["copies"] = list(facts.copies)
    if facts.retention_until or facts.retention_basis:
        added["retention"] = {"until": facts.retention_until, "basis": facts.retention_basis}
    return {**section, **added}


def read_facts(section: Fields | None) -> BackupFacts:
    """Take the workflow's facts back out of the section.

    Raises:
        EvidenceRejected: ``document-field``.
    """
    if section is None:
        return BackupFacts()
    names = section.names()
    copies = section.texts("copies", maximum=MAX_COPIES) if "copies" in names else ()
    if any(len(place) > MAX_PLACE for place in copies):
        raise EvidenceRejected("document-field", document=DOCUMENT, field="predicate.backup.copies")
    if "retention" not in names:
        return BackupFacts(copies)
    retention = section.fields("retention")
    until = retention.text("until")
    try:
        date.fromisoformat(until)
    except ValueError:
        raise EvidenceRejected("document-field", document=DOCUMENT, field="predicate.backup.retention.until") from None
    return BackupFacts(copies, until, retention.text("basis"))
