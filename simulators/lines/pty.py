"""A line over a pseudo-terminal, which programs open as they open a serial port."""

from __future__ import annotations

import contextlib
import os
import selectors
import sys
from pathlib import Path

from simulators.errors import SimulationError
from simulators.lines.line import READ_BYTES, Outbox, watch
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
        if sys.platform == "win32":
            raise SimulationError("no-pty")
        import tty

        self._port = port
        self._outbox = Outbox()
        self._selector: selectors.BaseSelector | None = None
        self._poll_at: float | None = None
        self._closed = False
        self._link = link.absolute()
        self._master, slave = os.openpty()
        self._slave_name = os.ttyname(slave)
        tty.setraw(slave)
        os.close(slave)
        os.set_blocking(self._master, False)
        try:
            if self._link.is_symlink():
                self._link.unlink()
            self._link.symlink_to(self._slave_name)
        except OSError as fault:
            os.close(self._master)
            raise SimulationError("cannot-link", path=str(link), why=str(fault.strerror)) from None

    @property
    def target(self) -> str:
        """``serial:PATH``."""
        return f"serial:{self._link}"

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

    def flush(self) -> None:
        """Put on the line what the port has to say."""
        self._outbox.put(self._port.bytes_to_send())
        self._port.take_hang_up()  # a serial line stays where it is when a terminal restarts
        if self._poll_at is not None:
            self._outbox.clear()
            return
        with contextlib.suppress(OSError):  # the next reading tells
            self._outbox.send(lambda data: os.write(self._master, data))
        if self._selector is not None:
            watch(self._selector, self._master, bool(self._outbox), self._serve)

    def close(self) -> None:
        """Let go of the pseudo-terminal, and take the link away where it is still ours."""
        if self._closed:
            return
        self._closed = True
        if self._selector is not None and self._poll_at is None:
            self._selector.unregister(self._master)
        self._selector = None
        with contextlib.suppress(OSError):
            if self._link.readlink() == Path(self._slave_name):
                self._link.unlink()
        os.close(self._master)

    def _serve(self, events: int, now: float) -> None:
        # A hang-up comes as readiness to read on some systems and as no event at all on others.
        if events & selectors.EVENT_READ or not events & selectors.EVENT_WRITE:
            self._read(now)

    def _read(self, now: float) -> None:
        try:
            data = os.read(self._master, READ_BYTES)
        except BlockingIOError:
            self._opened()
            return
        except OSError:
            data = b""
        if data:
            self._opened()
            self._port.receive_bytes(data, now)
        else:
            self._hung_up(now)

    def _opened(self) -> None:
        if self._poll_at is not None and self._selector is not None:
            self._poll_at = None
            self._selector.register(self._master, selectors.EVENT_READ, self._serve)

    def _hung_up(self, now: float) -> None:
        if self._poll_at is None:
            if self._selector is not None:
                self._selector.unregister(self._master)
            self._outbox.clear()
            self._port.line_lost()
            self._forget_unread()
        self._poll_at = now + HANG_UP_POLL

    def _forget_unread(self) -> None:
        """Drop what the last one to have the port open did not read, or the next one would.

        Only that direction: what came in was read to its end before, and what is there now is the next one's.
        """
        import termios

        with contextlib.suppress(termios.error):
            termios.tcflush(self._master, termios.TCOFLUSH)
