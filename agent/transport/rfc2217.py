"""pyserial's rfc2217 port, made to end in errors instead of tracebacks and to hold a flood back."""

from __future__ import annotations

import contextlib
import queue
from typing import Any

from serial import rfc2217

from agent.transport.device_server import GREETING_BYTES

MAX_WAITING = 262_144
"""Most bytes read ahead; beyond them TCP holds the server back."""


class Rfc2217Port(rfc2217.Serial):  # type: ignore[misc] # pyserial has no types
    """A serial port behind a device server that speaks RFC 2217."""

    _waiting: queue.Queue[bytes | None] | None = None

    @property
    def _read_buffer(self) -> Any:
        return self._waiting

    @_read_buffer.setter
    def _read_buffer(self, value: object) -> None:
        # pyserial puts a queue without bounds here each time it opens.
        self._waiting = None if value is None else queue.Queue(MAX_WAITING)

    said = b""
    """The first bytes that had come and were not read when the port was closed."""

    def close(self) -> None:
        """Close the connection; a reader that waits for room in the queue gets it."""
        self.is_open = False
        if self._waiting is not None and not self.said:
            first = list(self._waiting.queue)[:GREETING_BYTES]
            self.said = b"".join(piece for piece in first if piece is not None)
        with contextlib.suppress(queue.Empty):
            while self._waiting is not None:
                self._waiting.get(block=False)
        super().close()

    def _telnet_read_loop(self) -> None:
        # In a thread of its own, where an error would be printed and nobody told.
        try:
            super()._telnet_read_loop()
        except Exception:  # noqa: BLE001 - a server that breaks telnet's rules raises whatever pyserial meets then
            if self._waiting is not None:
                with contextlib.suppress(queue.Full):
                    self._waiting.put(None, block=False)

    def _internal_raw_write(self, data: bytes) -> None:
        # The server may have said why it hangs up before it did: what it said is read first, and then the end is seen.
        with contextlib.suppress(OSError):
            super()._internal_raw_write(data)
