"""What the ECHOs of the doctor carry and how many go together: each pattern is hard on a line in a way of its own."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from random import Random

from protocols.pmp.escape import FORBIDDEN
from protocols.pmp.layouts import MAX_ECHO

MESSAGE_BYTES = 27
"""Bytes on the line around the payload of an ECHO: frame 17, head of the message 8, length 2."""

PATTERNS = ("alternating", "zeros", "ones", "counting", "random")
"""Names: 0x55 (the fastest change of level), 0x00 and 0xFF (the slowest), every byte in turn, and chance."""

FLOW = "flow"
"""Name of the pattern of XON and XOFF, which a line with flow control keeps for itself."""

_SAME = {"alternating": 0x55, "zeros": 0x00, "ones": 0xFF}


def pattern(name: str, size: int, seed: int = 0) -> bytes:
    """Return the bytes of a pattern.

    Args:
        name: One of `PATTERNS`, or `FLOW`.
        size: How many bytes.
        seed: Gives the bytes of ``random``.

    Raises:
        KeyError: There is no such pattern.
    """
    if name == "random":
        return Random(seed).randbytes(size)  # noqa: S311 - no secret, and repeatable
    if name == "counting":
        return bytes(at & 0xFF for at in range(size))
    if name == FLOW:
        return bytes(FORBIDDEN[at % len(FORBIDDEN)] for at in range(size))
    return bytes([_SAME[name]]) * size


def burst_sizes(total: int) -> list[int]:
    """Return the sizes of the ECHOs of a burst.

    Args:
        total: Bytes on the line, what is around the payloads included; over 27.
    """
    return list(_cut(total))


def _cut(total: int) -> Iterator[int]:
    while total > MESSAGE_BYTES:
        yield min(MAX_ECHO, total - MESSAGE_BYTES)
        total -= MAX_ECHO + MESSAGE_BYTES


def goodput(sizes: Sequence[int], seconds: float, byte_seconds: float) -> float | None:
    """Return the payload over what the line can carry from when the first answer may begin until the last one ends.

    Args:
        sizes: Bytes of the ECHOs, sent together.
        seconds: From the first request to the last answer, besides the round trip of a short one.
        byte_seconds: Seconds that the line takes for a byte; 0 where that is not known.

    Returns:
        Their quotient, or None where it cannot be told.
    """
    seconds -= (sizes[0] + MESSAGE_BYTES) * byte_seconds
    return sum(sizes) * byte_seconds / seconds if byte_seconds and seconds > 0 else None
