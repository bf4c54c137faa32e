"""The front of a simulated terminal for people: what it shows and its keys, as lines of text over TCP.

A line is ``SHOW`` or names of keys joined by ``+``, such as ``F1+F4`` or ``DIGIT_1``. Each is answered by one line of
JSON: ``{"rows": […], "masked": false}``, or ``{"error": …}`` where the line says nothing that the terminal has.
"""

from __future__ import annotations

import json
import selectors
import socket

from protocols.words import Key
from simulators.lines.line import Outbox, watch
from simulators.lines.listening import listen
from simulators.pmp.device import Refused
from simulators.pmp.endpoint import PmpTerminal

LONGEST_LINE = 1024
MOST_KEYS = 4
SHOW = "SHOW"


class Panel:
    """The front of one terminal; several people may stand before it.

    Args:
        terminal: The terminal.
        host: Address to listen on.
        number: Port to listen on; 0 for any free one.

    Raises:
        SimulationError: ``cannot-listen``.
    """

    def __init__(self, terminal: PmpTerminal, host: str, number: int) -> None:
        self._terminal = terminal
        self._visitors: list[_Visitor] = []
        self._selector: selectors.BaseSelector | None = None
        self._listener, self._target = listen(host, number)

    @property
    def target(self) -> str:
        """``HOST:PORT``."""
        return self._target

    def attach(self, selector: selectors.BaseSelector, now: float) -> None:
        """Begin to serve."""
        self._selector = selector
        selector.register(self._listener, selectors.EVENT_READ, self._accept)

    def next_deadline(self) -> float | None:
        """Return None: nobody is waited for."""
        return None

    def handle_timeout(self, now: float) -> None:
        """Do nothing: nobody is waited for."""

    def flush(self, _now: float) -> None:
        """Send what is still to be sent."""
        for visitor in list(self._visitors):
            visitor.flush()
        self._visitors = [visitor for visitor in self._visitors if not visitor.gone]

    def close(self) -> None:
        """Let go of everybody and of the listener."""
        for visitor in self._visitors:
            visitor.close()
        self._visitors.clear()
        if self._selector is not None:
            self._selector.unregister(self._listener)
            self._selector = None
        self._listener.close()

    def answer(self, line: str, now: float) -> str:
        """Do what a line says, and return its answer without the end of the line.

        Args:
            line: As it came, without its end.
            now: The present time in seconds.
        """
        words = line.strip().upper().split("+")
        if words != [SHOW]:
            keys = [Key[word] for word in words if word in Key.__members__]
            if len(keys) != len(words) or len(set(keys)) != len(keys) or len(keys) > MOST_KEYS:
                return json.dumps({"error": "no such keys"})
            try:
                self._terminal.device.panel_press(tuple(keys), now)
            except Refused as refusal:
                return json.dumps({"error": refusal.code.name.lower().replace("_", " ")})
            self._terminal.report_events(now)
        screen = self._terminal.device.panel_screen()
        return json.dumps({"rows": list(screen.lines), "masked": screen.masked}, ensure_ascii=False)

    def _accept(self, _events: int, _now: float) -> None:
        try:
            connection, _ = self._listener.accept()
        except OSError:
            return  # it has gone again
        if self._selector is None:
            connection.close()
            return
        self._visitors.append(_Visitor(self, connection, self._selector))


class _Visitor:
    """One connection."""

    def __init__(self, panel: Panel, connection: socket.socket, selector: selectors.BaseSelector) -> None:
        self._panel = panel
        self._connection = connection
        self._selector = selector
        self._outbox = Outbox()
        self._held = b""
        self.gone = False
        connection.setblocking(False)
        selector.register(connection, selectors.EVENT_READ, self._serve)

    def flush(self) -> None:
        """Send what is still to be sent."""
        if self.gone:
            return
        try:
            self._outbox.send(self._connection.send)
        except OSError:
            self.close()
            return
        watch(self._selector, self._connection, bool(self._outbox), self._serve)

    def close(self) -> None:
        """Let go."""
        if not self.gone:
            self.gone = True
            self._selector.unregister(self._connection)
            self._connection.close()

    def _serve(self, events: int, now: float) -> None:
        if self.gone or not events & selectors.EVENT_READ:
            return
        try:
            data = self._connection.recv(LONGEST_LINE)
        except BlockingIOError:
            return
        except OSError:
            data = b""
        if not data:
            self.close()
            return
        *lines, self._held = (self._held + data).split(b"\n")
        for line in lines:
            text = line.decode("ascii", "replace")
            self._outbox.put(self._panel.answer(text, now).encode("utf-8") + b"\n")
        if len(self._held) > LONGEST_LINE:
            self.close()
