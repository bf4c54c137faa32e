"""Ends over TCP: one that listens, and one that we connect ourselves. Neither has a speed of its own."""

from __future__ import annotations

import contextlib
import socket

from simulators.cable.end import Unread
from simulators.errors import SimulationError
from simulators.lines.listening import listen

CONNECT_SECONDS = 5.0
RECONNECT_POLL = 0.5


class SocketEnd:
    """What both kinds share: one connection, or none.

    Args:
        connection: The connection, if there is one.
    """

    def __init__(self, connection: socket.socket | None) -> None:
        self._unread = Unread()
        self._plugged = True
        self._connection = connection

    @property
    def target(self) -> str:
        """``tcp://HOST:PORT``."""
        raise NotImplementedError

    @property
    def present(self) -> bool:
        """True while there is a connection."""
        return self._connection is not None

    @property
    def overrun_bytes(self) -> int:
        """Bytes that nobody took."""
        return self._unread.lost_bytes

    def speed(self) -> int | None:
        """Return None."""
        return None

    def follow(self, baud: int) -> None:
        """Do nothing: there is no speed here."""

    def watched(self) -> tuple[int, ...]:
        """Return the connection's descriptor."""
        return () if self._connection is None else (self._connection.fileno(),)

    def next_poll(self, _now: float) -> float | None:
        """Return None: readiness says all."""
        return None

    def read(self, limit: int, now: float) -> bytes:
        """Return what came."""
        if self._connection is None:
            return b""
        try:
            data = self._connection.recv(limit)
        except BlockingIOError:
            return b""
        except OSError:
            data = b""
        if not data:
            self._drop(now)
        return data

    def write(self, data: bytes) -> None:
        """Hand bytes over, if anybody is there."""
        if self._connection is None:
            self._unread.lose(data)
            return
        connection = self._connection
        self._unread.put(data)
        with contextlib.suppress(OSError):  # the next reading tells
            self._unread.send(connection.send)

    def unplug(self) -> None:
        """Hang up, and let nobody in."""
        self._plugged = False
        self._drop(0.0)

    def plug(self, _now: float) -> None:
        """Let people in again."""
        self._plugged = True

    def close(self) -> None:
        """Let go of everything."""
        self.unplug()

    def _take(self, connection: socket.socket) -> None:
        connection.setblocking(False)
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._connection = connection

    def _drop(self, _now: float) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None
        self._unread.lose()


class ListenEnd(SocketEnd):
    """An end that programs connect to, one at a time; a new connection takes the place of the old.

    Args:
        host: Address to listen on.
        number: Port to listen on; 0 for any free one.

    Raises:
        SimulationError: ``cannot-listen``.
    """

    def __init__(self, host: str, number: int) -> None:
        super().__init__(None)
        self._listener, self._address = listen(host, number)

    @property
    def target(self) -> str:
        """``tcp://HOST:PORT``."""
        return f"tcp://{self._address}"

    def watched(self) -> tuple[int, ...]:
        """Return the descriptors of listener and connection."""
        return (self._listener.fileno(), *super().watched())

    def read(self, limit: int, now: float) -> bytes:
        """Let somebody in, and return what came."""
        try:
            connection, _ = self._listener.accept()
        except OSError:
            return super().read(limit, now)
        if self._plugged:
            self._drop(now)
            self._take(connection)
        else:
            connection.close()
        return super().read(limit, now)

    def close(self) -> None:
        """Let go of the connection and the listener."""
        super().close()
        self._listener.close()


class ConnectEnd(SocketEnd):
    """An end that we connect, and connect again where the other side hangs up.

    Args:
        host: Where to.
        number: Port.

    Raises:
        SimulationError: ``cannot-connect`` where nobody answers at the start.
    """

    def __init__(self, host: str, number: int) -> None:
        super().__init__(None)
        self._host, self._number = host, number
        self._poll_at = 0.0
        self._pending: socket.socket | None = None
        try:
            connection = socket.create_connection((host, number), CONNECT_SECONDS)
            self._family, self._peer = connection.family, connection.getpeername()
            self._take(connection)
        except (OSError, UnicodeError) as fault:
            why = getattr(fault, "strerror", None) or "nobody answers"
            raise SimulationError("cannot-connect", address=f"{host}:{number}", why=why) from None

    @property
    def target(self) -> str:
        """``tcp://HOST:PORT``."""
        return f"tcp://{f'[{self._host}]' if ':' in self._host else self._host}:{self._number}"

    def next_poll(self, now: float) -> float | None:
        """Return when to try again."""
        return max(now, self._poll_at) if self._plugged and self._connection is None else None

    def read(self, limit: int, now: float) -> bytes:
        """Connect where that is wanted, and return what came."""
        if self._connection is None and self._plugged and now >= self._poll_at:
            self._poll_at = now + RECONNECT_POLL
            self._reconnect()
        return super().read(limit, now)

    def plug(self, now: float) -> None:
        """Connect again soon."""
        super().plug(now)
        self._poll_at = now

    def _reconnect(self) -> None:
        """Look how the last attempt went, without waiting for it; or begin another."""
        if self._pending is None:
            self._pending = socket.socket(self._family)
            self._pending.setblocking(False)
            if self._pending.connect_ex(self._peer):
                return
        pending, self._pending = self._pending, None
        try:
            pending.getpeername()
        except OSError:
            pending.close()
            return
        self._take(pending)

    def _drop(self, now: float) -> None:
        super()._drop(now)
        self._poll_at = now + RECONNECT_POLL
        if self._pending is not None:
            self._pending.close()
            self._pending = None
