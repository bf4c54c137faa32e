"""pyserial's rfc2217 port with a reader of our own: in chunks, bounded, and ending in errors instead of tracebacks."""

from __future__ import annotations

import contextlib
import threading
from typing import Any

from serial import PortNotOpenError, SerialException, rfc2217
from serial.rfc2217 import DO, DONT, IAC, SB, SE, WILL, WONT

from agent.transport.device_server import GREETING_BYTES

MAX_WAITING = 262_144
"""Most bytes read ahead; beyond them TCP holds the server back."""

_CHUNK_BYTES = 16_384
_LONGEST_ANSWER = 1024
"""Most bytes that the answer to a setting may have; RFC 2217 needs a dozen, and a signature some more."""


class Rfc2217Port(rfc2217.Serial):  # type: ignore[misc] # pyserial has no types
    """A serial port behind a device server that speaks RFC 2217."""

    def __init__(self, *details: Any, **options: Any) -> None:
        self._heard = bytearray()
        self._changed = threading.Condition()
        self._ended = False
        self.said = b""
        """The first bytes that had come and were not read when the port was closed."""
        super().__init__(*details, **options)

    @property
    def in_waiting(self) -> int:
        """Bytes that can be read without waiting."""
        return len(self._heard)

    def read(self, size: int = 1) -> bytes:
        """Wait for bytes as long as the port's time-out says, and return those that are there.

        Args:
            size: Most bytes to return.

        Raises:
            SerialException: The connection is over, and all that came was read.
        """
        if not self.is_open:
            raise PortNotOpenError
        with self._changed:
            if not self._heard and not self._ended:
                self._changed.wait(self._timeout)
            if not self._heard and self._ended:
                raise SerialException("the device server ended the connection")
            data = bytes(self._heard[:size])
            del self._heard[:size]
            self._changed.notify_all()
            return data

    def reset_input_buffer(self) -> None:
        """Forget what came and was not read, here and in the server."""
        super().reset_input_buffer()
        with self._changed:
            self._heard.clear()
            self._changed.notify_all()

    def close(self) -> None:
        """Close the connection."""
        self.is_open = False
        with self._changed:
            self.said = self.said or bytes(self._heard[:GREETING_BYTES])
            self._changed.notify_all()
        super().close()

    # ------------------------------------------------------------------ in the reader's thread
    def _telnet_read_loop(self) -> None:
        rest = b""
        try:
            while self.is_open:
                try:
                    data = self._socket.recv(_CHUNK_BYTES)
                except TimeoutError:
                    continue
                if not data:
                    break
                rest = self._take(rest + data)
        except Exception:  # noqa: BLE001 - nobody catches what a thread raises: here it ends, and reading tells
            return
        finally:
            with self._changed:
                self._ended = True
                self._changed.notify_all()

    def _take(self, data: bytes) -> bytes:
        """Take data and telnet's commands; return the beginning of a command that has not come whole yet."""
        while data:
            at = data.find(IAC)
            self._put(data if at < 0 else data[:at])
            if at < 0:
                return b""
            data = data[at:]
            used = self._obey(data)
            if not used:
                return data
            data = data[used:]
        return b""

    def _obey(self, data: bytes) -> int:
        """Obey the command that data begins with; return its length, 0 where it has not come whole yet."""
        command = data[1:2]
        if command == IAC:
            self._put(IAC)
        elif command == SB:
            return self._obey_setting(data)
        elif command in (DO, DONT, WILL, WONT):
            if len(data) < 3:
                return 0
            self._telnet_negotiate_option(command, data[2:3])
            return 3
        elif command:
            self._telnet_process_command(command)
        return 2 if command else 0

    def _obey_setting(self, data: bytes) -> int:
        end = data.find(IAC, 2)
        while 0 <= end < len(data) - 1:
            if data[end + 1 : end + 2] == SE:
                self._telnet_process_subnegotiation(data[2:end].replace(IAC + IAC, IAC))
                return end + 2
            end = data.find(IAC, end + 2)
        if len(data) > _LONGEST_ANSWER:
            raise ValueError("the answer to a setting does not end")
        return 0

    def _put(self, data: bytes) -> None:
        with self._changed:
            while len(self._heard) >= MAX_WAITING and self.is_open:
                self._changed.wait(1)
            self._heard += data
            self._changed.notify_all()

    def _internal_raw_write(self, data: bytes) -> None:
        # The server may have said why it hangs up before it did: what it said is read first, and then the end is seen.
        with contextlib.suppress(OSError):
            super()._internal_raw_write(data)
