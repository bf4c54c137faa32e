"""How fast bytes may be handed to a serial line, so that an urgent message never waits behind kilobytes in the kernel.

A kernel takes far more than a line carries: a PTY 18 kB ahead of its reader, 1.6 seconds at 115,200 baud. What lies
there can neither be overtaken nor taken back. So the owner of the line computes when the line will have carried what
it got, and hands over more only shortly before.
"""

from __future__ import annotations

BITS_A_BYTE = 10
"""Start bit, eight data bits, stop bit."""

AHEAD_SECONDS = 0.04
"""How much the line has before it: more than an operating system wakes late, less than a person notices."""


class Pacer:
    """Knows when a line will have carried what it was given. Pure: the caller brings the time.

    Args:
        baud: Bits per second, or None where the line is no bottleneck and takes what it takes.
    """

    def __init__(self, baud: int | None) -> None:
        self.empty_at = 0.0
        """When everything handed over so far has left the line."""
        self._byte_seconds = BITS_A_BYTE / baud if baud else 0.0

    @property
    def unlimited(self) -> bool:
        """True where nothing has to wait."""
        return not self._byte_seconds

    @property
    def next_room(self) -> float:
        """When there is room again, in seconds on the caller's clock."""
        return self.empty_at - AHEAD_SECONDS

    def room(self, now: float) -> int:
        """Return how many bytes may be handed over now: 0 or more (what an unlimited line may get is not counted).

        Args:
            now: The present time in seconds.
        """
        if not self._byte_seconds or now < self.next_room:
            return 0
        return max(1, int((AHEAD_SECONDS - max(0.0, self.empty_at - now)) / self._byte_seconds))

    def handed_over(self, count: int, now: float) -> None:
        """Take note that the line got bytes.

        Args:
            count: How many.
            now: The present time in seconds.
        """
        self.empty_at = max(self.empty_at, now) + count * self._byte_seconds

    def change(self, baud: int) -> None:
        """Take note that the line has another speed, in bits per second, from `empty_at` on."""
        self._byte_seconds = BITS_A_BYTE / baud
