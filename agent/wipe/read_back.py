"""Checking a wipe by reading the regions back: every byte, or a keyed digest of all and a sample of blocks.

A terminal that lies can answer either; what this finds out is that a wipe did not complete. How far an answer can be
trusted is told by the evidence level, not here.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from agent.drivers.base import TerminalDriver
from protocols.terminal import Region

PIECE_BYTES = 65_536
SAMPLED_BLOCKS = 32

ReadBackMethod = Literal["full", "digest"]


@dataclass(frozen=True)
class ReadBack:
    """What reading one region back found.

    Args:
        region: Its number.
        name: Its name.
        size: Bytes.
        method: ``full``: every byte was read. ``digest``: a keyed digest of all, and up to 32 blocks read.
        bytes_read: How many bytes were read.
        not_blank: How many of the bytes read were not blank.
        first_not_blank: Offset of the first such byte in the region, or -1.
        digest_matches: Whether the keyed digest is that of a blank region.
    """

    region: int
    name: str
    size: int
    method: ReadBackMethod
    bytes_read: int
    not_blank: int
    first_not_blank: int
    digest_matches: bool

    @property
    def blank(self) -> bool:
        """True where nothing but blank bytes was found."""
        return self.not_blank == 0 and self.digest_matches


def blank_digest(key: bytes, region: Region) -> bytes:
    """Compute HMAC-SHA-256 under ``key`` over a blank region, a piece at a time."""
    mac = hmac.new(key, digestmod=hashlib.sha256)
    piece = bytes([region.blank]) * PIECE_BYTES
    for _ in range(region.size // PIECE_BYTES):
        mac.update(piece)
    mac.update(piece[: region.size % PIECE_BYTES])
    return mac.digest()


def read_back(
    driver: TerminalDriver,
    region: Region,
    method: ReadBackMethod,
    draw: Callable[[int], bytes],
    progress: Callable[[int], None],
) -> ReadBack:
    """Check that a region is blank.

    Args:
        driver: The terminal.
        region: The region.
        method: How.
        draw: Returns that many random bytes: the digest's key, and which blocks are sampled.
        progress: Called with the number of bytes read since the last call.
    """
    key = draw(32)
    answer = driver.memory_digest(region.region, 0, region.size, key)
    matches = hmac.compare_digest(answer, blank_digest(key, region))
    bytes_read = not_blank = 0
    first = -1
    for offset, length in _pieces(region, method, draw):
        data = driver.read_memory(region.region, offset, length)
        bytes_read += len(data)
        stray = len(data) - data.count(region.blank)
        if stray and first < 0:
            first = offset + next(at for at, octet in enumerate(data) if octet != region.blank)
        not_blank += stray
        progress(len(data))
    return ReadBack(region.region, region.name, region.size, method, bytes_read, not_blank, first, matches)


def _pieces(region: Region, method: ReadBackMethod, draw: Callable[[int], bytes]) -> list[tuple[int, int]]:
    """Return the (offset, length) pairs to read: all of the region, or a random sample of its blocks."""
    if method == "full":
        return [(at, min(PIECE_BYTES, region.size - at)) for at in range(0, region.size, PIECE_BYTES)]
    block = region.block_size or min(4096, region.size)
    blocks = max(1, region.size // block)
    if blocks <= SAMPLED_BLOCKS:
        chosen = set(range(blocks))
    else:
        chosen = {0, blocks - 1}
        while len(chosen) < SAMPLED_BLOCKS:
            chosen.add(int.from_bytes(draw(8), "big") % blocks)
    return [(number * block, block) for number in sorted(chosen)]
