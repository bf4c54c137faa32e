"""The tree and the entries of a log as files (C2SP tlog-tiles).

::

    LOG/checkpoint                 see `agent.evidence.caselog.notes`
    LOG/tile/<L>/<N>[.p/<W>]       hashes of level 8 * L, 32 bytes each, of the entries from N * 256 * 256**L on
    LOG/tile/entries/<N>[.p/<W>]   entries from N * 256 on, each behind its length in two bytes, the high one first

A full tile holds 256; a partial one W of them, in a file of its own for every width that a checkpoint needs, until the
full one is there. N is written in groups of three digits, all but the last after an ``x``: 1234067 as
``x001/x234/067``. Nothing that a checkpoint covers is ever written again.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from agent.evidence.caselog.merkle import HASH_BYTES, inclusion_proof, subtree_of, tree_root
from agent.evidence.errors import EvidenceRejected
from agent.evidence.files import read_file

WIDTH = 256
HEIGHT = 8
"""Levels of the tree in one tile: 2**8 = 256."""
LENGTH_BYTES = 2
MAX_ENTRY_BYTES = 65_535
MAX_BUNDLE_BYTES = WIDTH * (LENGTH_BYTES + MAX_ENTRY_BYTES)
ENTRIES = "entries"
CACHED_TILES = 64


def tile_path(level: int | str, index: int, width: int = WIDTH) -> PurePosixPath:
    """Return where a tile is, from the folder of the log.

    Args:
        level: Level of the tile, or `ENTRIES`.
        index: Number of the tile in it.
        width: How many hashes or entries are in it.
    """
    groups = [f"{index % 1000:03d}"]
    while index := index // 1000:
        groups.insert(0, f"x{index % 1000:03d}")
    path = PurePosixPath("tile", str(level), *groups)
    return path if width == WIDTH else path.parent / f"{path.name}.p" / str(width)


def width_of(level: int, index: int, size: int) -> int:
    """Return how many hashes of a tile a tree of some size has; 0 or less where it has none of it."""
    return min(WIDTH, (size >> (HEIGHT * level)) - index * WIDTH)


def pack_entry(entry: bytes) -> bytes:
    """Return an entry as it stands in its file.

    Raises:
        EvidenceRejected: ``log-entry-long``.
    """
    if len(entry) > MAX_ENTRY_BYTES:
        raise EvidenceRejected("log-entry-long", bytes=len(entry))
    return len(entry).to_bytes(LENGTH_BYTES, "big") + entry


def unpack_entries(data: bytes, count: int, file: str) -> list[bytes]:
    """Take a file of entries apart.

    Args:
        data: Its bytes, or more.
        count: How many entries are wanted.
        file: Its name, for the error.

    Raises:
        EvidenceRejected: ``log-tile``: it holds fewer.
    """
    entries = []
    at = 0
    for _ in range(count):
        start = at + LENGTH_BYTES
        end = start + int.from_bytes(data[at:start], "big")
        if start > len(data) or end > len(data):
            raise EvidenceRejected("log-tile", file=file)
        entries.append(data[start:end])
        at = end
    return entries


class Tiles:
    """Reads the tree of one size out of a log's folder.

    Args:
        folder: The log.
        size: How many entries its tree has.
    """

    def __init__(self, folder: Path, size: int) -> None:
        self._folder = folder
        self.size = size
        self._cached: OrderedDict[tuple[int, int], bytes] = OrderedDict()

    def tile(self, level: int, index: int) -> bytes:
        """Return the hashes of a tile, as many as the tree has.

        Raises:
            EvidenceRejected: ``log-tile``: its file is not there, or not of its length.
        """
        known = self._cached.get((level, index))
        if known is None:
            width = width_of(level, index, self.size)
            known, file = self._read(level, index, width, WIDTH * HASH_BYTES)
            if len(known) < width * HASH_BYTES or len(known) % HASH_BYTES:
                raise EvidenceRejected("log-tile", file=file)
            known = known[: width * HASH_BYTES]
            self._cached[level, index] = known
            if len(self._cached) > CACHED_TILES:
                self._cached.popitem(last=False)
        return known

    def subtree(self, level: int, index: int) -> bytes:
        """Return the hash of a whole subtree; see `agent.evidence.caselog.merkle`.

        Raises:
            EvidenceRejected: ``log-tile``.
        """
        inside = level % HEIGHT
        first = index << inside
        tile = self.tile(level // HEIGHT, first // WIDTH)
        start = first % WIDTH
        row = [tile[at * HASH_BYTES : (at + 1) * HASH_BYTES] for at in range(start, start + (1 << inside))]
        return subtree_of(row)

    def root(self) -> bytes:
        """Return the root.

        Raises:
            EvidenceRejected: ``log-tile``.
        """
        return tree_root(self.size, self.subtree)

    def inclusion(self, index: int) -> tuple[bytes, ...]:
        """Prove an entry to be in the tree.

        Raises:
            EvidenceRejected: ``log-tile``, or ``log-index``.
        """
        return inclusion_proof(index, self.size, self.subtree)

    def bundle(self, index: int) -> list[bytes]:
        """Return the entries of one file, as many as the tree has.

        Args:
            index: Number of the file.

        Raises:
            EvidenceRejected: ``log-tile``: it is not there, or holds fewer.
        """
        width = width_of(0, index, self.size)
        data, file = self._read(ENTRIES, index, width, MAX_BUNDLE_BYTES)
        return unpack_entries(data, width, file)

    def raw_bundle(self, index: int) -> bytes:
        """Return the bytes of one file of entries, to look for something in them quickly.

        Raises:
            EvidenceRejected: ``log-tile``: it is not there.
        """
        return self._read(ENTRIES, index, width_of(0, index, self.size), MAX_BUNDLE_BYTES)[0]

    def bundles(self) -> Iterator[int]:
        """Yield the number of every file of entries."""
        yield from range(-(-self.size // WIDTH))

    def entry(self, index: int) -> bytes:
        """Return one entry.

        Raises:
            EvidenceRejected: ``log-tile``, or ``log-index``.
        """
        if not 0 <= index < self.size:
            raise EvidenceRejected("log-index", index=index, size=self.size)
        return self.bundle(index // WIDTH)[index % WIDTH]

    def _read(self, level: int | str, index: int, width: int, limit: int) -> tuple[bytes, str]:
        """Read a partial tile, or the full one that took its place."""
        wanted = [tile_path(level, index, width)]
        if width != WIDTH:
            wanted.append(tile_path(level, index))
        for path in wanted:
            try:
                return read_file(self._folder / path, max_bytes=limit).head, path.as_posix()
            except FileNotFoundError:
                continue
            except (OSError, EvidenceRejected):
                raise EvidenceRejected("log-tile", file=path.as_posix()) from None
        raise EvidenceRejected("log-tile", file=wanted[0].as_posix())
