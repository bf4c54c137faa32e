"""The two clocks of the agent, passed in explicitly so that tests turn them by hand."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime


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

    def stamp(self) -> str:
        """Return the present time as RFC 3339 in UTC, to the millisecond."""
        return self.wall().astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
