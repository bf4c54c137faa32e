"""What every sans-I/O protocol object looks like to the one loop that moves its bytes.

The owner of the line feeds bytes and the time in, and takes bytes, events and the next deadline out. A machine
never reads a clock: ``now`` is any number of seconds that only grows, so a test turns the clock by hand.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol, TypeVar

EventT_co = TypeVar("EventT_co", covariant=True)


class Machine(Protocol[EventT_co]):
    """A protocol endpoint without any input or output of its own."""

    def receive_bytes(self, data: bytes, now: float) -> None:
        """Take bytes as they came from the line, split or joined in any way.

        Args:
            data: One or more bytes; empty data changes nothing.
            now: The present time in seconds.
        """

    def bytes_to_send(self, limit: int | None = None) -> bytes:
        """Return what has to go on the line now, and forget it.

        A line that is served slowly is asked for little at a time: what is handed over late can still be chosen, so
        an urgent message overtakes what waits, and acknowledgements are fresh.

        It has no time of its own: what it does is timed by the latest `receive_bytes` or `handle_timeout`. So whoever
        asks for more because the line has room again, and not because something came, calls `handle_timeout` with the
        present time first.

        Args:
            limit: Stop after the frame that reaches so many bytes, 1 or more; None for all that is due. Where less
                comes back, nothing more is due now.
        """

    def next_event(self) -> EventT_co | None:
        """Return the oldest event that was not taken yet, or None."""

    def next_deadline(self) -> float | None:
        """Return the time at which `handle_timeout` wants to be called, or None."""

    def handle_timeout(self, now: float) -> None:
        """Do whatever is due at ``now``: retransmit, give up, keep alive. Calling it early changes nothing."""


@dataclass(frozen=True)
class SpeedChange:
    """Event for the owner of the line: switch it to another speed, and say so by `SpeedMachine.speed_changed`.

    What `Machine.bytes_to_send` has handed over must have left the line before.

    Args:
        baud: Bits per second.
    """

    baud: int


class SpeedMachine(Protocol):
    """What a machine that says `SpeedChange` can be told besides."""

    def speed_changed(self, now: float) -> None:
        """Take note that the line has the speed of the latest `SpeedChange`."""

    def speed_refused(self, now: float) -> None:
        """Take note that the line cannot have the speed of the latest `SpeedChange`, and has the old one."""
