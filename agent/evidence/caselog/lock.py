"""One process and thread at a time at the log: a lock on a file, which the system gives back when its holder dies."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from agent.errors import PreconditionNotMet

WAIT_SECONDS = 60.0
"""An append takes milliseconds; a minute is long enough for a bench full of them."""
PAUSE_SECONDS = 0.01

if sys.platform == "win32":
    import msvcrt

    def _try(handle: int) -> None:
        os.lseek(handle, 0, os.SEEK_SET)
        msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)

    def _give_back(handle: int) -> None:
        os.lseek(handle, 0, os.SEEK_SET)
        msvcrt.locking(handle, msvcrt.LK_UNLCK, 1)

else:
    import fcntl

    def _try(handle: int) -> None:
        # Of the open file, not of the process: threads of one process exclude each other too.
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)

    def _give_back(handle: int) -> None:
        fcntl.flock(handle, fcntl.LOCK_UN)


@contextmanager
def locked(
    path: Path,
    seconds: float = WAIT_SECONDS,
    *,
    steady: Callable[[], float] = time.monotonic,
    sleep: Callable[[float], None] = time.sleep,
) -> Iterator[None]:
    """Hold a lock for the block.

    Args:
        path: The file that stands for it; made where there is none, and left behind.
        seconds: How long to wait for another holder.
        steady: Tells the time.
        sleep: Waits.

    Raises:
        PreconditionNotMet: ``log-busy``: somebody else held it all the while.
        OSError: The file cannot be opened.
    """
    handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        until = steady() + seconds
        while True:
            try:
                _try(handle)
                break
            except (BlockingIOError, PermissionError):
                if steady() >= until:
                    raise PreconditionNotMet("log-busy", path=str(path)) from None
                sleep(PAUSE_SECONDS)
        try:
            yield
        finally:
            _give_back(handle)
    finally:
        os.close(handle)
