"""The loop that moves the bytes of all cables in the process: coarse ticks while something moves, else it sleeps."""

from __future__ import annotations

import selectors
import time
from collections.abc import Callable, Sequence

from simulators.cable.cable import Cable

STOP_POLL = 0.1
TICK = 0.002
COARSE_TICK = 0.005
MANY = 16


class _Sleeper:
    """A cable that is watched only while it sleeps; so a busy one costs no call but its reads and writes."""

    def __init__(self, cable: Cable) -> None:
        self.cable = cable
        self.poll_at: float | None = None
        self._watched: Sequence[int] = ()

    def sleep(self, selector: selectors.BaseSelector, now: float) -> None:
        self._watched = self.cable.watched()
        for descriptor in self._watched:
            selector.register(descriptor, selectors.EVENT_READ, self)
        self.poll_at = self.cable.next_poll(now)

    def wake(self, selector: selectors.BaseSelector) -> None:
        for descriptor in self._watched:
            selector.unregister(descriptor)
        self._watched = ()


def run(cables: Sequence[Cable], turn_events: Callable[[float], bool]) -> None:
    """Serve cables in one thread.

    Args:
        cables: The cables; they are not closed.
        turn_events: Called with the time a few times a second or more; may do something to the cables, and returns
            False to end.
    """
    tick = TICK if len(cables) <= MANY else COARSE_TICK
    awake = [_Sleeper(cable) for cable in cables]
    asleep: list[_Sleeper] = []
    with selectors.DefaultSelector() as selector:
        while turn_events(now := time.monotonic()):
            ready = {key.data for key, _ in selector.select(tick if awake else _pause(asleep, now))}
            now = time.monotonic()
            woken = [each for each in asleep if each in ready or _due(each, now) or each.cable.awake]
            for each in woken:
                each.wake(selector)
            if woken:
                asleep = [each for each in asleep if each not in woken]
                awake += woken
            tired = []
            for each in awake:
                each.cable.turn(now)
                if not each.cable.awake:
                    each.sleep(selector, now)
                    tired.append(each)
            if tired:
                awake = [each for each in awake if each not in tired]
                asleep += tired


def _pause(asleep: Sequence[_Sleeper], now: float) -> float:
    polls = [each.poll_at for each in asleep if each.poll_at is not None]
    return max(0.0, min(min(polls, default=now + STOP_POLL) - now, STOP_POLL))


def _due(sleeper: _Sleeper, now: float) -> bool:
    return sleeper.poll_at is not None and now >= sleeper.poll_at
