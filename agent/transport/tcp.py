"""A terminal behind TCP: a terminal's own network port, a serial server in raw mode, or a simulator."""

from __future__ import annotations

import socket

from agent.errors import LinkFault
from agent.transport.target import TcpTarget
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
        # Frames are whole when they are handed over; waiting to fill a segment would only add latency.
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    @property
    def description(self) -> str:
        """The address as a TARGET."""
        return self._description

    @property
    def baud(self) -> int | None:
        """None: TCP is no bottleneck."""
        return None

    def read(self, max_bytes: int, timeout_seconds: float) -> bytes:
        """Wait for bytes; see `agent.transport.base.Transport`."""
        try:
            self._socket.settimeout(max(0.0, timeout_seconds))
            data = self._socket.recv(max_bytes)
        except (TimeoutError, BlockingIOError):
            return b""
        except OSError as fault:
            raise LinkLost(f"connection lost: {fault.strerror or type(fault).__name__}") from None
        if not data:
            raise LinkLost("the other side closed the connection")
        return data

    def write(self, data: bytes) -> None:
        """Hand bytes to the kernel, waiting at most 15 s for a peer that does not read."""
        try:
            self._socket.settimeout(WRITE_SECONDS)
            self._socket.sendall(data)
        except TimeoutError:
            raise LinkLost("the other side takes no more bytes") from None
        except OSError as fault:
            raise LinkLost(f"connection lost: {fault.strerror or type(fault).__name__}") from None

    def close(self) -> None:
        """Close the socket."""
        self._socket.close()


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
    except ConnectionRefusedError:
        raise LinkFault("connection-refused", host=host, port=port) from None
    except (socket.gaierror, UnicodeError):  # a label that is too long for DNS is a UnicodeError
        raise LinkFault("host-unknown", host=host) from None
    except TimeoutError:
        raise LinkFault("connection-timeout", host=host, port=port) from None
    except OSError as fault:
        raise LinkFault("connection-failed", host=host, port=port, why=fault.strerror or type(fault).__name__) from None
    shown = f"[{host}]" if ":" in host else host
    return TcpTransport(connection, f"tcp://{shown}:{port}")
