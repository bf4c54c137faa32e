"""The two clocks of the agent, passed in explicitly so that tests turn them by hand."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta


def _utc_now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True)
class Clock:
    """A wall clock for records and a steady one for waiting.

    Args:
        wall: Returns the present time in UTC; may jump.
        steady: Returns seconds that only grow.
    """

    wall: Callable[[], datetime] = _utc_now
    steady: Callable[[], float] = time.monotonic

    @property
    def set_back(self) -> timedelta:
        """How far the wall clock was set back under a `never_back`, at most; else nothing."""
        return self.wall.set_back if isinstance(self.wall, _Forward) else timedelta(0)

    def stamp(self) -> str:
        """Return the present time as RFC 3339 in UTC, to the millisecond."""
        return self.wall().astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def never_back(clock: Clock, since: datetime | None = None) -> Clock:
    """Make a clock whose wall time never goes back, so that what happened later is never recorded as earlier.

    While the clock says less than it did before, time goes on by the steady one.

    Args:
        clock: The two clocks.
        since: A time that has been recorded already, where there is one.
    """
    return Clock(_Forward(clock, since), clock.steady)


class _Forward:
    def __init__(self, clock: Clock, since: datetime | None) -> None:
        self._clock = clock
        self._last = since
        self._steady = clock.steady()
        self.set_back = timedelta(0)

    def __call__(self) -> datetime:
        now, steady = self._clock.wall(), self._clock.steady()
        if self._last is not None and now < self._last:
            expected = self._last + timedelta(seconds=max(0.0, steady - self._steady))
            self.set_back = max(self.set_back, expected - now)
            now = expected
        self._last, self._steady = now, steady
        return now
