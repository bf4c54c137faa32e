"""What every byte pipe offers the pump, and the one function that opens a target."""

from __future__ import annotations

from typing import Protocol

from agent.transport.target import TcpTarget, parse_target


class Transport(Protocol):
    """A pipe of bytes to one terminal. Every method may raise `protocols.errors.LinkLost`, and none blocks for ever."""

    @property
    def description(self) -> str:
        """What it is connected to, for people and logs."""

    @property
    def baud(self) -> int | None:
        """Bits per second of a serial line; None where the line is no bottleneck."""

    def read(self, max_bytes: int, timeout_seconds: float) -> bytes:
        """Wait for bytes.

        Args:
            max_bytes: Most bytes to return.
            timeout_seconds: How long to wait for the first of them; 0 takes only what is there.

        Returns:
            What came, or ``b""`` where nothing came in time.
        """

    def write(self, data: bytes) -> None:
        """Hand all of ``data`` to the line."""

    def close(self) -> None:
        """Free the line; closing twice changes nothing."""


def open_transport(target: str) -> Transport:
    """Open what a TARGET of the command line names.

    Args:
        target: See `agent.transport.target.parse_target`.

    Returns:
        The open pipe.

    Raises:
        UsageFault: The target makes no sense.
        LinkFault: It cannot be opened.
    """
    # Opening a socket must not load pyserial: each kind is imported where it is used.
    parsed = parse_target(target)
    if isinstance(parsed, TcpTarget):
        from agent.transport.tcp import open_tcp

        return open_tcp(parsed)
    from agent.transport.serial_line import open_serial

    return open_serial(parsed)
