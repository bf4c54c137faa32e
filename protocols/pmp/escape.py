"""The coding of a line that eats or acts on XON and XOFF (note pmp.md, section Lines with flow control in the data).

Five bytes never appear on such a line: XON and XOFF, both with their highest bit set too, and the escape byte, each of
which is sent as the escape byte and itself with bit 5 turned.
"""

from __future__ import annotations

import re

ESCAPE = 0x7D
TURNED = 0x20
FORBIDDEN = (0x11, 0x13, 0x91, 0x93)
"""XON and XOFF (ASCII DC1 and DC3), with and without the highest bit, which some drivers do not look at."""

_SPECIAL = re.compile(b"[\x11\x13\x91\x93\x7d]")
_FLOW = re.compile(b"[\x11\x13\x91\x93]")
_PAIR = re.compile(b"\x7d(.)", re.DOTALL)
_CODED = {bytes([byte]): bytes([ESCAPE, byte ^ TURNED]) for byte in (*FORBIDDEN, ESCAPE)}


def is_clean(data: bytes) -> bool:
    """Tell whether bytes are the same with and without the coding."""
    return _SPECIAL.search(data) is None


def escape(data: bytes) -> bytes:
    """Return bytes as they go on the line."""
    return _SPECIAL.sub(lambda found: _CODED[found[0]], data)


class Unescaper:
    """Takes bytes off such a line; what the line itself put in (XON, XOFF) is dropped."""

    def __init__(self) -> None:
        self._held = b""

    def feed(self, data: bytes) -> bytes:
        """Return what the bytes mean; an escape byte at their end waits for the next call."""
        data = self._held + _FLOW.sub(b"", data)
        # An odd run of escape bytes at the end is an escape without its partner.
        loose = (len(data) - len(data.rstrip(b"\x7d"))) % 2
        self._held = data[len(data) - loose :]
        return _PAIR.sub(lambda pair: bytes([pair[1][0] ^ TURNED]), data[: len(data) - loose])
