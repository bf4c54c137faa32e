"""Reading ``journal.jsonl`` back: each line canonical, each chained to the one before (the agent writes it)."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass

from agent.evidence.canonical import Json, canonical_json, parse_json
from agent.evidence.errors import EvidenceRejected
from agent.evidence.fields import Fields

JOURNAL = "journal.jsonl"
MAX_BYTES = 16 << 20
MAX_LINE_BYTES = 262_144
MAX_LINES = 100_000
FIRST_PREVIOUS = "0" * 64
EVENTS = ("INTENT", "DONE", "FAILED", "UNKNOWN", "NOTE")


@dataclass(frozen=True)
class JournalLine:
    """One entry of a journal.

    Args:
        case: Number of the case.
        time: RFC 3339.
        event: ``INTENT``, ``DONE``, ``FAILED``, ``UNKNOWN`` or ``NOTE``.
        step: The step of the workflow.
        facts: Evidence.
        hash: SHA-256 of the entry, lower-case hex.
    """

    case: str
    time: str
    event: str
    step: str
    facts: Mapping[str, Json]
    hash: str


def read_journal(data: bytes) -> tuple[JournalLine, ...]:
    """Read a journal whose chain is whole from its first entry.

    Args:
        data: Lines, each ended by a newline.

    Raises:
        EvidenceRejected: ``journal-empty``, ``journal-cut`` (the last line is not ended), ``journal-too-long``,
            ``journal-sequence`` or ``journal-chain`` (an entry was removed, put elsewhere or altered), or what is
            wrong with a line.
    """
    if not data:
        raise EvidenceRejected("journal-empty")
    if not data.endswith(b"\n"):
        raise EvidenceRejected("journal-cut")
    lines = data[:-1].split(b"\n")
    if len(data) > MAX_BYTES or len(lines) > MAX_LINES:
        raise EvidenceRejected("journal-too-long")
    entries: list[JournalLine] = []
    previous = FIRST_PREVIOUS
    for number, line in enumerate(lines, 1):
        entry = _read_line(line, number, previous)
        entries.append(entry)
        previous = entry.hash
    return tuple(entries)


def _read_line(line: bytes, number: int, previous: str) -> JournalLine:
    document = f"{JOURNAL}:{number}"
    value = parse_json(line, document, max_bytes=MAX_LINE_BYTES)
    read = Fields(value, document)
    sequence = read.number("sequence")
    before = read.digest("previous")
    entry = JournalLine(
        case=read.text("case", required=True),
        time=read.time("time"),
        event=read.word("event", EVENTS),
        step=read.text("step", required=True),
        facts=read.anything("facts"),
        hash=read.digest("hash"),
    )
    read.end()
    if sequence != number:
        raise EvidenceRejected("journal-sequence", line=number)
    hashed = {name: field for name, field in value.items() if name != "hash"} if isinstance(value, dict) else {}
    if before != previous or hashlib.sha256(canonical_json(hashed)).hexdigest() != entry.hash:
        raise EvidenceRejected("journal-chain", line=number)
    return entry
