"""The only loop that does input and output: it serves one protocol machine over one transport."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Generic, TypeVar

from agent.transport.base import Transport
from protocols.machine import Machine

EventT = TypeVar("EventT")

CHUNK_BYTES = 65_536


class Pump(Generic[EventT]):
    """Moves bytes both ways and turns the machine's clock, for as long as somebody waits for an event.

    The line is read only while the machine has no event left to take, so what nobody takes is bounded by what one
    chunk of 64 KiB can hold; beyond that the line itself holds the peer back.

    Args:
        transport: The pipe of bytes.
        machine: The sans-I/O machine.
        clock: Seconds that only grow.
    """

    def __init__(
        self, transport: Transport, machine: Machine[EventT], clock: Callable[[], float] = time.monotonic
    ) -> None:
        self.transport = transport
        self._machine = machine
        self._clock = clock

    def now(self) -> float:
        """Return the present time in seconds."""
        return self._clock()

    def flush(self) -> None:
        """Put on the line whatever the machine has to say.

        Raises:
            LinkLost: The line is gone.
        """
        data = self._machine.bytes_to_send()
        if data:
            self.transport.write(data)

    def wait(self, until: float) -> EventT | None:
        """Serve the line until there is an event, or until a point in time.

        Args:
            until: When to give up, on this pump's clock. A time that has passed still takes what is there already.

        Returns:
            The machine's oldest event, or None.

        Raises:
            LinkLost: The line is gone.
        """
        polled = False
        while True:
            now = self._clock()
            deadline = self._machine.next_deadline()
            if deadline is not None and deadline <= now:
                self._machine.handle_timeout(now)
                deadline = self._machine.next_deadline()
            # Before an event is handed over, so that a caller who stays away for long has acknowledged what it got.
            self.flush()
            event = self._machine.next_event()
            if event is not None:
                return event
            if polled and now >= until:
                return None
            polled = True
            wake = until if deadline is None else min(until, deadline)
            data = self.transport.read(CHUNK_BYTES, max(0.0, wake - now))
            if data:
                self._machine.receive_bytes(data, self._clock())
