"""Appending to the log of a home: one writer at a time, durable before it returns, whole after a kill at any byte (I7).

::

    HOME/log/…                  see `agent.evidence.caselog.tiles`
    HOME/log/.lock              held while somebody appends
    HOME/keys/log.checkpoint    the newest checkpoint that was signed, apart from the log

An append writes entries and tiles, then ``log.checkpoint``, then ``checkpoint``, each whole and synced before the
next. Killed before ``log.checkpoint`` it has not happened, and its files are written anew; killed after it, the next
one publishes what was signed. So a log never takes back what it has signed, and one that was put back to an older
state, from a backup for one, is noticed.
"""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Sequence
from pathlib import Path

from agent.errors import PreconditionNotMet
from agent.evidence.caselog.edge import Edge
from agent.evidence.caselog.keys import LogKey
from agent.evidence.caselog.lock import locked
from agent.evidence.caselog.merkle import check_consistency, consistency_proof, leaf_hash
from agent.evidence.caselog.notes import MAX_CHECKPOINT_BYTES, open_checkpoint
from agent.evidence.caselog.proof import LogProof
from agent.evidence.caselog.tiles import ENTRIES, WIDTH, Tiles, pack_entry, tile_path
from agent.evidence.errors import EvidenceRejected
from agent.evidence.files import read_file, sync_folder, write_durable
from agent.home import private_folder

CHECKPOINT = "checkpoint"
LOCK = ".lock"
_TRIES_ON_WINDOWS = 50


def log_folder(home: Path) -> Path:
    """Return where the log of a home is."""
    return home / "log"


