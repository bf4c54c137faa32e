"""Which screen of the menu a display shows, and where on it things stand."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from protocols.menu import Menu, MenuScreen
from protocols.pattern import compile_pattern
from protocols.terminal import Screen
from protocols.words import Key


@dataclass(frozen=True)
class Recognised:
    """A display that shows one screen of the menu.

    Args:
        screen: Which.
        places: What stands in its named places. May hold a merchant number: never printed.
    """

    screen: MenuScreen
    places: Mapping[str, str] = field(repr=False)


def recognise(menu: Menu, display: Screen) -> Recognised | None:
    """Find the screen of the menu that a display shows.

    Args:
        menu: The menu.
        display: What the terminal shows.

    Returns:
        The screen; None where it is none of them, or could be more than one. What stands over another screen counts
        before that one.
    """
    found = [
        Recognised(screen, places)
        for screen in menu.screens
        if (places := _match(screen, display.lines)) is not None and _masked_as_it_should(screen, display)
    ]
    over = [each for each in found if each.screen.interrupts is not None]
    candidates = over or found
    return candidates[0] if len(candidates) == 1 else None


def choices(menu: Menu, display: Screen) -> Iterator[tuple[Key, str]]:
    """Yield each row that can be chosen by a digit, as that digit's key and the row's words."""
    expression = compile_pattern(menu.item)
    for line in display.lines:
        row = expression.fullmatch(line.strip())
        if row is not None:
            yield Key[f"DIGIT_{row['digit']}"], row["name"].strip()


def _masked_as_it_should(screen: MenuScreen, display: Screen) -> bool:
    """Tell whether a field is hidden as we know it; one that is not, is another screen than we know."""
    if screen.interrupts is not None:
        return True  # the field may be beneath
    return (screen.field is not None and screen.field.masked) == display.masked


def _match(screen: MenuScreen, lines: tuple[str, ...]) -> dict[str, str] | None:
    places: dict[str, str] = {}
    after = -1
    for mark in screen.shows:
        expression = compile_pattern(mark.pattern)
        rows = range(after + 1, len(lines)) if mark.row is None else [mark.row] if mark.row < len(lines) else []
        for row in rows:
            match = expression.fullmatch(lines[row].strip())
            if match is not None:
                places.update(match.groupdict())
                after = row
                break
        else:
            return None
    return places
