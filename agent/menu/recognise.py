"""Which screen of the menu a display shows, and where on it things stand."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

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
    places: Mapping[str, str]


def recognise(menu: Menu, display: Screen) -> Recognised | None:
    """Find the screen of the menu that a display shows.

    Args:
        menu: The menu.
        display: What the terminal shows.

    Returns:
        The screen; None where it is none of them, or could be more than one.
    """
    found = [
        Recognised(screen, places)
        for screen in menu.screens
        if (places := _match(screen, display.lines)) is not None
        # A field that should be hidden and is not, or the other way round, is another screen than we know.
        and (screen.field is not None and screen.field.masked) == display.masked
    ]
    return found[0] if len(found) == 1 else None


def choices(menu: Menu, display: Screen) -> Iterator[tuple[Key, str]]:
    """Yield each row that can be chosen by a digit, as that digit's key and the row's words."""
    expression = compile_pattern(menu.item)
    for line in display.lines:
        row = expression.fullmatch(line.strip())
        if row is not None:
            yield Key[f"DIGIT_{row['digit']}"], row["name"].strip()


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
