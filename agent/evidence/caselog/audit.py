"""Auditing a log from end to end: that it is whole, that it only grew, and that nothing in it is left open.

All of it is streamed: what is kept in memory is the tree's edge, the cases that are open, and some bytes a case.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta

from agent.evidence.caselog.edge import Edge, Tile
from agent.evidence.caselog.entries import EntryKind, LogEntry, parse_entry
from agent.evidence.caselog.merkle import leaf_hash
from agent.evidence.caselog.notes import Checkpoint, Vkey, open_checkpoint, read_checkpoint
from agent.evidence.caselog.tiles import WIDTH, Tiles
from agent.evidence.errors import EvidenceRejected
from agent.evidence.times import parse_time

CLOCK_TOLERANCE = timedelta(seconds=300)
LISTED = 1_000
"""How many of each kind are named; all are counted."""

Progress = Callable[[int, int], None]
"""Told how many entries were looked at, and of how many."""


@dataclass(frozen=True)
class Numbered:
    """An entry with its number.

    Args:
        index: From 0.
        entry: The entry.
    """

    index: int
    entry: LogEntry


@dataclass
class Named:
    """Some things that were found: all of them counted, the first of them named.

    Args:
        count: How many.
        first: The first of them.
    """

    count: int = 0
    first: list[Numbered] = field(default_factory=list)

    def add(self, index: int, entry: LogEntry) -> None:
        """Add one."""
        self.count += 1
        if len(self.first) < LISTED:
            self.first.append(Numbered(index, entry))


@dataclass(frozen=True, slots=True)
class LastStatement:
    """The last statement of a case; there may be hundreds of thousands.

    Args:
        index: Its number in the log.
        sha256: Digest, 32 bytes.
        result: What it says.
    """

    index: int
    sha256: bytes
    result: str


@dataclass
class Contents:
    """What the entries of a log say, taken together.

    Args:
        kinds: How many entries of each kind.
        open: The intents that nothing has ended, by their numbers.
        without_intent: Statements of cases whose intent is not in the log before them.
        replaced: Statements that a later one of the same case replaces: it broke off, and was taken up.
        clock_back: Entries whose time is before that of an earlier one by more than five minutes.
        results: How many statements of each result there are, the replaced ones left out.
    """

    kinds: dict[EntryKind, int] = field(default_factory=dict)
    open: dict[int, LogEntry] = field(default_factory=dict)
    without_intent: Named = field(default_factory=Named)
    replaced: Named = field(default_factory=Named)
    clock_back: Named = field(default_factory=Named)
    results: dict[str, int] = field(default_factory=dict)
    statements: dict[str, LastStatement] = field(default_factory=dict, repr=False)
    """The last statement of each case."""
    _open_of: dict[str, list[int]] = field(default_factory=dict, repr=False)
    _latest: str = ""

    def add(self, index: int, entry: LogEntry) -> None:
        """Add the next entry."""
        self.kinds[entry.kind] = self.kinds.get(entry.kind, 0) + 1
        self._look_at_clock(index, entry)
        if entry.kind is EntryKind.INTENT:
            self.open[index] = entry
            self._open_of.setdefault(entry.case, []).append(index)
        elif entry.kind is EntryKind.ENDED:
            self._close(entry.case, entry.sha256)
        else:
            self._add_statement(index, entry)

    def _add_statement(self, index: int, entry: LogEntry) -> None:
        earlier = self.statements.get(entry.case)
        if earlier is not None:
            self.results[earlier.result] -= 1
            self.replaced.add(earlier.index, statement_of(entry.case, earlier))
        elif entry.case not in self._open_of:
            self.without_intent.add(index, entry)
        self._close(entry.case, None)
        self.statements[entry.case] = LastStatement(index, bytes.fromhex(entry.sha256), sys.intern(entry.result))
        self.results[entry.result] = self.results.get(entry.result, 0) + 1

    def _close(self, case: str, sha256: str | None) -> None:
        """Take intents of a case away from those that are open; all of them where no digest is given."""
        left = []
        for index in self._open_of.pop(case, ()):
            if sha256 is None or self.open[index].sha256 == sha256:
                del self.open[index]
            else:
                left.append(index)
        if left:
            self._open_of[case] = left

    def _look_at_clock(self, index: int, entry: LogEntry) -> None:
        if self._latest and entry.time < self._latest:
            if parse_time(entry.time) + CLOCK_TOLERANCE < parse_time(self._latest):
                self.clock_back.add(index, entry)
        else:
            self._latest = entry.time


def statement_of(case: str, last: LastStatement) -> LogEntry:
    """Return the entry of a statement, but for its time, which is not kept."""
    return LogEntry(EntryKind.STATEMENT, case, last.sha256.hex(), "", result=last.result)


def entries_of(tiles: Tiles) -> Iterator[tuple[int, bytes]]:
    """Yield every entry with its number."""
    for number in tiles.bundles():
        for at, data in enumerate(tiles.bundle(number)):
            yield number * WIDTH + at, data


def read_contents(tiles: Tiles, progress: Progress) -> Contents:
    """Read what all entries of a log say, without a look at its tree.

    Raises:
        EvidenceRejected: A file of the log is not there, or an entry in it is none.
    """
    contents = Contents()
    for index, data in entries_of(tiles):
        contents.add(index, parse_entry(data))
        if not index % WIDTH:
            progress(index, tiles.size)
    progress(tiles.size, tiles.size)
    return contents


def check_tree(
    tiles: Tiles, checkpoint: Checkpoint, older: Checkpoint | None, contents: Contents, told: Progress
) -> None:
    """Hash every entry up to the root, hold every tile against that, and read what the entries say.

    Args:
        tiles: The log.
        checkpoint: What it says of itself.
        older: What it said at an earlier visit; None where there was none.
        contents: What its entries say goes in here.
        told: Told how far it is.

    Raises:
        EvidenceRejected: ``log-tile``, ``log-entry-differs`` or ``log-root``: it is not whole; ``log-forked``: its past
            was altered since the earlier visit; ``log-shrunk``; or an entry is none.
    """
    if older is not None and older.size > checkpoint.size:
        raise EvidenceRejected("log-shrunk", old=older.size, new=checkpoint.size)
    edge = Edge()
    _require_prefix(edge, older, checkpoint)
    for index, data in entries_of(tiles):
        _compare(tiles, edge.push(leaf_hash(data)))
        contents.add(index, parse_entry(data))
        _require_prefix(edge, older, checkpoint)
        if not index % WIDTH:
            told(index, tiles.size)
    _compare(tiles, edge.partial())
    if edge.root() != checkpoint.root:
        raise EvidenceRejected("log-root", size=checkpoint.size)
    told(tiles.size, tiles.size)


def check_ends(contents: Contents) -> None:
    """Every intent has an end, and every statement an intent before it.

    Raises:
        EvidenceRejected: ``log-open-cases`` or ``log-statement-alone``.
    """
    if contents.open:
        raise EvidenceRejected("log-open-cases", count=len(contents.open))
    if contents.without_intent.count:
        raise EvidenceRejected("log-statement-alone", count=contents.without_intent.count)


def _require_prefix(edge: Edge, older: Checkpoint | None, checkpoint: Checkpoint) -> None:
    """Where the tree is as large as at the earlier visit, it must have the root that it had then."""
    if older is not None and edge.size == older.size and edge.root() != older.root:
        raise EvidenceRejected("log-forked", old=older.size, new=checkpoint.size)


def _compare(tiles: Tiles, made: list[Tile]) -> None:
    for tile in made:
        kept = tiles.tile(tile.level, tile.index)
        if kept != tile.data:
            at = next(at for at, (one, other) in enumerate(zip(kept, tile.data, strict=True)) if one != other) // 32
            raise EvidenceRejected("log-entry-differs", index=(tile.index * WIDTH + at) << (8 * tile.level))


def check_note(note: bytes, keys: tuple[Vkey, ...]) -> Checkpoint:
    """Check the signature of a checkpoint with whichever of some keys is its log's.

    Raises:
        EvidenceRejected: ``log-unknown-key``: none is; or what is wrong with it.
    """
    checkpoint = read_checkpoint(note)
    for vkey in keys:
        if vkey.name == checkpoint.origin:
            return open_checkpoint(note, vkey, alone=False)
    raise EvidenceRejected("log-unknown-key", name=checkpoint.origin)
