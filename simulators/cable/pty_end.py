"""An end that programs open as a serial port, and an end that is a serial port which we open ourselves."""

from __future__ import annotations

import contextlib
import errno
import os
import sys
from pathlib import Path

from simulators.cable.end import Unread
from simulators.cable.speed import set_speed, speed_of
from simulators.errors import SimulationError
from simulators.lines.pseudo_terminal import PseudoTerminal

ABSENT_POLL = 0.05
REOPEN_POLL = 0.5


class PtyEnd:
    """A pseudo-terminal of ours, by a symbolic link. What nobody is there to read is lost, as on a real port.

    Args:
        link: Where the link is made.
        baud: Speed that it has until a program sets another.

    Raises:
        SimulationError: As of `simulators.lines.pseudo_terminal.PseudoTerminal`.
    """

    def __init__(self, link: Path, baud: int) -> None:
        self._unread = Unread()
        self._link = link.absolute()
        self._baud = baud
        self._pty: PseudoTerminal | None = self._open()
        self._present = False

    def _open(self) -> PseudoTerminal:
        pty = PseudoTerminal(self._link)
        set_speed(pty.master, self._baud)
        return pty

    @property
    def target(self) -> str:
        """``serial:PATH``."""
        return f"serial:{self._link}"

    @property
    def present(self) -> bool:
        """True while a program has it open."""
        return self._present

    @property
    def overrun_bytes(self) -> int:
        """Bytes that nobody took."""
        return self._unread.lost_bytes

    def speed(self) -> int | None:
        """Return the speed that the program has set."""
        return None if self._pty is None else speed_of(self._pty.master)

    def follow(self, baud: int) -> None:
        """Do nothing: the program there sets the speed."""

    def watched(self) -> tuple[int, ...]:
        """Return our side of it while a program has it open; else it would be ready all the time."""
        return (self._pty.master,) if self._pty is not None and self._present else ()

    def next_poll(self, now: float) -> float | None:
        """Return when to look whether a program has opened it."""
        return now + ABSENT_POLL if self._pty is not None and not self._present else None

    def read(self, limit: int, _now: float) -> bytes:
        """Return what the program has written."""
        if self._pty is None:
            return b""
        data = self._pty.read(limit)
        if data is None and self._present:
            self._unread.lose()
            self._pty.forget_unread()
        self._present = data is not None
        return data or b""

    def write(self, data: bytes) -> None:
        """Hand bytes to the program, if there is one."""
        if self._pty is None or not self._present:
            self._unread.lose(data)
            return
        self._unread.put(data)
        master = self._pty.master
        with contextlib.suppress(OSError):  # the next reading tells
            self._unread.send(lambda some: os.write(master, some))

    def unplug(self) -> None:
        """Take the port away, as a USB adapter that is pulled out."""
        if self._pty is not None:
            self._pty.close()
            self._pty = None
        self._present = False
        self._unread.lose()

    def plug(self, _now: float) -> None:
        """Make a new one under the same link; where that is not possible now, it stays away."""
        if self._pty is None:
            with contextlib.suppress(SimulationError):
                self._pty = self._open()

    def close(self) -> None:
        """Let go of it."""
        self.unplug()


class SerialEnd:
    """A serial port that we open, for example one of another simulator; it is opened again where it vanishes.

    Args:
        path: The port.
        baud: Its speed.

    Raises:
        SimulationError: ``cannot-open`` with the path and why; ``no-pty`` on Windows.
    """

    def __init__(self, path: Path, baud: int) -> None:
        if sys.platform == "win32":
            raise SimulationError("no-pty")
        self._unread = Unread()
        self._path = path.absolute()
        self._baud = baud
        self._poll_at = 0.0
        self._plugged = True
        self._descriptor: int | None = None
        try:
            self._open()
        except OSError as fault:
            raise SimulationError("cannot-open", path=str(path), why=str(fault.strerror)) from None

    def _open(self) -> None:
        import fcntl
        import termios
        import tty

        descriptor = os.open(self._path, os.O_RDWR | os.O_NOCTTY | os.O_NONBLOCK)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)  # as pyserial does
            tty.setraw(descriptor)
        except BlockingIOError:
            os.close(descriptor)
            raise OSError(errno.EBUSY, "in use by another program") from None
        except termios.error as fault:
            os.close(descriptor)
            raise OSError(fault.args[0], os.strerror(fault.args[0])) from None
        set_speed(descriptor, self._baud)
        self._descriptor = descriptor

    @property
    def target(self) -> str:
        """``serial:PATH``."""
        return f"serial:{self._path}"

    @property
    def present(self) -> bool:
        """True while it is open."""
        return self._descriptor is not None

    @property
    def overrun_bytes(self) -> int:
        """Bytes that it did not take."""
        return self._unread.lost_bytes

    def speed(self) -> int | None:
        """Return None: the speed of the device behind it cannot be seen."""
        return None

    def follow(self, baud: int) -> None:
        """Have the speed of the line."""
        if baud != self._baud:
            self._baud = baud
            if self._descriptor is not None:
                set_speed(self._descriptor, baud)

    def watched(self) -> tuple[int, ...]:
        """Return the open port."""
        return () if self._descriptor is None else (self._descriptor,)

    def next_poll(self, now: float) -> float | None:
        """Return when to try to open it again."""
        return max(now, self._poll_at) if self._plugged and self._descriptor is None else None

    def read(self, limit: int, now: float) -> bytes:
        """Return what the device has sent."""
        if self._descriptor is None:
            if self._plugged and now >= self._poll_at:
                self._poll_at = now + REOPEN_POLL
                with contextlib.suppress(OSError):
                    self._open()
            return b""
        try:
            data = os.read(self._descriptor, limit)
        except BlockingIOError:
            return b""
        except OSError:
            data = b""
        if not data:
            self._drop()
            self._poll_at = now + REOPEN_POLL
        return data

    def write(self, data: bytes) -> None:
        """Hand bytes to the device."""
        if self._descriptor is None:
            self._unread.lose(data)
            return
        descriptor = self._descriptor
        self._unread.put(data)
        with contextlib.suppress(OSError):
            self._unread.send(lambda some: os.write(descriptor, some))

    def unplug(self) -> None:
        """Close it."""
        self._plugged = False
        self._drop()

    def plug(self, now: float) -> None:
        """Open it again soon."""
        self._plugged = True
        self._poll_at = now

    def close(self) -> None:
        """Let go of it."""
        self.unplug()

    def _drop(self) -> None:
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None
        self._unread.lose()