class CaseLog:
    """The log of a home, to append to.

    Args:
        home: Home folder.
    """

    def __init__(self, home: Path) -> None:
        self._home = home
        self.folder = log_folder(home)
        self._signed = home / "keys" / "log.checkpoint"

    def append(self, entries: Sequence[bytes]) -> tuple[LogProof, ...]:
        """Append entries, and prove each to be in the tree that then is.

        When this returns, all of it is on stable storage. Either all of the entries are in the log or none is.

        Args:
            entries: Their bytes; not many at once, for each is proven.

        Raises:
            PreconditionNotMet: ``log-unwritable``, ``log-busy``, ``log-damaged``, or what is wrong with the key.
        """
        note = self.extend(entries)
        try:
            tiles = Tiles(self.folder, open_checkpoint(note, self._key.vkey).size)
            first = tiles.size - len(entries)
            proofs = tuple(LogProof(first + at, tiles.inclusion(first + at), note) for at in range(len(entries)))
            for entry, proof in zip(entries, proofs, strict=True):
                proof.check(entry, self._key.vkey)
        except EvidenceRejected as fault:
            raise self._damaged(fault) from None
        return proofs

    def extend(self, entries: Sequence[bytes]) -> bytes:
        """Append any number of entries.

        Returns:
            The signed checkpoint of the tree that then is.

        Raises:
            PreconditionNotMet: As `append`.
        """
        try:
            private_folder(self._home, "log")
            with locked(self.folder / LOCK):
                edge, last, published = self._open()
                if published is not None and not entries:
                    return published
                full = self._write(edge, last, entries)
                note = self._key.sign(edge.size, edge.root())
                _replace(self._signed, note)
                _replace(self.folder / CHECKPOINT, note)
                self._drop_partial(full)
                return note
        except EvidenceRejected as fault:
            raise self._damaged(fault) from None
        except OSError as fault:
            why = fault.strerror or type(fault).__name__
            raise PreconditionNotMet("log-unwritable", path=str(self.folder), why=why) from None

    def check(self) -> None:
        """Make sure that the log can be written to, and make it where there is none; an append of nothing.

        Raises:
            PreconditionNotMet: As `append`.
        """
        self.extend(())

    @property
    def key(self) -> LogKey:
        """The key of the log.

        Raises:
            PreconditionNotMet: What is wrong with it.
        """
        return LogKey.of(self._home, make=False)

    def _open(self) -> tuple[Edge, bytes, bytes | None]:
        """Find the state that was signed last, hold the log's edge against it, and publish it where it is not yet."""
        shown, signed = self._note(self.folder / CHECKPOINT), self._note(self._signed)
        self._key = LogKey.of(self._home, make=shown is None and signed is None)
        if shown is not None or signed is not None:
            read = [(open_checkpoint(note, self._key.vkey), note) for note in (shown, signed) if note is not None]
            read.sort(key=lambda each: each[0].size)
            older, (newest, note) = read[0][0], read[-1]
            tiles = Tiles(self.folder, newest.size)
            edge = Edge.read(tiles)
            last = self._last_entries(tiles, edge)
            if edge.root() != newest.root:
                raise EvidenceRejected("log-root", size=newest.size)
            hashes = consistency_proof(older.size, newest.size, tiles.subtree)
            check_consistency(older.size, newest.size, older.root, newest.root, hashes)
            if shown != note:
                _replace(self.folder / CHECKPOINT, note)
            if signed != note:
                _replace(self._signed, note)
            return edge, last, note
        return Edge(), b"", None

    def _last_entries(self, tiles: Tiles, edge: Edge) -> bytes:
        """Return the last file of entries, where it is not full; its entries must be those of the last leaves."""
        index = tiles.size // WIDTH
        entries = tiles.bundle(index) if edge.rows[0] else []
        for at, (entry, leaf) in enumerate(zip(entries, edge.rows[0], strict=True)):
            if leaf_hash(entry) != leaf:
                raise EvidenceRejected("log-entry-differs", index=index * WIDTH + at)
        return b"".join(map(pack_entry, entries))

    def _write(self, edge: Edge, last: bytes, entries: Sequence[bytes]) -> list[Path]:
        """Write entries and tiles; returns the full tiles among them."""
        full: list[Path] = []
        known = {(tile.level, tile.index, tile.width) for tile in edge.partial()}
        for entry in entries:
            last += pack_entry(entry)
            for tile in edge.push(leaf_hash(entry)):
                if tile.level == 0:
                    full.append(self._put(tile_path(ENTRIES, tile.index), last))
                    last = b""
                full.append(self._put(tile_path(tile.level, tile.index), tile.data))
        for tile in edge.partial():
            if (tile.level, tile.index, tile.width) in known:
                continue  # of a level that nothing was added to
            if tile.level == 0:
                self._put(tile_path(ENTRIES, tile.index, tile.width), last)
            self._put(tile_path(tile.level, tile.index, tile.width), tile.data)
        return full

    def _put(self, path: os.PathLike[str], data: bytes) -> Path:
        whole = self.folder / path
        missing = [each for each in whole.parents if not each.exists()]
        for folder in reversed(missing):
            folder.mkdir()
            sync_folder(folder.parent)
        write_durable(whole, data)
        return whole

    def _note(self, path: Path) -> bytes | None:
        try:
            return read_file(path, max_bytes=MAX_CHECKPOINT_BYTES).head
        except FileNotFoundError:
            return None

    def _drop_partial(self, full: Sequence[Path]) -> None:
        """Take partial tiles away whose full one is there, as tlog-tiles allows; what is left behind does no harm."""
        for path in full:
            shutil.rmtree(path.with_name(path.name + ".p"), ignore_errors=True)

    def _damaged(self, fault: EvidenceRejected) -> PreconditionNotMet:
        return PreconditionNotMet("log-damaged", path=str(self.folder), why=str(fault))


def _replace(path: Path, data: bytes) -> None:
    """Write a file durably over an old one; on Windows that waits until nobody has the old one open."""
    for left in reversed(range(_TRIES_ON_WINDOWS if os.name == "nt" else 1)):
        try:
            write_durable(path, data)
            return
        except PermissionError:
            if not left:
                raise
            time.sleep(0.02)
