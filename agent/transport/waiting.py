"""Waiting for one file descriptor, by poll where there is one: select() stops at descriptor 1,024."""

from __future__ import annotations

import math
import select
import time

_READABLE, _WRITABLE = 1, 4  # POLLIN and POLLOUT, where select has them
_LONGEST_WAIT = 3600.0


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


def wait_ready(descriptor: int | None, seconds: float, room: bool) -> bool:
    """Wait until there is something to read, or also until there is room to write, or the other side is gone.

    Args:
        descriptor: What to wait for; None only lets the time pass.
        seconds: How long; 0 or less only looks, infinity waits for ever.
        room: Whether room to write is worth waking up for too.

    Returns:
        Whether there is anything to do.

    Raises:
        OSError: The descriptor is closed.
    """
    if descriptor is None:
        time.sleep(max(0.0, seconds))
        return False
    return _wait(descriptor, _READABLE | _WRITABLE if room else _READABLE, seconds)


def _wait(descriptor: int, events: int, seconds: float) -> bool:
    # poll cannot wait for ever by a number; whoever wants to is woken now and then.
    seconds = min(_LONGEST_WAIT, max(0.0, seconds))
    if hasattr(select, "poll"):
        poller = select.poll()
        poller.register(descriptor, events)
        return bool(poller.poll(math.ceil(seconds * 1000)))
    wanted = [descriptor]  # Windows: sockets only, however large their numbers are
    readable, writable, _ = select.select(
        wanted if events & _READABLE else [], wanted if events & _WRITABLE else [], [], seconds
    )
    return bool(readable or writable)
