"""How much a terminal may tell by itself before it counts as one that floods."""

from __future__ import annotations

from protocols.errors import RemoteProtocolError

MOST_EVENTS = 2_000
WINDOW_SECONDS = 10.0


class FloodGuard:
    """Counts what nobody asked for. A screen that changes and a wipe's progress come some twenty times a second.

    Args:
        most: How many within one window are no flood yet.
        seconds: How long a window is.
    """

    def __init__(self, most: int = MOST_EVENTS, seconds: float = WINDOW_SECONDS) -> None:
        self._most = most
        self._seconds = seconds
        self._since = float("-inf")
        self._count = 0

    def count(self, now: float) -> None:
        """Count one more.

        Args:
            now: The present time in seconds.

        Raises:
            RemoteProtocolError: There were too many.
        """
        if now - self._since > self._seconds:
            self._since, self._count = now, 0
        self._count += 1
        if self._count > self._most:
            raise RemoteProtocolError(f"a flood: more than {self._most} events within {self._seconds:g} s")
