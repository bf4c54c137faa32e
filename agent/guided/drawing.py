"""Screens made from a profile: as the menu engine reads them, and as a person is shown what to expect."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType

from agent.guided.interview import Drawing
from protocols.menu import Menu, MenuScreen
from protocols.pattern import compile_pattern

GAP = "…"
"""Stands for rows that the profile says nothing of."""

UNKNOWN = "?"
"""Stands for a character that only the terminal knows."""

READ_OFF = 4
"""How many digits of a number that is about to be confirmed are not drawn: they have to be read off the terminal."""

_PLACE = re.compile(r"\{([^{}]*)\}")
_SAMPLES: Mapping[str, str] = MappingProxyType(
    {
        "attempts_left": "0",
        "amount": "0.00",
        "phone": "*" * 11,
        "operator": "00",
        "page": "1",
        "pages": "1",
        "seconds": "0",
        "digit": "0",
        "name": UNKNOWN,
        "typed": "",
        "hidden": "",
    }
)
"""What a place holds in a screen for the engine where nothing better is known; the engine only reads over these."""


@dataclass(frozen=True)
class Contents:
    """What stands in the places of a screen.

    Args:
        places: By the names of `protocols.pattern.PLACES`. May hold a merchant number: not shown.
        highlighted: Which row of a list has the highlight.
        listed: Whether the list is there; False where somebody said that the row is missing.
    """

    places: Mapping[str, str] = field(repr=False)
    highlighted: int = 0
    listed: bool = True


def rows_for_engine(menu: Menu, screen: MenuScreen, contents: Contents) -> tuple[str, ...]:
    """Make the rows of a screen so that the menu engine recognises it.

    Args:
        menu: The menu.
        screen: Which of its screens.
        contents: What stands in its places; the case's own where the person said that they are right.

    Returns:
        The rows. Digits before items are counted from 1: whoever presses must go by the words.
    """
    values = {**_SAMPLES, **contents.places}
    rows = _marked(menu, screen, values)
    if contents.listed:
        listed = row_words(screen, values)
        for place, words in enumerate(listed):
            _put(rows, _listed_row(menu, screen, words, str(place + 1), highlighted=place == contents.highlighted))
    return tuple(rows)


def draw(menu: Menu, screen: MenuScreen, places: Mapping[str, str]) -> Drawing:
    """Draw a screen as a person will see it.

    Args:
        menu: The menu.
        screen: Which of its screens.
        places: What is known of its places.

    Returns:
        Exactly the display's rows, with ``?`` for what is not known and for what has to be read off.
    """
    values = {name: re.sub(r"[^.]", UNKNOWN, sample) for name, sample in _SAMPLES.items()}
    values |= {"typed": "", "hidden": "", **places}
    if screen.confirms is not None:
        read_off = [place for place in ("tusn", "merchant_number") if place in screen.must_show and place in places]
        values |= {place: places[place][:-READ_OFF] + UNKNOWN * READ_OFF for place in read_off}
    rows = _marked(menu, screen, values)
    listed = row_words(screen, values)
    for words in listed:
        _put(rows, _listed_row(menu, screen, words, UNKNOWN, highlighted=False))
    if listed and "" in rows[1:]:
        _put(rows, GAP)
    paged = bool(screen.next) and screen.choose == "digit"
    return Drawing(menu.columns, (*rows, *[""] * menu.rows)[: menu.rows], paged)


def row_words(screen: MenuScreen, places: Mapping[str, str]) -> list[str]:
    """Return the words of the rows that can be chosen on a screen, those of our terminal filled in."""
    return [*(item.label for item in screen.items), *(_fill(entry.pattern, places) for entry in screen.entries)]


def places_of_screen(screen: MenuScreen) -> Iterator[str]:
    """Yield the names of the places on a screen, in order."""
    for mark in screen.shows:
        yield from _PLACE.findall(mark.pattern)


def without_digits(menu: Menu, rows: Sequence[str]) -> tuple[str, ...]:
    """Take back the digits before items, which `rows_for_engine` made up."""
    expression = compile_pattern(menu.item)
    found = [expression.fullmatch(row) for row in rows]
    return tuple(
        row if match is None else row[: match.start("digit")] + UNKNOWN + row[match.end("digit") :]
        for row, match in zip(rows, found, strict=True)
    )


def _marked(menu: Menu, screen: MenuScreen, values: Mapping[str, str]) -> list[str]:
    """Put the marks where they belong; one without a row of its own comes after a gap."""
    rows = [""] * menu.rows
    after = -1
    for place, mark in enumerate(screen.shows):
        row = mark.row
        if row is None:
            fixed = next((each.row for each in screen.shows[place:] if each.row is not None), menu.rows)
            row = min(after + 2, fixed - 1) if after >= 0 else 0
            if row == after + 2:
                rows[after + 1] = GAP
        rows.extend([""] * (row + 1 - len(rows)))
        rows[row] = _fill(mark.pattern, values)
        after = row
    return rows


def _put(rows: list[str], text: str) -> None:
    """Put a row of a list into the first free row below the heading; a display that is full gets longer."""
    for place in range(1, len(rows)):
        if not rows[place] or (rows[place] == GAP and text != GAP):
            rows[place] = text
            return
    rows.append(text)


def _listed_row(menu: Menu, screen: MenuScreen, words: str, digit: str, *, highlighted: bool) -> str:
    if screen.choose == "highlight":
        return _fill(menu.highlight, {"name": words}) if highlighted else words
    return _fill(menu.item, {"digit": digit, "name": words})


def _fill(pattern: str, values: Mapping[str, str]) -> str:
    return _PLACE.sub(lambda place: values.get(place.group(1), UNKNOWN), pattern)
