"""A terminal on a line that pyserial serves, by its blocking calls: Windows, and the lines behind its URLs."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable
from typing import Any

from agent.transport.target import SerialTarget
from protocols.errors import LinkLost

if sys.platform == "win32":
    PORT_FAULTS: tuple[type[Exception], ...] = (OSError,)
else:
    import termios

    # termios has an error of its own, which pyserial lets out in some places.
    PORT_FAULTS = (OSError, termios.error)
"""What a port raises that is gone or broken; pyserial's SerialException is an OSError."""

_CANNOT: tuple[type[Exception], ...] = (ValueError, OverflowError, NotImplementedError, *PORT_FAULTS)
"""What setting a speed raises that a port cannot have."""

WRITE_SECONDS = 15.0

# Changing pyserial's time-out configures the port anew (over rfc2217 that is a whole negotiation), so it is set once
# and longer waits are made of slices of it.
SLICE_SECONDS = 0.05

# Wake-ups cost more than bytes: after the first byte wait for about 64 more, but not so long that a slow line stalls.
SETTLE_BYTES = 64
_SETTLE_SECONDS = 0.005

_DRAIN_SECONDS = 0.5
_DRAIN_STEP_SECONDS = 0.01


class Unplugged(LinkLost):
    """The device of a line is gone; it may come back."""


class SerialTransport:
    """An open pyserial port as a pipe of bytes.

    Args:
        port: The open ``serial.Serial`` or its like; this object owns it from now on.
        target: What it was opened from.
        clock: Seconds that only grow.
        sleep: Lets so many seconds pass.
    """

    def __init__(
        self,
        port: Any,
        target: SerialTarget,
        *,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._port = port
        self._target = target
        self._clock = clock
        self._sleep = sleep
        self._baud = target.baud
        self._closed = False
        self._leaves_at = 0.0  # when, by the speed of the line, the last byte written has left it

    @property
    def description(self) -> str:
        """Port and speed."""
        return f"{self._target.port} ({self._baud} baud)"

    @property
    def device(self) -> str:
        """Name of the device that was opened; for a search by ``hwgrep://`` that of the port found."""
        return str(getattr(self._port, "name", None) or self._target.port)

    @property
    def baud(self) -> int | None:
        """Bits per second, as last set."""
        return self._baud

    @property
    def highest_baud(self) -> int:
        """Most that may be tried on this line."""
        return max(self._target.baud, self._target.highest_baud)

    @property
    def escaped(self) -> bool:
        """Whether the line takes XON and XOFF for itself."""
        return self._target.flow == "xonxoff"

    @property
    def descriptor(self) -> int | None:
        """None: these ports can only be read by waiting."""
        return None

    def read(self, max_bytes: int, timeout_seconds: float) -> bytes:
        """Wait for bytes; see `agent.transport.base.Transport`."""
        until = self._clock() + timeout_seconds
        try:
            while not (first := bytes(self._port.read(1))) and self._clock() < until:
                pass  # each read waits for a slice
            if not first or max_bytes == 1:
                return first
            if self._port.in_waiting < SETTLE_BYTES:
                self._sleep(self._settle_seconds())
            return first + bytes(self._port.read(min(self._port.in_waiting, max_bytes - 1)))
        except PORT_FAULTS as fault:
            raise lost(fault) from None

    def read_now(self, max_bytes: int) -> bytes:
        """Take what is there, or wait for a slice of 50 ms at most."""
        return self.read(max_bytes, 0)

    def write(self, data: bytes) -> None:
        """Hand bytes to the port, waiting at most 15 s for a line that does not move."""
        try:
            self._port.write(data)
        except PORT_FAULTS as fault:
            raise lost(fault) from None
        self._written(len(data))

    def write_now(self, data: bytes) -> int:
        """Hand over all bytes, which may wait; these ports know no other way."""
        self.write(data)
        return len(data)

    def set_baud(self, baud: int) -> bool:
        """Switch the line after what was written has left it; see `agent.transport.base.Transport`."""
        if self._closed:
            raise LinkLost("serial line lost: closed")
        try:
            if not self._drained():
                return False  # flow control holds it; at another speed the rest would be noise
            return self._switched(baud)
        except PORT_FAULTS as fault:
            raise lost(fault) from None

    def close(self) -> None:
        """Free the port."""
        self._closed = True
        try:
            self._port.close()
        except PORT_FAULTS:
            return  # an unplugged port cannot be closed properly, and need not be

    # ------------------------------------------------------------------ helpers
    def _settle_seconds(self) -> float:
        return min(_SETTLE_SECONDS, SETTLE_BYTES * self._target.character_bits / self._baud)

    def _written(self, count: int) -> None:
        self._leaves_at = max(self._leaves_at, self._clock()) + count * self._target.character_bits / self._baud

    def _drained(self) -> bool:
        """Wait until what was written must have left; USB adapters and PTYs do not tell, so the speed does."""
        line_time = max(0.0, self._leaves_at - self._clock())
        if line_time:
            self._sleep(line_time)
        until = self._clock() + line_time + _DRAIN_SECONDS
        while getattr(self._port, "out_waiting", 0):
            if self._clock() >= until:
                return False
            self._sleep(_DRAIN_STEP_SECONDS)
        return True

    def _switched(self, baud: int) -> bool:
        try:
            self._configure(baud)
        except _CANNOT:
            try:
                self._configure(self._baud)  # a line that is gone fails here too
            except ValueError:
                raise LinkLost("serial line lost: it has neither the old speed nor the new one") from None
            return False
        self._baud = baud
        return True

    def _configure(self, baud: int) -> None:
        """Give the port a speed.

        Raises:
            ValueError: It cannot have this speed.
        """
        self._port.baudrate = baud


def lost(fault: Exception) -> LinkLost:
    """Return the error of a line that is gone, from what the port raised."""
    number = fault.errno if isinstance(fault, OSError) else None
    if number is None and "timeout" in str(fault).lower():  # pyserial's SerialTimeoutException, of a port that is there
        return LinkLost("serial line lost: it takes no more bytes")
    return Unplugged(f"serial line lost: {os.strerror(number) if number else 'unplugged'}")
