"""A terminal behind TCP: a terminal's own network port, a serial server in raw mode, or a simulator."""

from __future__ import annotations

import socket
from collections.abc import Callable

from agent.errors import LinkFault
from agent.transport.device_server import GREETING_BYTES
from agent.transport.target import TcpTarget
from agent.transport.waiting import wait_readable, wait_writable
from protocols.errors import LinkLost

CONNECT_SECONDS = 5.0
WRITE_SECONDS = 15.0


class TcpTransport:
    """A connected socket as a pipe of bytes.

    Args:
        connection: The socket; this object owns it from now on.
        description: What it is connected to.
    """

    def __init__(self, connection: socket.socket, description: str) -> None:
        self._socket = connection
        self._description = description
        self._greeting = b""
        # Frames are whole when they are handed over; waiting to fill a segment would only add latency.
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        connection.setblocking(False)

    @property
    def description(self) -> str:
        """The address as a TARGET."""
        return self._description

    @property
    def greeting(self) -> bytes:
        """The first bytes that came, at most 256: a device server says there why it does not serve us."""
        return self._greeting

    @property
    def baud(self) -> int | None:
        """None: TCP is no bottleneck."""
        return None

    @property
    def highest_baud(self) -> int:
        """0: the line behind a device server in raw mode keeps its speed."""
        return 0

    @property
    def escaped(self) -> bool:
        """False: TCP keeps no bytes for itself."""
        return False

    @property
    def descriptor(self) -> int | None:
        """The socket's."""
        return self._socket.fileno()

    def read(self, max_bytes: int, timeout_seconds: float) -> bytes:
        """Wait for bytes; see `agent.transport.base.Transport`."""
        data = self.read_now(max_bytes)
        if data or timeout_seconds <= 0:
            return data
        return self.read_now(max_bytes) if self._wait(wait_readable, timeout_seconds) else b""

    def read_now(self, max_bytes: int) -> bytes:
        """Take what is there; see `agent.transport.base.Transport`."""
        try:
            data = self._socket.recv(max_bytes)
        except BlockingIOError:
            return b""
        except OSError as fault:
            raise _lost(fault) from None
        if not data:
            raise LinkLost("the other side closed the connection")
        if len(self._greeting) < GREETING_BYTES:
            self._greeting += data[: GREETING_BYTES - len(self._greeting)]
        return data

    def write(self, data: bytes) -> None:
        """Hand bytes to the kernel, waiting at most 15 s for a peer that does not read."""
        rest = memoryview(data)
        while rest:
            taken = self._send(rest)
            rest = rest[taken:]
            if rest and not taken and not self._wait(wait_writable, WRITE_SECONDS):
                raise LinkLost("the other side takes no more bytes")

    def write_now(self, data: bytes) -> int:
        """Hand over what the kernel takes; see `agent.transport.base.Transport`."""
        return self._send(memoryview(data))

    def set_baud(self, baud: int) -> bool:
        """Return False: there is no speed to set."""
        return False

    def close(self) -> None:
        """Close the socket."""
        self._socket.close()

    def _send(self, data: memoryview) -> int:
        try:
            return self._socket.send(data)
        except BlockingIOError:
            return 0
        except OSError as fault:
            raise _lost(fault) from None

    def _wait(self, wait: Callable[[int, float], bool], seconds: float) -> bool:
        try:
            return wait(self._socket.fileno(), seconds)
        except (OSError, ValueError):  # the socket was closed on this side: -1 is no descriptor
            raise LinkLost("the connection is closed") from None


def open_tcp(target: TcpTarget) -> TcpTransport:
    """Connect.

    Args:
        target: Where to.

    Returns:
        The connected pipe.

    Raises:
        LinkFault: Nobody listens there, the host is unknown or does not answer.
    """
    host, port = target.host, target.port
    try:
        connection = socket.create_connection((host, port), timeout=CONNECT_SECONDS)
    except (OSError, UnicodeError) as fault:
        raise network_fault(fault, host, port) from None
    shown = f"[{host}]" if ":" in host else host
    return TcpTransport(connection, f"tcp://{shown}:{port}")


def network_fault(fault: OSError | UnicodeError, host: str, port: int) -> LinkFault:
    """Tell why there is no connection.

    Args:
        fault: What connecting raised.
        host: Where to.
        port: Its port.
    """
    if isinstance(fault, ConnectionRefusedError):
        return LinkFault("connection-refused", host=host, port=port)
    if isinstance(fault, socket.gaierror | UnicodeError):  # a label that is too long for DNS is a UnicodeError
        return LinkFault("host-unknown", host=host)
    if isinstance(fault, TimeoutError):
        return LinkFault("connection-timeout", host=host, port=port)
    return LinkFault("connection-failed", host=host, port=port, why=fault.strerror or type(fault).__name__)


def _lost(fault: OSError) -> LinkLost:
    return LinkLost(f"connection lost: {fault.strerror or type(fault).__name__}")
