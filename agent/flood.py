"""How much a terminal may tell by itself before it counts as one that floods."""

from __future__ import annotations

from protocols.errors import RemoteProtocolError

AT_ONCE = 1_000
A_SECOND = 100.0


class FloodGuard:
    """Counts what nobody asked for.

    A screen that changes and a wipe's progress come some twenty times a second, and a quick walk through a menu brings
    a few hundred screens at once.

    Args:
        at_once: How many may come together.
        a_second: How many more may come each second.
    """

    def __init__(self, at_once: int = AT_ONCE, a_second: float = A_SECOND) -> None:
        self._at_once = at_once
        self._a_second = a_second
        self._left = float(at_once)
        self._counted_at: float | None = None

    def count(self, now: float) -> None:
        """Count one more.

        Args:
            now: The present time in seconds.

        Raises:
            RemoteProtocolError: There were too many.
        """
        if self._counted_at is not None:
            self._left = min(self._at_once, self._left + (now - self._counted_at) * self._a_second)
        self._counted_at = now
        self._left -= 1
        if self._left < 0:
            raise RemoteProtocolError(f"a flood: {self._at_once} events, and more than {self._a_second:g} a second")
