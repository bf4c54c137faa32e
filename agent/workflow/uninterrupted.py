"""Finishing what must not be left half done: an interrupt waits until the evidence of a case is issued."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

HELD_BACK = tuple(
    getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP", "SIGBREAK") if hasattr(signal, name)
)


@contextmanager
def uninterrupted() -> Iterator[None]:
    """Ignore interrupts until the block ends; what it does is bounded and needs no terminal.

    Only the main thread gets signals, so elsewhere there is nothing to hold back.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def wait(_number: int, _frame: FrameType | None) -> None:
        """Let it be: the case is at its end anyway."""

    before = {number: signal.signal(number, wait) for number in HELD_BACK}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler if handler is not None else signal.SIG_DFL)
