"""A terminal's menu as data: the screens, what stands on them, and where each key leads."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from dataclasses import field as made
from string import Formatter
from typing import TYPE_CHECKING, Literal
from unicodedata import east_asian_width

from protocols.words import Key

if TYPE_CHECKING:
    from simulators.menus.situation import Situation

DIGITS: Mapping[Key, str] = {Key(0x30 + digit): str(digit) for digit in range(10)}
"""The keys that type a digit."""

ITEMS_ROW = "{items}"
MOST_ITEMS = 9


@dataclass(frozen=True)
class Act:
    """What a key does that is more than going to another screen; made by `simulators.menus.acts.act`.

    Args:
        run: Does it, and returns the screen to go to, or None to stay.
        leads: Every screen that it may lead to.
    """

    run: Callable[[Situation], str | None]
    leads: tuple[str, ...]


Target = str | Act


@dataclass(frozen=True)
class Item:
    """An item of a list.

    Args:
        label: Its words.
        target: Where choosing it leads.
    """

    label: str
    target: Target


@dataclass(frozen=True)
class Listing:
    """A list to choose from.

    Args:
        items: What it offers; numbered from 1 in this order where it is chosen by digit, at most 9.
        devices: Where choosing a device leads; given in the place of items for the list of devices.
        choose: By the digit before it, or by moving a highlight.
        rows: Rows of the display for it; 0 for as many as there are items. A longer list is turned by DOWN and UP.
        picks: Keys that choose what is highlighted.
    """

    items: tuple[Item, ...] = ()
    devices: Target | None = None
    choose: Literal["digit", "highlight"] = "digit"
    rows: int = 0
    picks: frozenset[Key] = frozenset({Key.CONFIRM})


@dataclass(frozen=True)
class Field:
    """A field to type into.

    Args:
        name: Under which what was typed is remembered.
        limit: Most characters.
        submit: Where ending it leads.
        least: Fewest characters; with fewer, ending it does nothing.
        masked: Show a star for each.
        letters: Keys give letters too, by pressing them again.
        submit_by: Keys that end it.
    """

    name: str
    limit: int
    submit: Target
    least: int = 1
    masked: bool = False
    letters: bool = False
    submit_by: frozenset[Key] = frozenset({Key.CONFIRM})


@dataclass(frozen=True)
class MenuScreen:
    """One screen.

    Args:
        rows: What stands on it, top first.
        keys: Where a key leads.
        field: The field with the cursor, if any.
        listing: The list to choose from, if any.
        chords: Where keys pressed together lead.
        keeps: Names of fields that are still remembered here, though nothing is typed.
    """

    rows: tuple[str, ...]
    keys: Mapping[Key, Target] = made(default_factory=dict)
    field: Field | None = None
    listing: Listing | None = None
    chords: Mapping[frozenset[Key], Target] = made(default_factory=dict)
    keeps: tuple[str, ...] = ()

    def targets(self) -> Iterator[Target]:
        """Yield everything that a key or choice here leads to."""
        yield from self.keys.values()
        yield from self.chords.values()
        if self.field is not None:
            yield self.field.submit
        if self.listing is not None:
            yield from (item.target for item in self.listing.items)
            if self.listing.devices is not None:
                yield self.listing.devices

    def ways(self) -> frozenset[str]:
        """Return the screens that something here may lead to."""
        return frozenset(
            way for target in self.targets() for way in ((target,) if isinstance(target, str) else target.leads)
        )


@dataclass(frozen=True)
class MenuTables:
    """A whole menu.

    Args:
        columns: Half-width cells a row; a Chinese character takes two.
        rows: Rows.
        keyboard: The keys that the model has.
        idle: Id of the screen that is shown at rest.
        screens: Every screen by its id.
        english: Words of this model in English, longest counts first, for the firmware whose menu is English.
        item: How an item's row looks that is chosen by digit.
        highlighted: How the row of the highlighted item looks.
        plain: How the rows of the others look.
    """

    columns: int
    rows: int
    keyboard: frozenset[Key]
    idle: str
    screens: Mapping[str, MenuScreen]
    english: Mapping[str, str] = made(default_factory=dict)
    item: str = "{digit}.{name}"
    highlighted: str = ">{name}"
    plain: str = " {name}"


def check_tables(tables: MenuTables, widest: Mapping[str, str | int]) -> list[str]:
    """Find what is wrong with a menu.

    Args:
        tables: The menu.
        widest: The widest that each place in braces can become, as `simulators.menus.situation.WIDEST` has them.

    Returns:
        One line for each fault.
    """
    faults = []
    reached = {tables.idle}.union(*(screen.ways() for screen in tables.screens.values()))
    faults += [f"{name}: no such screen" for name in sorted(reached - set(tables.screens))]
    faults += [f"{name}: nothing leads here" for name in sorted(set(tables.screens) - reached)]
    for name, screen in tables.screens.items():
        faults += [f"{name}: {fault}" for fault in _check_screen(tables, screen, widest)]
        if name != tables.idle and not screen.ways():
            faults.append(f"{name}: cannot be left")
    return faults


def _check_screen(tables: MenuTables, screen: MenuScreen, widest: Mapping[str, str | int]) -> Iterator[str]:
    height = len(screen.rows)
    if screen.listing is not None:
        items = screen.listing.items
        height += (screen.listing.rows or len(items)) - 1
        if ITEMS_ROW not in screen.rows:
            yield "a list needs a row {items}"
        if len(items) > MOST_ITEMS and screen.listing.choose == "digit":
            yield f"more than {MOST_ITEMS} items to be chosen by digit"
        if bool(items) == (screen.listing.devices is not None):
            yield "a list has items or devices"
        for item in items:
            if cells(tables.item.format(digit=1, name=item.label)) > tables.columns:
                yield f"{item.label!r} is too wide"
    if height > tables.rows:
        yield f"{height} rows of {tables.rows}"
    for row in screen.rows:
        unknown = {place for _, place, _, _ in Formatter().parse(row) if place} - set(widest) - {"items"}
        if unknown:
            yield f"unknown place {sorted(unknown)[0]!r}"
        elif row != ITEMS_ROW and cells(row.format_map(widest)) > tables.columns:
            yield f"{row!r} is too wide"
    if (screen.field is not None) != any("{entry}" in row for row in screen.rows):
        yield "a field needs a row with {entry}, and nothing else has one"
    used = set(screen.keys).union(*screen.chords)
    if screen.field is not None:
        used |= screen.field.submit_by
    if not used <= tables.keyboard:
        yield "a key that the keyboard has not"


def cells(text: str) -> int:
    """Return how many half-width cells a text takes."""
    return sum(2 if east_asian_width(character) in "WF" else 1 for character in text)
