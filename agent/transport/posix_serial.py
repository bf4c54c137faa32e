"""A serial port of a POSIX system, served by poll and never waited for unless asked to.

pyserial opens and configures the port. It does not read or write it: its ``select`` stops at file descriptor 1,024.
"""

from __future__ import annotations

import os
import sys
import termios
from typing import Any

from agent.transport import serial_line
from agent.transport.serial_line import PORT_FAULTS, SETTLE_BYTES, SerialTransport, Unplugged, lost
from agent.transport.waiting import wait_readable, wait_writable
from protocols.errors import LinkLost

assert sys.platform != "win32"  # for the types: open_serial imports this where there is a termios

_OUTPUT_SPEED, _CONTROL_CHARACTERS = 5, 6  # places in what tcgetattr returns


class PosixSerialTransport(SerialTransport):
    """An open ``serial.Serial`` with a file descriptor that does not block; see `SerialTransport`."""

    def __init__(self, port: Any, *details: Any, **more: Any) -> None:
        super().__init__(port, *details, **more)
        self._descriptor: int = port.fd
        try:
            self._tell_silence_from_loss()
        except PORT_FAULTS as fault:
            raise lost(fault) from None

    @property
    def descriptor(self) -> int | None:
        """The port's."""
        return self._descriptor

    def read(self, max_bytes: int, timeout_seconds: float) -> bytes:
        """Wait for bytes; see `agent.transport.base.Transport`."""
        data = self.read_now(max_bytes)
        if not data and timeout_seconds > 0:
            try:
                ready = wait_readable(self._descriptor, timeout_seconds)
            except PORT_FAULTS as fault:
                raise lost(fault) from None
            data = self.read_now(max_bytes) if ready else b""
        if data and len(data) < min(SETTLE_BYTES, max_bytes):
            self._sleep(self._settle_seconds())
            data += self.read_now(max_bytes - len(data))
        return data

    def read_now(self, max_bytes: int) -> bytes:
        """Take what is there; see `agent.transport.base.Transport`."""
        try:
            data = os.read(self._descriptor, max_bytes)
        except BlockingIOError:
            return b""
        except PORT_FAULTS as fault:
            raise lost(fault) from None
        if not data:
            raise Unplugged("serial line lost: unplugged")
        return data

    def write(self, data: bytes) -> None:
        """Hand all bytes to the port, waiting at most 15 s for a line that does not move."""
        rest = data
        while rest:
            taken = self.write_now(rest)
            rest = rest[taken:]
            try:
                moves = taken or wait_writable(self._descriptor, serial_line.WRITE_SECONDS)
            except PORT_FAULTS as fault:
                raise lost(fault) from None
            if not moves:
                raise LinkLost("serial line lost: it takes no more bytes")

    def write_now(self, data: bytes) -> int:
        """Hand over what the port takes; see `agent.transport.base.Transport`."""
        try:
            taken = os.write(self._descriptor, data)
        except BlockingIOError:
            return 0
        except PORT_FAULTS as fault:
            raise lost(fault) from None
        self._written(taken)
        return taken

    def close(self) -> None:
        """Free the port, and forget the descriptor, whose number may soon be another file's."""
        super().close()
        self._descriptor = -1

    # ------------------------------------------------------------------ helpers
    def _drained(self) -> bool:
        if not super()._drained():
            return False
        termios.tcdrain(self._descriptor)  # the last bytes, in the chip; the queue is empty, so this is short
        return True

    def _configure(self, baud: int) -> None:
        super()._configure(baud)
        self._tell_silence_from_loss()
        # A driver that cannot have a speed keeps another, and says so only to who asks.
        wanted = getattr(termios, f"B{baud}", None)
        if wanted is not None and termios.tcgetattr(self._descriptor)[_OUTPUT_SPEED] != wanted:
            raise ValueError("the line has another speed")

    def _tell_silence_from_loss(self) -> None:
        """Make a read that finds nothing fail with EAGAIN.

        pyserial's VMIN of 0 makes it return no bytes, as it does where the port is unplugged.
        """
        settings = termios.tcgetattr(self._descriptor)
        settings[_CONTROL_CHARACTERS][termios.VMIN] = 1
        termios.tcsetattr(self._descriptor, termios.TCSANOW, settings)
