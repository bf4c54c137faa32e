"""Writing a film while it happens: each step is in the file before the next key is pressed.

A film is a record for people, not a condition of the case. Where it cannot be written, the case goes on without it and
says so; a terminal is not left half unbound because a disk is full.
"""

from __future__ import annotations

import hashlib
import os
from dataclasses import replace
from pathlib import Path
from types import TracebackType

from agent.errors import UsageFault
from agent.film.store import FOLDER, FilmHead, film_line, film_path, read_film
from agent.home import private_folder
from agent.menu.film import FilmStep

_APPEND = os.O_WRONLY | os.O_CREAT | os.O_APPEND | getattr(os, "O_BINARY", 0) | getattr(os, "O_NOFOLLOW", 0)


class FilmRecorder:
    """Takes the steps of a case. A case that goes on later goes on in the same film.

    The file is made with the first step, for its owner alone (0600).

    Args:
        home: Home folder of posretire.
        head: Whose film it is.
    """

    def __init__(self, home: Path, head: FilmHead) -> None:
        self.path = film_path(home, head.case)
        self._home = home
        self.steps: list[FilmStep] = []
        """The steps taken by this recorder, numbered as in the file."""
        self.fault = ""
        """Why the film has a gap, or empty."""
        self._head = head
        self._handle: int | None = None
        self._before = 0

    def take(self, step: FilmStep) -> None:
        """Write a step; it is in the hands of the operating system when this returns."""
        step = replace(step, number=self._before + len(self.steps) + 1)
        if not self.fault:
            try:
                if self._handle is None:
                    self._handle = self._open()
                    step = replace(step, number=self._before + len(self.steps) + 1)
                _write(self._handle, film_line(step))
            except OSError as fault:
                self.fault = fault.strerror or type(fault).__name__
            except UsageFault as fault:
                self.fault = fault.code
        self.steps.append(step)

    def digest(self) -> str:
        """Return the SHA-256 of the file as it is now, lower-case hex; empty where there is none."""
        try:
            return hashlib.sha256(self.path.read_bytes()).hexdigest() if self.steps and not self.fault else ""
        except OSError:
            return ""

    def close(self) -> None:
        """Let go of the file; twice is once."""
        if self._handle is not None:
            os.close(self._handle)
            self._handle = None

    def __enter__(self) -> FilmRecorder:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _open(self) -> int:
        private_folder(self._home, FOLDER)
        if self.path.exists():
            self._before = self._mend()
            return os.open(self.path, _APPEND, 0o600)
        handle = os.open(self.path, _APPEND | os.O_EXCL, 0o600)
        _write(handle, film_line(self._head))
        return handle

    def _mend(self) -> int:
        """Cut off what a power cut left of a step, and return how many whole ones there are."""
        data = self.path.read_bytes()
        whole = data.rfind(b"\n") + 1
        if whole == 0:
            self.path.write_bytes(film_line(self._head))
        elif whole < len(data):
            os.truncate(self.path, whole)
        return len(read_film(self.path).steps)


def _write(handle: int, data: bytes) -> None:
    """Write a line in one piece: it is far smaller than what a file system takes at once."""
    if os.write(handle, data) != len(data):
        raise OSError(0, "written in part")
