"""The journal of a case: written ahead, one line an entry, each line chained to the one before by SHA-256.

INTENT stands on the disk before an act begins, DONE with its evidence after it. A line is the RFC 8785 form of an
object with the fields of `Entry`; its hash covers all of them but the hash itself.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

import rfc8785

from agent.clock import Clock

FIRST_PREVIOUS = "0" * 64

Fact = str | int | bool | Sequence["Fact"] | Mapping[str, "Fact"]


class JournalEvent(StrEnum):
    """What an entry says of its step."""

    INTENT = "INTENT"
    DONE = "DONE"
    FAILED = "FAILED"
    UNKNOWN = "UNKNOWN"
    """The step broke off, and nobody knows how far it came: the line was lost, an answer did not come."""
    NOTE = "NOTE"


@dataclass(frozen=True)
class Entry:
    """One entry.

    Args:
        case: The case.
        sequence: Counts from 1.
        time: RFC 3339, UTC.
        event: What it says.
        step: The step of the workflow.
        facts: Evidence; never a secret, a full card number or a binding's value (I4).
        previous: Hash of the entry before, 64 zeros for the first.
        hash: SHA-256 over the entry without this field, lower-case hex.
    """

    case: str
    sequence: int
    time: str
    event: JournalEvent
    step: str
    facts: Mapping[str, Fact]
    previous: str
    hash: str

    def line(self) -> bytes:
        """Return the entry as a line of ``journal.jsonl``, without the newline."""
        return rfc8785.dumps({**_hashed_fields(self), "hash": self.hash})


class JournalStore(Protocol):
    """Where entries are kept."""

    def append(self, entry: Entry) -> None:
        """Put an entry on stable storage before returning."""

    def last(self, case: str) -> Entry | None:
        """Return the newest entry of a case, or None."""

    def entries(self, case: str) -> Iterable[Entry]:
        """Return all entries of a case, oldest first."""


class Journal:
    """Writes the entries of one case.

    Args:
        store: Where they go.
        case: The case.
        clock: Tells the time of each entry.
    """

    def __init__(self, store: JournalStore, case: str, clock: Clock) -> None:
        self._store = store
        self._case = case
        self._clock = clock
        self._last = store.last(case)

    def write(self, event: JournalEvent, step: str, facts: Mapping[str, Fact] | None = None) -> Entry:
        """Append an entry; when this returns it is on stable storage."""
        entry = make_entry(self._case, self._last, self._clock.stamp(), event, step, facts or {})
        self._store.append(entry)
        self._last = entry
        return entry

    def lines(self) -> bytes:
        """Return the whole journal as the content of ``journal.jsonl``."""
        return b"".join(entry.line() + b"\n" for entry in self._store.entries(self._case))

    @property
    def head(self) -> Entry | None:
        """The newest entry."""
        return self._last


def make_entry(
    case: str, last: Entry | None, time: str, event: JournalEvent, step: str, facts: Mapping[str, Fact]
) -> Entry:
    """Make the entry that follows ``last`` in a case's chain."""
    sequence, previous = (last.sequence + 1, last.hash) if last else (1, FIRST_PREVIOUS)
    entry = Entry(case, sequence, time, event, step, facts, previous, "")
    digest = hashlib.sha256(rfc8785.dumps(_hashed_fields(entry))).hexdigest()
    return Entry(case, sequence, time, event, step, facts, previous, digest)


def _hashed_fields(entry: Entry) -> dict[str, Fact]:
    return {
        "case": entry.case,
        "event": entry.event.value,
        "facts": entry.facts,
        "previous": entry.previous,
        "sequence": entry.sequence,
        "step": entry.step,
        "time": entry.time,
    }
