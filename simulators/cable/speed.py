"""The speed that a serial port or a pseudo-terminal is set to, any number of bits per second. POSIX only."""

from __future__ import annotations

import contextlib
import struct
import sys

# struct termios2 of <asm-generic/termbits.h>: four flags, the line, 19 characters, then both speeds as numbers.
_GET, _SET = 0x802C542A, 0x402C542B
_BYTES, _CFLAG_AT, _SPEEDS_AT = 44, 8, 36
_SPEED_BITS, _BY_NUMBER = 0o10017, 0o10000


def speed_of(descriptor: int) -> int | None:
    """Return bits per second of a port; of a pseudo-terminal, asked on either side, those of its user's side.

    Args:
        descriptor: The open port.

    Returns:
        Bits per second, or None where they cannot be told.
    """
    import fcntl
    import termios

    if sys.platform == "linux":
        settings = bytearray(_BYTES)
        with contextlib.suppress(OSError):
            fcntl.ioctl(descriptor, _GET, settings)
            return int(struct.unpack_from("=2I", settings, _SPEEDS_AT)[1]) or None
    with contextlib.suppress(termios.error):
        number = termios.tcgetattr(descriptor)[5]
        return next((baud for baud, each in _standard().items() if each == number), None)
    return None


def set_speed(descriptor: int, baud: int) -> bool:
    """Set a port's speed, both ways.

    Args:
        descriptor: The open port.
        baud: Bits per second.

    Returns:
        False where the port cannot have it.
    """
    import fcntl
    import termios

    standard = _standard().get(baud)
    try:
        if standard is not None:
            settings = termios.tcgetattr(descriptor)
            settings[4] = settings[5] = standard
            termios.tcsetattr(descriptor, termios.TCSANOW, settings)
        elif sys.platform == "linux":
            raw = bytearray(_BYTES)
            fcntl.ioctl(descriptor, _GET, raw)
            flags = struct.unpack_from("=I", raw, _CFLAG_AT)[0]
            struct.pack_into("=I", raw, _CFLAG_AT, flags & ~_SPEED_BITS | _BY_NUMBER)
            struct.pack_into("=2I", raw, _SPEEDS_AT, baud, baud)
            fcntl.ioctl(descriptor, _SET, raw)
    except (OSError, termios.error):
        return False
    return speed_of(descriptor) == baud


def _standard() -> dict[int, int]:
    import termios

    names = (name for name in dir(termios) if name[0] == "B" and name[1:].isdigit())
    return {int(name[1:]): getattr(termios, name) for name in names}
