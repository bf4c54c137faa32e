"""A line over a pseudo-terminal, which programs open as they open a serial port."""

from __future__ import annotations

import contextlib
import os
import selectors
from pathlib import Path

from simulators.lines.line import READ_BYTES, Outbox, watch
from simulators.lines.pseudo_terminal import PseudoTerminal
from simulators.pmp.endpoint import Port

HANG_UP_POLL = 0.1


class PtyLine:
    """A pseudo-terminal whose other side programs open as a serial port, by a symbolic link. POSIX only.

    While nobody has it open, reading says so at once, again and again; so the line leaves the selector and looks ten
    times a second.

    Args:
        port: The terminal's end.
        link: Where the symbolic link is made; one that is there already is replaced, anything else is not.

    Raises:
        SimulationError: ``no-pty`` on a system without them, ``cannot-link`` where the link cannot be made.
    """

    def __init__(self, port: Port, link: Path) -> None:
        self._port = port
        self._outbox = Outbox()
        self._selector: selectors.BaseSelector | None = None
        self._poll_at: float | None = None
        self._pty = PseudoTerminal(link)

    @property
    def target(self) -> str:
        """``serial:PATH``."""
        return f"serial:{self._pty.link}"

    def attach(self, selector: selectors.BaseSelector, now: float) -> None:
        """Begin to serve; nobody has the port open yet."""
        self._selector = selector
        self._poll_at = now

    def next_deadline(self) -> float | None:
        """Return when `handle_timeout` is wanted, or None."""
        deadlines = (self._port.next_deadline(), self._poll_at)
        return min((each for each in deadlines if each is not None), default=None)

    def handle_timeout(self, now: float) -> None:
        """Retransmit or give up; look whether somebody has opened the port."""
        self._port.handle_timeout(now)
        if self._poll_at is not None and now >= self._poll_at:
            self._read(now)

    def flush(self, _now: float) -> None:
        """Put on the line what the port has to say."""
        if not self._outbox:  # what the descriptor does not take yet is not added to
            self._outbox.put(self._port.bytes_to_send())
        self._port.take_hang_up()  # a serial line stays where it is when a terminal restarts
        if self._poll_at is not None:
            self._outbox.clear()
            return
        with contextlib.suppress(OSError):  # the next reading tells
            self._outbox.send(lambda data: os.write(self._pty.master, data))
        if self._selector is not None:
            watch(self._selector, self._pty.master, bool(self._outbox), self._serve)

    def close(self) -> None:
        """Let go of the pseudo-terminal, and take the link away where it is still ours."""
        if self._selector is not None and self._poll_at is None:
            self._selector.unregister(self._pty.master)
        self._selector = None
        self._pty.close()

    def _serve(self, events: int, now: float) -> None:
        # A hang-up comes as readiness to read on some systems and as no event at all on others.
        if events & selectors.EVENT_READ or not events & selectors.EVENT_WRITE:
            self._read(now)

    def _read(self, now: float) -> None:
        data = self._pty.read(READ_BYTES)
        if data is None:
            self._hung_up(now)
            return
        self._opened()
        if data:
            self._port.receive_bytes(data, now)

    def _opened(self) -> None:
        if self._poll_at is not None and self._selector is not None:
            self._poll_at = None
            self._selector.register(self._pty.master, selectors.EVENT_READ, self._serve)

    def _hung_up(self, now: float) -> None:
        if self._poll_at is None:
            if self._selector is not None:
                self._selector.unregister(self._pty.master)
            self._outbox.clear()
            self._port.line_lost()
            self._pty.forget_unread()
        self._poll_at = now + HANG_UP_POLL
