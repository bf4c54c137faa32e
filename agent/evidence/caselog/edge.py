"""The right edge of a log's tree: all that is needed to append to it, some hundred hashes at most a level of tiles."""

from __future__ import annotations

from dataclasses import dataclass, field

from agent.evidence.caselog.merkle import HASH_BYTES, subtree_of, tree_root
from agent.evidence.caselog.tiles import HEIGHT, WIDTH, Tiles, width_of


@dataclass(frozen=True)
class Tile:
    """A tile of the tree.

    Args:
        level: Its level.
        index: Its number there.
        data: Its hashes, one behind the other.
    """

    level: int
    index: int
    data: bytes

    @property
    def width(self) -> int:
        """How many hashes are in it."""
        return len(self.data) // HASH_BYTES


@dataclass
class Edge:
    """The last tile of each level of a growing tree, as far as it is not full.

    Args:
        size: How many leaves the tree has.
        rows: The hashes of the last tile of each level.
    """

    size: int = 0
    rows: list[list[bytes]] = field(default_factory=lambda: [[]])

    @classmethod
    def read(cls, tiles: Tiles) -> Edge:
        """Read it out of a log.

        Args:
            tiles: The log.

        Raises:
            EvidenceRejected: ``log-tile``.
        """
        rows: list[list[bytes]] = []
        while not rows or tiles.size >> (HEIGHT * len(rows)):
            level = len(rows)
            index = (tiles.size >> (HEIGHT * level)) // WIDTH
            data = tiles.tile(level, index) if width_of(level, index, tiles.size) else b""
            rows.append([data[at : at + HASH_BYTES] for at in range(0, len(data), HASH_BYTES)])
        return cls(tiles.size, rows)

    def push(self, leaf: bytes) -> list[Tile]:
        """Add a leaf.

        Args:
            leaf: Its hash.

        Returns:
            The tiles that are full by it, from the lowest up.
        """
        self.rows[0].append(leaf)
        self.size += 1
        full: list[Tile] = []
        level = 0
        while len(self.rows[level]) == WIDTH:
            full.append(self._tile(level, (self.size >> (HEIGHT * level)) // WIDTH - 1))
            above = subtree_of(self.rows[level])
            self.rows[level] = []
            level += 1
            if level == len(self.rows):
                self.rows.append([])
            self.rows[level].append(above)
        return full

    def partial(self) -> list[Tile]:
        """Return the tiles that are not full, from the lowest up."""
        return [
            self._tile(level, (self.size >> (HEIGHT * level)) // WIDTH) for level, row in enumerate(self.rows) if row
        ]

    def root(self) -> bytes:
        """Return the root of the tree."""
        return tree_root(self.size, self._subtree)

    def _tile(self, level: int, index: int) -> Tile:
        return Tile(level, index, b"".join(self.rows[level]))

    def _subtree(self, level: int, index: int) -> bytes:
        # Of the subtrees that the root is made of, each stands in the last tile of its level.
        inside = level % HEIGHT
        start = (index << inside) % WIDTH
        return subtree_of(self.rows[level // HEIGHT][start : start + (1 << inside)])
