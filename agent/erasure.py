"""What a proof of erasure is computed from: bytes that nobody can shorten, their keyed digest, the time for an answer.

Anybody can compute the same with stock tools: AES-256 in counter mode over zeros, and HMAC-SHA-256 (README, section
Checking it by hand). What it proves, and what it does not, stands in the note pmp.md, section Proof of erasure.
"""

from __future__ import annotations

import hashlib
import hmac

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

SEED_BYTES = 32
KEY_BYTES = 32
PIECE_BYTES = 1 << 20

CONSTANT_SECONDS = 5
BYTES_A_SECOND = 65_536
"""Slower than any terminal reads its flash and hashes it, faster than a serial line at 460,800 baud brings it."""


class Expansion:
    """The bytes that a region is filled with: from a seed that the terminal never sees, in order from the start.

    Args:
        seed: 32 random bytes.
        region: Number of the region, 0 to 255; those of one seed have nothing in common.
    """

    def __init__(self, seed: bytes, region: int) -> None:
        first = bytes([region]) + bytes(15)
        self._stream = Cipher(algorithms.AES(seed), modes.CTR(first)).encryptor()

    def take(self, count: int) -> bytes:
        """Return the next bytes."""
        return self._stream.update(bytes(count))


def expected_answer(seed: bytes, region: int, size: int, key: bytes) -> bytes:
    """Compute HMAC-SHA-256 under a key over all that a region was filled with.

    Args:
        seed: 32 bytes.
        region: Number of the region.
        size: Its bytes.
        key: 32 bytes.
    """
    mac = hmac.new(key, digestmod=hashlib.sha256)
    stream = Expansion(seed, region)
    for at in range(0, size, PIECE_BYTES):
        mac.update(stream.take(min(PIECE_BYTES, size - at)))
    return mac.digest()


def milliseconds_allowed(size: int) -> int:
    """Return how long an answer over so many bytes may take."""
    return (CONSTANT_SECONDS * BYTES_A_SECOND + size) * 1000 // BYTES_A_SECOND
