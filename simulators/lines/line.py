"""What all lines share: how the loop sees them, and what waits until the descriptor takes it.

Nothing here blocks. A line moves bytes between its descriptor and a port, keeps what the descriptor does not take
yet, and tells the selector what it waits for.
"""

from __future__ import annotations

import selectors
import socket
from collections import deque
from collections.abc import Callable
from typing import Protocol

READ_BYTES = 262_144

Callback = Callable[[int, float], None]


class Line(Protocol):
    """A line as the loop sees it. The selector's data is a callback that takes the ready events and the time."""

    @property
    def target(self) -> str:
        """How the agent is told to reach it (design, section 7)."""

    def attach(self, selector: selectors.BaseSelector, now: float) -> None:
        """Begin to serve."""

    def next_deadline(self) -> float | None:
        """Return when `handle_timeout` is wanted, or None."""

    def handle_timeout(self, now: float) -> None:
        """Do whatever is due."""

    def flush(self, now: float) -> None:
        """Put on the line what the port has to say."""

    def close(self) -> None:
        """Let go of everything."""


class Outbox:
    """Bytes that the descriptor does not take yet."""

    def __init__(self) -> None:
        self._chunks: deque[memoryview] = deque()

    def __bool__(self) -> bool:
        return bool(self._chunks)

    def put(self, data: bytes) -> None:
        """Add bytes."""
        if data:
            self._chunks.append(memoryview(data))

    def clear(self) -> None:
        """Forget all bytes."""
        self._chunks.clear()

    def send(self, write: Callable[[memoryview], int]) -> None:
        """Write as much as the descriptor takes.

        Raises:
            OSError: The line is gone.
        """
        while self._chunks:
            try:
                taken = write(self._chunks[0])
            except BlockingIOError:
                return
            if taken < len(self._chunks[0]):
                self._chunks[0] = self._chunks[0][taken:]
            else:
                self._chunks.popleft()


def watch(selector: selectors.BaseSelector, descriptor: int | socket.socket, writing: bool, callback: Callback) -> None:
    """Wait for room to write only while there is something to write."""
    events = selectors.EVENT_READ | (selectors.EVENT_WRITE if writing else 0)
    if selector.get_key(descriptor).events != events:
        selector.modify(descriptor, events, callback)
