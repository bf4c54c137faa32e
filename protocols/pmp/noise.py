"""How noisy a line is, as its receiver sees it, and what its sender makes of that (note pmp.md, section Noise).

The receiver counts wrong bytes and broken frames and tells a single number, the quality, in its acknowledgements. The
sender chooses the frame length and the level of error correction that carry most under that noise.
"""

from __future__ import annotations

from functools import lru_cache
from math import exp, log10

from protocols.pmp.fec import BLOCK_BYTES, PARITY, parity_length
from protocols.pmp.wire import CHECKSUM_BYTES, HEADER_BYTES, MIN_PAYLOAD

MEMORY_BYTES = 131_072
"""After so many bytes what was counted before counts half."""

FORGOTTEN = 0.2
"""Fewer errors than this, after halving, are none: a line is called clean again after three times the memory."""

QUALITY_STEPS = 25
"""Steps of the quality a power of ten."""

WORST_QUALITY = 1
BEST_QUALITY = 250
CLEAN = 0

CAUTION_ERRORS = 0.1
CAUTION_BYTES = 8192
"""A line that has carried few bytes yet is taken for one with a tenth of an error in these and those 8 KiB."""

CLEAN_LONGEST = 2048
"""Longest payload where no error was seen yet: the first one costs a whole frame."""

LENGTHS = (64, 96, 128, 192, 256, 384, 512, 768, 1024, 1536, 2048, 3072, 4096, 6144, 8192, 12_288, 16_384)


class NoiseMeter:
    """Counts what a receiver gets and what of it was wrong."""

    def __init__(self) -> None:
        self._bytes = 0.0
        self._errors = 0.0

    def count(self, taken: int, errors: int) -> None:
        """Count some bytes of the line.

        Args:
            taken: How many bytes.
            errors: How many of them were wrong, as far as can be told.
        """
        self._bytes += taken
        self._errors += errors
        if self._bytes > MEMORY_BYTES:
            self._bytes /= 2
            self._errors /= 2
            if self._errors < FORGOTTEN:
                self._errors = 0.0

    @property
    def quality(self) -> int:
        """What is told to the sender: 0 for clean, else 1 (each byte wrong) to 250 (one in 10¹⁰)."""
        if not self._errors:
            return CLEAN
        return quality_of(self._errors / max(self._bytes, 1.0))


def quality_of(rate: float) -> int:
    """Return the quality of a line.

    Args:
        rate: Wrong bytes a byte, over 0.
    """
    return max(WORST_QUALITY, min(BEST_QUALITY, round(-QUALITY_STEPS * log10(rate))))


def rate_of(quality: int) -> float:
    """Return the wrong bytes a byte that a quality stands for."""
    return 0.0 if quality == CLEAN else 10 ** (-quality / QUALITY_STEPS)


def caution(carried: int) -> int:
    """Return the quality to assume of a line that has carried so many bytes and shown no error."""
    return quality_of(CAUTION_ERRORS / (carried + CAUTION_BYTES))


@lru_cache(maxsize=1024)
def best_frame(quality: int, assumed: int, longest: int, correction: bool) -> tuple[int, int]:
    """Choose how to send.

    Args:
        quality: What the receiver tells.
        assumed: The quality to assume where it tells nothing wrong; see `caution`.
        longest: Longest payload agreed, bytes.
        correction: Whether error correction was agreed. It is used only where the receiver has seen errors.

    Returns:
        Bytes of payload, and level of error correction.
    """
    rate = rate_of(quality) or rate_of(assumed)
    longest = max(longest if quality != CLEAN else min(longest, CLEAN_LONGEST), MIN_PAYLOAD)
    levels = range(len(PARITY)) if correction and quality != CLEAN else range(1)
    lengths = [*(each for each in LENGTHS if each < longest), longest]
    return max(
        ((length, level) for length in lengths for level in levels),
        key=lambda choice: _carried(rate, *choice),
    )


def _carried(rate: float, length: int, level: int) -> float:
    """Return the share of a line that arrives as payload."""
    checked = length + CHECKSUM_BYTES
    parity = parity_length(checked, level)
    # One wrong bit of the header is corrected without parity; two are not (note, section Finding frames).
    header = _more_than(1, HEADER_BYTES * rate)
    if level:
        blocks = parity // PARITY[level]
        lost = blocks * _more_than(PARITY[level] // 2, min(BLOCK_BYTES, checked / blocks + PARITY[level]) * rate)
    else:
        lost = 1 - exp(-rate * checked)
    arrives = max(0.0, 1 - header - lost)
    return arrives * length / (HEADER_BYTES + checked + parity)


def _more_than(count: int, expected: float) -> float:
    """Return the chance of more than so many events where so many are expected (Poisson)."""
    term = total = exp(-expected)
    for number in range(1, count + 1):
        term *= expected / number
        total += term
    return max(0.0, 1 - total)
