"""Waiting for one file descriptor, by poll where there is one: select() stops at descriptor 1,024."""

from __future__ import annotations

import math
import select

_READABLE, _WRITABLE = 1, 4  # POLLIN and POLLOUT, where select has them


def wait_readable(descriptor: int, seconds: float) -> bool:
    """Wait until there is something to read, or the other side is gone.

    Args:
        descriptor: What to wait for.
        seconds: How long; 0 or less only looks.

    Returns:
        Whether reading would not wait.

    Raises:
        OSError: The descriptor is closed.
    """
    return _wait(descriptor, _READABLE, seconds)


def wait_writable(descriptor: int, seconds: float) -> bool:
    """Wait until there is room to write, or the other side is gone.

    Args:
        descriptor: What to wait for.
        seconds: How long; 0 or less only looks.

    Returns:
        Whether writing would not wait.

    Raises:
        OSError: The descriptor is closed.
    """
    return _wait(descriptor, _WRITABLE, seconds)


def _wait(descriptor: int, event: int, seconds: float) -> bool:
    seconds = max(0.0, seconds)
    if hasattr(select, "poll"):
        poller = select.poll()
        poller.register(descriptor, event)
        return bool(poller.poll(math.ceil(seconds * 1000)))
    wanted = [descriptor]  # Windows: sockets only, however large their numbers are
    readable, writable, _ = select.select(
        wanted if event == _READABLE else [], wanted if event == _WRITABLE else [], [], seconds
    )
    return bool(readable or writable)
