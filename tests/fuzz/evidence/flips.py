"""Flipped bytes of a bundle in memory: which are tried, and what a bundle is with one of them."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from random import Random

from agent.evidence.bundle import BundleFiles
from agent.evidence.files import FileRead

SEED = 20261125
ALL = os.environ.get("POSRETIRE_EXPLORE") == "all"
MOST_A_FILE = 1_200
MOST_OF_LONG = 300
LONG_BYTES = 20_000
"""How many bytes of a file are flipped where not all are; of a long one fewer, for it takes longer to be searched."""

INVERTED_OF = 8
"""Of so many bytes that have a bit flipped one is inverted as well, where not all are."""


@dataclass(frozen=True)
class Flip:
    """One byte to flip.

    Args:
        file: Name of the file.
        offset: Which byte.
        mask: Which of its bits.
    """

    file: str
    offset: int
    mask: int

    def of(self, data: bytes) -> bytes:
        """Return the file's bytes with the flip."""
        return data[: self.offset] + bytes([data[self.offset] ^ self.mask]) + data[self.offset + 1 :]


def flips(files: Mapping[str, bytes], *, most: int | None = None) -> Iterator[Flip]:
    """Yield the flips to try, the same for the same sizes.

    Args:
        files: The bundle's files by name.
        most: How many bytes of a file; None for all of them.
    """
    for name, data in sorted(files.items()):
        pick = Random(f"{SEED} {name}")
        offsets: list[int] | range = range(len(data))
        limit = MOST_OF_LONG if most is not None and len(data) > LONG_BYTES else most
        if limit is not None and len(data) > limit:
            offsets = sorted(pick.sample(offsets, limit))
        for number, offset in enumerate(offsets):
            yield Flip(name, offset, 1 << pick.randrange(8))
            if most is None or number % INVERTED_OF == 0:
                yield Flip(name, offset, 0xFF)


def flipped(files: BundleFiles, flip: Flip) -> BundleFiles:
    """Return a bundle with one byte flipped.

    Args:
        files: The bundle, its files whole in memory.
        flip: Which.
    """
    return BundleFiles({**files.files, flip.file: file_of(flip.of(files.content(flip.file)))})


def file_of(data: bytes) -> FileRead:
    """Return a file as if it had been read from a disk."""
    return FileRead(len(data), hashlib.sha256(data).hexdigest(), data)
