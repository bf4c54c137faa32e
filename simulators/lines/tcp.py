"""A line over TCP."""

from __future__ import annotations

import selectors
import socket

from simulators.lines.line import READ_BYTES, Outbox, watch
from simulators.lines.listening import listen
from simulators.pmp.endpoint import Port


class TcpLine:
    """One connection at a time on a listening socket; a new one takes the place of the old.

    Args:
        port: The terminal's end.
        host: Address to listen on.
        number: Port to listen on; 0 for any free one.

    Raises:
        SimulationError: ``cannot-listen``.
    """

    def __init__(self, port: Port, host: str, number: int) -> None:
        self._port = port
        self._outbox = Outbox()
        self._connection: socket.socket | None = None
        self._selector: selectors.BaseSelector | None = None
        self._listener, address = listen(host, number)
        self._target = f"tcp://{address}"

    @property
    def target(self) -> str:
        """``tcp://HOST:PORT``."""
        return self._target

    def attach(self, selector: selectors.BaseSelector, now: float) -> None:
        """Begin to serve."""
        self._selector = selector
        selector.register(self._listener, selectors.EVENT_READ, self._accept)

    def next_deadline(self) -> float | None:
        """Return when `handle_timeout` is wanted, or None."""
        return self._port.next_deadline()

    def handle_timeout(self, now: float) -> None:
        """Retransmit or give up."""
        self._port.handle_timeout(now)

    def flush(self, _now: float) -> None:
        """Put on the line what the port has to say; hang up where the terminal has restarted."""
        if not self._outbox:  # what the descriptor does not take yet is not added to
            self._outbox.put(self._port.bytes_to_send())
        if self._connection is None:
            self._outbox.clear()
            self._port.take_hang_up()
            return
        try:
            self._outbox.send(self._connection.send)
        except OSError:
            self._drop()
            return
        if self._port.take_hang_up():
            self._drop()
        elif self._selector is not None:
            watch(self._selector, self._connection, bool(self._outbox), self._serve)

    def close(self) -> None:
        """Let go of the connection and the listener."""
        self._drop()
        if self._selector is not None:
            self._selector.unregister(self._listener)
            self._selector = None
        self._listener.close()

    def _accept(self, _events: int, _now: float) -> None:
        try:
            connection, _ = self._listener.accept()
        except OSError:
            return  # it has gone again
        self._drop()
        connection.setblocking(False)
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._connection = connection
        if self._selector is not None:
            self._selector.register(connection, selectors.EVENT_READ, self._serve)

    def _serve(self, events: int, now: float) -> None:
        if self._connection is None or not events & selectors.EVENT_READ:
            return  # writing is done by `flush`
        try:
            data = self._connection.recv(READ_BYTES)
        except BlockingIOError:
            return
        except OSError:
            data = b""
        if data:
            self._port.receive_bytes(data, now)
        else:
            self._drop()

    def _drop(self) -> None:
        if self._connection is not None:
            if self._selector is not None:
                self._selector.unregister(self._connection)
            self._connection.close()
            self._connection = None
            self._outbox.clear()
            self._port.line_lost()
