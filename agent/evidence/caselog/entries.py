"""The entries of the log of cases: RFC 8785 JSON, one object an entry, nothing in it that only its owner may know.

::

    {"case":C,"kind":"intent","schema":"urn:posretire:log:v1","sha256":H,"time":T}
    {"case":C,"kind":"statement","result":R,"schema":"urn:posretire:log:v1","sha256":H,"time":T}
    {"case":C,"kind":"ended","reason":X,"schema":"urn:posretire:log:v1","sha256":H,"time":T}

There is no blank between these, no newline at the end, and keys stand in this order. C is the number of the case.

* ``intent``: H is the SHA-256 of ``intent.json`` and T the ``time`` in it.
* ``statement``: H is the SHA-256 of ``statement.dsse.json``, T the statement's ``times.issued`` and R its ``result``
  (``PASS``, ``UNKNOWN`` or ``FAIL``).
* ``ended``: a case ended after its intent H and before anything was changed, at T, for the reason X: the code of what
  stopped it.

So the entries of a bundle follow from its files alone, and whoever has both can compute the leaf's hash.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from agent.evidence.canonical import canonical_json, parse_json
from agent.evidence.errors import EvidenceRejected
from agent.evidence.facts import Result
from agent.evidence.fields import Fields

SCHEMA = "urn:posretire:log:v1"
DOCUMENT = "log entry"
MAX_ENTRY_BYTES = 4_096
MAX_WORD = 128


class EntryKind(StrEnum):
    """What an entry is about."""

    INTENT = "intent"
    STATEMENT = "statement"
    ENDED = "ended"


@dataclass(frozen=True)
class LogEntry:
    """One entry.

    Args:
        kind: What it is about.
        case: Number of the case.
        sha256: Of the intent or of the statement, lower-case hex.
        time: RFC 3339.
        result: What the statement says; empty in other entries.
        reason: What ended the case; empty in other entries.
    """

    kind: EntryKind
    case: str
    sha256: str
    time: str
    result: str = ""
    reason: str = ""

    def data(self) -> bytes:
        """Return the bytes of the entry, those that are hashed.

        Raises:
            EvidenceRejected: A text in it is too long or holds control characters.
        """
        row: dict[str, str] = {"case": self.case, "kind": str(self.kind), "schema": SCHEMA, "sha256": self.sha256}
        row["time"] = self.time
        row.update({"result": self.result} if self.kind is EntryKind.STATEMENT else {})
        row.update({"reason": self.reason} if self.kind is EntryKind.ENDED else {})
        data = canonical_json(row)
        parse_entry(data)
        return data


def intent_entry(case: str, sha256: str, time: str) -> LogEntry:
    """Return the entry of an intent, from what its file says."""
    return LogEntry(EntryKind.INTENT, case, sha256, time)


def statement_entry(predicate: Mapping[str, object], sha256: str) -> LogEntry:
    """Return the entry of a statement.

    Args:
        predicate: Its predicate.
        sha256: Digest of ``statement.dsse.json``.

    Raises:
        EvidenceRejected: ``document-field``: the predicate lacks what the entry says.
    """
    times = predicate.get("times")
    issued = times.get("issued") if isinstance(times, Mapping) else None
    case, result = predicate.get("case"), predicate.get("result")
    if not (isinstance(case, str) and isinstance(issued, str) and isinstance(result, str)):
        raise EvidenceRejected("document-field", document=DOCUMENT, field="case")
    return LogEntry(EntryKind.STATEMENT, case, sha256, issued, result=result)


def parse_entry(data: bytes) -> LogEntry:
    """Read an entry.

    Raises:
        EvidenceRejected: ``json-…``, ``document-field`` or ``time-form``.
    """
    read = Fields(parse_json(data, DOCUMENT, max_bytes=MAX_ENTRY_BYTES), DOCUMENT)
    read.word("schema", {SCHEMA})
    kind = EntryKind(read.word("kind", list(EntryKind)))
    entry = LogEntry(
        kind,
        case=read.text("case", maximum=MAX_WORD, required=True),
        sha256=read.digest("sha256"),
        time=read.time("time"),
        result=read.word("result", list(Result)) if kind is EntryKind.STATEMENT else "",
        reason=read.text("reason", maximum=MAX_WORD, required=True) if kind is EntryKind.ENDED else "",
    )
    read.end()
    return entry
