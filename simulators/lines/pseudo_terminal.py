"""A pseudo-terminal that programs open as a serial port, by a symbolic link. POSIX only."""

from __future__ import annotations

import contextlib
import os
import sys
from pathlib import Path

from simulators.errors import SimulationError


class PseudoTerminal:
    """Our side of a pseudo-terminal, and the link to the other.

    Args:
        link: Where the symbolic link is made; one that is there already is replaced, anything else is not.

    Raises:
        SimulationError: ``no-pty`` on a system without them, ``cannot-link`` where it or the link cannot be made.
    """

    def __init__(self, link: Path) -> None:
        if sys.platform == "win32":
            raise SimulationError("no-pty")
        import tty

        self.link = link.absolute()
        """Where the link is."""
        try:
            self.master, slave = os.openpty()
        except OSError as fault:  # none left, or too many files open
            raise SimulationError("cannot-link", path=str(link), why=str(fault.strerror)) from None
        self._name = os.ttyname(slave)
        tty.setraw(slave)
        os.close(slave)
        os.set_blocking(self.master, False)
        self._closed = False
        try:
            if self.link.is_symlink():
                self.link.unlink()
            self.link.symlink_to(self._name)
        except OSError as fault:
            os.close(self.master)
            raise SimulationError("cannot-link", path=str(link), why=str(fault.strerror)) from None

    def read(self, limit: int) -> bytes | None:
        """Return what the user of the port has written.

        Args:
            limit: Most bytes to return.

        Returns:
            The bytes, none where there are none now, or None while nobody has the port open.
        """
        try:
            return os.read(self.master, limit) or None
        except BlockingIOError:
            return b""
        except OSError:
            return None

    def forget_unread(self) -> None:
        """Drop what the last one to have the port open did not read, or the next one would.

        Only that direction: what came in was read to its end before, and what is there now is the next one's.
        """
        import termios

        with contextlib.suppress(OSError, termios.error):
            termios.tcflush(self.master, termios.TCOFLUSH)
            # What the system has already moved over lies on the user's side.
            slave = os.open(self._name, os.O_RDWR | os.O_NOCTTY | os.O_NONBLOCK)
            try:
                termios.tcflush(slave, termios.TCIFLUSH)
            finally:
                os.close(slave)

    def close(self) -> None:
        """Let go of it, and take the link away where it is still ours; twice is once."""
        if self._closed:
            return
        self._closed = True
        with contextlib.suppress(OSError):
            if self.link.readlink() == Path(self._name):
                self.link.unlink()
        os.close(self.master)
