"""Reed-Solomon parity for the payload and checksum of a frame (note pmp.md, section Error correction).

The code is that of the digital video and QR world: GF(2⁸) with the polynomial 0x11D, generator 2, first root 1. The
bytes to protect are dealt out to blocks in turn, so that a burst of wrong bytes is shared among blocks. Parity is made
by a table here, since it is made for every frame; correcting is rare, and left to reedsolo.
"""

from __future__ import annotations

from functools import cache

from reedsolo import ReedSolomonError, RSCodec

from protocols.errors import LocalProtocolError

PARITY = (0, 2, 6, 16)
"""Parity bytes a block by level; a block with so many can have half as many bytes corrected, wherever they are."""

STRONGEST = len(PARITY) - 1
BLOCK_BYTES = 255
POLYNOMIAL = 0x11D

# What reedsolo lets out for blocks beyond repair, besides its own error.
_BEYOND_REPAIR = (ReedSolomonError, ZeroDivisionError, IndexError, ValueError)


def blocks_of(length: int, level: int) -> int:
    """Return how many blocks so many bytes are dealt out to.

    Args:
        length: Bytes to protect, 1 or more.
        level: 1 to 3.
    """
    return -(-length // (BLOCK_BYTES - PARITY[level]))


def parity_length(length: int, level: int) -> int:
    """Return the bytes of parity that follow so many protected bytes; none at level 0."""
    return blocks_of(length, level) * PARITY[level] if level else 0


def parity(data: bytes, level: int) -> bytes:
    """Make the parity of some bytes.

    Args:
        data: What is to be protected.
        level: 1 to 3.

    Raises:
        LocalProtocolError: There is no such level.
    """
    if not 1 <= level <= STRONGEST:
        raise LocalProtocolError(f"no parity of level {level}")
    blocks = blocks_of(len(data), level)
    return b"".join(_remainder(data[start::blocks], level) for start in range(blocks))


def correct(data: bytes, check: bytes, level: int) -> tuple[bytes, int] | None:
    """Correct some bytes by their parity.

    Whoever calls this holds the result against a checksum: a block with too many wrong bytes may come out as another.

    Args:
        data: As they came.
        check: Their parity as it came.
        level: 1 to 3.

    Returns:
        The corrected bytes and how many bytes of them and of the parity were wrong, or None where a block is beyond
        repair.
    """
    blocks, size = blocks_of(len(data), level), PARITY[level]
    out = bytearray(data)
    wrong = 0
    for start in range(blocks):
        block = data[start::blocks]
        given = check[start * size : (start + 1) * size]
        if _remainder(block, level) == given:
            continue
        try:
            repaired, _whole, places = _codec(size).decode(block + given)
        except _BEYOND_REPAIR:
            return None
        out[start::blocks] = repaired
        wrong += len(places)
    return bytes(out), wrong


def _remainder(block: bytes, level: int) -> bytes:
    """Return the remainder of a block times xⁿ by the generator polynomial, n bytes: one table look-up a byte."""
    table, size = _table(level), PARITY[level]
    shift, mask = 8 * (size - 1), (1 << 8 * size) - 1
    register = 0
    for byte in block:
        register = register << 8 & mask ^ table[register >> shift ^ byte]
    return register.to_bytes(size, "big")


@cache
def _table(level: int) -> tuple[int, ...]:
    """Return, for each byte that leaves the register, what is added to it: that byte times the generator polynomial."""
    generator = [1]
    root = 1
    for _ in range(PARITY[level]):
        generator = [high ^ _times(low, root) for high, low in zip([*generator, 0], [0, *generator], strict=True)]
        root = _times(root, 2)
    return tuple(int.from_bytes(bytes(_times(byte, factor) for factor in generator[1:]), "big") for byte in range(256))


def _times(left: int, right: int) -> int:
    """Multiply in GF(2⁸)."""
    product = 0
    while right:
        if right & 1:
            product ^= left
        left <<= 1
        if left & 0x100:
            left ^= POLYNOMIAL
        right >>= 1
    return product


@cache
def _codec(size: int) -> RSCodec:
    return RSCodec(size, prim=POLYNOMIAL, generator=2, fcr=0)
