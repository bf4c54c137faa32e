"""The shortest way through a menu."""

from __future__ import annotations

from collections import deque

from protocols.menu import Menu


def first_hop(menu: Menu, start: str, goal: str) -> str | None:
    """Find the first screen on a shortest way.

    Args:
        menu: The menu.
        start: Screen to start from.
        goal: Screen to reach; from itself it is reached by a way round.

    Returns:
        The screen to go to first, or None where no way leads to the goal.
    """
    ways = {screen.id: tuple(screen.ways()) for screen in menu.screens}
    seen: set[str] = set()
    queue = deque((target, target) for target in ways.get(start, ()))
    while queue:
        here, first = queue.popleft()
        if here in seen:
            continue
        if here == goal:
            return first
        seen.add(here)
        queue.extend((target, first) for target in ways.get(here, ()))
    return None
