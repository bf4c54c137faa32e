"""What every byte pipe offers the pump, and the one function that opens a target."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Protocol

from agent.transport.remark import Told, nobody
from agent.transport.target import SerialTarget, TcpTarget, parse_target


class Transport(Protocol):
    """A pipe of bytes to one terminal. Every method may raise `protocols.errors.LinkLost`, and none blocks for ever."""

    @property
    def description(self) -> str:
        """What it is connected to, for people and logs."""

    @property
    def baud(self) -> int | None:
        """Bits per second of a serial line, as last set; None where the line is no bottleneck."""

    @property
    def highest_baud(self) -> int:
        """Most that `set_baud` may be tried with; 0 where the speed is not ours to set (TCP, device servers)."""

    @property
    def escaped(self) -> bool:
        """True where the line takes XON and XOFF for itself, so that they may not appear in what is sent."""

    @property
    def descriptor(self) -> int | None:
        """File descriptor to poll for input and room; None where there is only the blocking `read`.

        None: `read` and `write` are all there is, and a thread has to serve them (Windows, rfc2217).
        """

    def read_now(self, max_bytes: int) -> bytes:
        """Take what is there without waiting; only where there is a `descriptor`.

        Args:
            max_bytes: Most bytes to return.

        Returns:
            What was there; ``b""`` where nothing was.
        """

    def write_now(self, data: bytes) -> int:
        """Hand over what the line takes without waiting; only where there is a `descriptor`.

        Args:
            data: What to send.

        Returns:
            How many of its first bytes were taken, possibly 0.
        """

    def set_baud(self, baud: int) -> bool:
        """Let what was written leave the line, and give the line another speed.

        Takes at most about twice the line time of what is outstanding.

        Args:
            baud: Bits per second.

        Returns:
            False where the line cannot have that speed; it then keeps the one it has.
        """

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


def open_transport(
    target: str | TcpTarget | SerialTarget,
    told: Told = nobody,
    clock: Callable[[], float] = time.monotonic,
    *,
    patient: bool = True,
) -> Transport:
    """Open what a TARGET of the command line names.

    Args:
        target: See `agent.transport.target.parse_target`; as text or read already.
        told: Is told what happens on the line later.
        clock: Seconds that only grow.
        patient: Whether a serial port of this machine that is unplugged is waited for (`agent.transport.replug`).

    Returns:
        The open pipe.

    Raises:
        UsageFault: The target makes no sense.
        LinkFault: It cannot be opened.
    """
    # Opening a socket must not load pyserial: each kind is imported where it is used.
    parsed = parse_target(target) if isinstance(target, str) else target
    if isinstance(parsed, TcpTarget):
        from agent.transport.tcp import open_tcp

        return open_tcp(parsed)
    if parsed.local and patient:
        from agent.transport.replug import ReplugTransport

        return ReplugTransport(parsed, told, clock=clock)
    from agent.transport.open_serial import open_serial

    return open_serial(parsed)
