"""Which screens a person is offered after a step: the expected one first, then what could stand there instead."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from agent.guided.interview import Choice, Drawing, Kind
from protocols.menu import PASSWORDS, Asked, Ending, MenuScreen

ALWAYS: frozenset[Ending] = frozenset({"locked", "unsettled", "not-bound"})
"""Endings that can come wherever a menu is."""

AFTER_TYPING: Mapping[Ending, frozenset[Asked]] = MappingProxyType(
    {
        "wrong-password": PASSWORDS,
        "wrong-code": frozenset({"code"}),
        "code-expired": frozenset({"code"}),
        "wrong-merchant": frozenset({"merchant_number", "machine_number", "phone", "operator", *PASSWORDS}),
    }
)
"""Endings that say what was wrong with something typed."""


def offer(
    screens: tuple[MenuScreen, ...], expected: str, here: MenuScreen | None, draw: Callable[[MenuScreen], Drawing]
) -> tuple[tuple[Choice, ...], tuple[Choice, ...]]:
    """Sort all screens of a menu into those that are likely and the others.

    Args:
        screens: The menu's screens.
        expected: Name of the one that should come; empty where none is expected more than others.
        here: The screen that the last step was done on, or None before the first.
        draw: Draws a screen.

    Returns:
        The likely ones, the expected first and the one that it was before next; and all others.
    """
    likely: list[Choice] = []
    others: list[Choice] = []
    for screen in screens:
        choice = Choice(screen.id, _kind(screen, expected, here), draw(screen))
        (others if choice.kind == "other" or not _could_come(screen, choice, here) else likely).append(choice)
    order = ("expected", "unchanged", "ending", "interruption")
    return tuple(sorted(likely, key=lambda choice: order.index(choice.kind))), tuple(others)


def _kind(screen: MenuScreen, expected: str, here: MenuScreen | None) -> Kind:
    if screen.id == expected:
        return "expected"
    if here is not None and screen.id == here.id:
        return "unchanged"
    if screen.interrupts is not None:
        return "interruption"
    return "ending" if screen.means is not None else "other"


def _could_come(screen: MenuScreen, choice: Choice, here: MenuScreen | None) -> bool:
    if choice.kind != "ending" or screen.means is None:
        return True
    if screen.means in ALWAYS:
        return here is not None
    if here is None or screen.means in ("done", "pending"):
        return here is not None and here.commits
    if screen.means == "rejected":
        return here.field is not None or here.confirms is not None or here.commits
    return here.field is not None and here.field.asks in AFTER_TYPING.get(screen.means, frozenset())
