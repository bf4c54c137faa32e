"""A line that is listened in on: it counts what goes through it, and outlives the sessions on it."""

from __future__ import annotations

from agent.transport.base import Transport
from protocols.pmp.escape import FORBIDDEN

KEPT_BYTES = 4096
"""How much of either direction is kept since the last `Tap.mark`."""


class Tap:
    """A transport around another one; see `agent.transport.base.Transport`.

    Args:
        transport: The line; `release` closes it, `close` (which ends a session) leaves it open.
    """

    def __init__(self, transport: Transport) -> None:
        self._transport = transport
        self.sent_bytes = 0
        self.received_bytes = 0
        self.flow_bytes = 0
        """Bytes that came and are XON or XOFF, with or without the highest bit."""
        self.sent = b""
        """The first of what was sent since the last `mark`."""
        self.received = b""
        """The first of what came since the last `mark`."""

    def mark(self) -> None:
        """Begin to keep anew."""
        self.sent = self.received = b""

    def release(self) -> None:
        """Free the line."""
        self._transport.close()

    # ------------------------------------------------------------------ agent.transport.base.Transport
    @property
    def description(self) -> str:
        """What it is connected to."""
        return self._transport.description

    @property
    def baud(self) -> int | None:
        """Bits per second, as last set."""
        return self._transport.baud

    @property
    def highest_baud(self) -> int:
        """Most that may be tried."""
        return self._transport.highest_baud

    @property
    def escaped(self) -> bool:
        """Whether the line takes XON and XOFF for itself."""
        return self._transport.escaped

    @property
    def descriptor(self) -> int | None:
        """File descriptor of the line, or None."""
        return self._transport.descriptor

    def read_now(self, max_bytes: int) -> bytes:
        """Take what is there."""
        return self._came(self._transport.read_now(max_bytes))

    def write_now(self, data: bytes) -> int:
        """Hand over what the line takes."""
        taken = self._transport.write_now(data)
        self._went(data[:taken])
        return taken

    def set_baud(self, baud: int) -> bool:
        """Give the line another speed."""
        return self._transport.set_baud(baud)

    def read(self, max_bytes: int, timeout_seconds: float) -> bytes:
        """Wait for bytes."""
        return self._came(self._transport.read(max_bytes, timeout_seconds))

    def write(self, data: bytes) -> None:
        """Hand over all of it."""
        self._transport.write(data)
        self._went(data)

    def close(self) -> None:
        """Do nothing: a session is over, the line is not."""

    # ------------------------------------------------------------------ helpers
    def _came(self, data: bytes) -> bytes:
        self.received_bytes += len(data)
        self.flow_bytes += sum(map(data.count, FORBIDDEN))
        if len(self.received) < KEPT_BYTES:
            self.received += data[: KEPT_BYTES - len(self.received)]
        return data

    def _went(self, data: bytes) -> None:
        self.sent_bytes += len(data)
        if len(self.sent) < KEPT_BYTES:
            self.sent += data[: KEPT_BYTES - len(self.sent)]
