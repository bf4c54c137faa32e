"""The shortest way through a menu."""

from __future__ import annotations

from collections import deque

from protocols.menu import Goal, Menu


def way(menu: Menu, start: str, goal: Goal) -> tuple[str, ...] | None:
    """Find a shortest way to a goal that agrees to nothing but that goal.

    Args:
        menu: The menu.
        start: Screen to start from.
        goal: What to reach; from its own last screen it is reached by a way round.

    Returns:
        The screens to go through, the goal's last; None where no way leads there.
    """
    open_to = {
        screen.id: tuple(screen.ways())
        for screen in menu.screens
        if screen.confirms in (None, goal.name) and screen.interrupts is None
    }
    seen: set[str] = set()
    queue: deque[tuple[str, ...]] = deque((target,) for target in open_to.get(start, ()))
    while queue:
        path = queue.popleft()
        here = path[-1]
        if here in seen:
            continue
        if here == goal.reach:
            return path
        seen.add(here)
        queue.extend((*path, target) for target in open_to.get(here, ()))
    return None
