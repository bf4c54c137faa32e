"""A terminal's menu as data: screens, how each is recognised, what it offers, and where each key leads.

The menu engine is told what to reach and finds the way itself, by the words on the screen. So an item that moved to
another digit in a firmware update is still found.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from protocols.errors import ProfileError
from protocols.pattern import compile_pattern, places_of
from protocols.words import Key

Secretive = Literal["merchant_number", "password"]
Ending = Literal["done", "wrong-password", "locked", "wrong-merchant", "unsettled", "not-bound"]
MAX_CHORD = 4


@dataclass(frozen=True)
class Mark:
    """A row by which a screen is recognised.

    Args:
        pattern: What the whole row must be; see `protocols.pattern`.
        row: Which row, 0 at the top; left out: any row below that of the mark before.
    """

    pattern: str
    row: int | None = None


@dataclass(frozen=True)
class Item:
    """An item that is chosen by the digit that stands before its words.

    Args:
        label: Its words.
        leads: Screen that it opens.
    """

    label: str
    leads: str


@dataclass(frozen=True)
class Entry:
    """An entry of a list, chosen by the digit before it; only the one that names our terminal is ever chosen.

    Args:
        pattern: What stands after the digit; it names the terminal by ``{tusn}`` or ``{tusn_last8}``.
        leads: Screen that it opens.
    """

    pattern: str
    leads: str


@dataclass(frozen=True)
class KeyEdge:
    """Keys that lead from a screen to another.

    Args:
        press: 1 to 4 keys pressed together.
        leads: Screen that they open.
    """

    press: tuple[Key, ...]
    leads: str


@dataclass(frozen=True)
class Field:
    """A field to be typed. The screen shows ``{typed}`` (open) or ``{hidden}`` (masked) for what it holds.

    Args:
        asks: What is typed.
        masked: Whether the terminal hides it.
        leads: Screen that comes once it was right.
        submit: Key that ends it.
        erase: Key that deletes one digit.
    """

    asks: Secretive
    masked: bool
    leads: str
    submit: Key = Key.CONFIRM
    erase: Key = Key.CLEAR


@dataclass(frozen=True)
class MenuScreen:
    """One screen.

    Args:
        id: Its name in this menu.
        shows: How it is recognised: all of these rows.
        items: Items chosen by digit.
        entries: List entries chosen by digit.
        keys: Keys that lead elsewhere. Backing out with CANCEL is done only where it stands here.
        field: What has to be typed.
        confirms: The goal that confirming here agrees to. CONFIRM is pressed only after ``must_show`` was checked.
        must_show: Places that must show the facts of the case before CONFIRM is pressed.
        commits: Whether ending the field or confirming here is what cannot be taken back.
        means: How it ends, where the menu ends here.
    """

    id: str
    shows: tuple[Mark, ...]
    items: tuple[Item, ...] = ()
    entries: tuple[Entry, ...] = ()
    keys: tuple[KeyEdge, ...] = ()
    field: Field | None = None
    confirms: Literal["unbind"] | None = None
    must_show: tuple[Literal["tusn", "merchant_number"], ...] = ()
    commits: bool = False
    means: Ending | None = None

    def ways(self) -> Iterator[str]:
        """Yield the screens that something here leads to."""
        yield from (item.leads for item in self.items)
        yield from (entry.leads for entry in self.entries)
        yield from (edge.leads for edge in self.keys)
        if self.field is not None:
            yield self.field.leads


@dataclass(frozen=True)
class Goal:
    """Something to be reached.

    Args:
        name: What.
        reach: The screen that says it is done.
    """

    name: Literal["unbind"]
    reach: str


@dataclass(frozen=True)
class Menu:
    """A whole menu.

    Args:
        columns: Half-width cells a row.
        rows: Rows.
        item: How an item's row looks: ``{digit}`` and ``{name}``.
        patience_seconds: How long the terminal may take to change its screen.
        source: Where the menu comes from.
        screens: Its screens.
        goals: What can be reached.
    """

    columns: int
    rows: int
    item: str
    patience_seconds: int
    source: Literal["vendor document", "capture", "web instructions", "assumed"]
    screens: tuple[MenuScreen, ...]
    goals: tuple[Goal, ...]


def check_menu(menu: Menu) -> None:
    """Check what the types alone cannot say.

    Args:
        menu: The menu, under ``menu`` of its profile.

    Raises:
        ProfileError: A name leads nowhere, a pattern is wrong, or a screen lacks what its purpose needs.
    """
    ids = [screen.id for screen in menu.screens]
    _pattern("menu.item", menu.item)
    if places_of(menu.item) != {"digit", "name"}:
        raise ProfileError("menu.item", "needs {digit} and {name}, and no other place")
    if not 1 <= menu.patience_seconds <= 600:
        raise ProfileError("menu.patience_seconds", "must be 1 to 600")
    for place, screen in enumerate(menu.screens):
        path = f"menu.screens[{place}]"
        if screen.id in ids[:place]:
            raise ProfileError(path, f"{screen.id[:40]!r} stands here twice")
        _check_screen(menu, screen, path)
        for way in screen.ways():
            if way not in ids:
                raise ProfileError(path, f"leads to {way[:40]!r}, which is no screen")
    for place, goal in enumerate(menu.goals):
        _check_goal(menu, goal, f"menu.goals[{place}]")


def _check_screen(menu: Menu, screen: MenuScreen, path: str) -> None:
    if not screen.shows:
        raise ProfileError(path, "needs at least one row to be recognised by")
    shown: set[str] = set()
    for place, mark in enumerate(screen.shows):
        _pattern(f"{path}.shows[{place}]", mark.pattern)
        if mark.row is not None and mark.row >= menu.rows:
            raise ProfileError(f"{path}.shows[{place}].row", f"must be under {menu.rows}")
        if shown & places_of(mark.pattern):
            raise ProfileError(f"{path}.shows[{place}]", "a place stands at most once on a screen")
        shown |= places_of(mark.pattern)
    for place, entry in enumerate(screen.entries):
        _pattern(f"{path}.entries[{place}]", entry.pattern)
        if not places_of(entry.pattern) & {"tusn", "tusn_last8"}:
            raise ProfileError(f"{path}.entries[{place}]", "must name the terminal by {tusn} or {tusn_last8}")
    for place, edge in enumerate(screen.keys):
        if not 1 <= len(edge.press) <= MAX_CHORD:
            raise ProfileError(f"{path}.keys[{place}].press", f"must be 1 to {MAX_CHORD} keys")
    if screen.field is not None:
        needed = "hidden" if screen.field.masked else "typed"
        if needed not in shown:
            raise ProfileError(f"{path}.shows", f"a field needs {{{needed}}} in one row")
        if screen.field.asks == "password" and not screen.field.masked:
            raise ProfileError(f"{path}.field.masked", "a password is typed where the terminal hides it")
    if screen.confirms and not (screen.must_show and shown.issuperset(screen.must_show)):
        raise ProfileError(f"{path}.must_show", "what must be shown must stand in a row of this screen")
    if screen.commits and screen.field is None and screen.confirms is None:
        raise ProfileError(f"{path}.commits", "stands with a field or a confirmation")


def _check_goal(menu: Menu, goal: Goal, path: str) -> None:
    screens = {screen.id: screen for screen in menu.screens}
    if goal.reach not in screens or screens[goal.reach].means != "done":
        raise ProfileError(f"{path}.reach", "must be a screen that means done")
    if not any(screen.confirms == goal.name for screen in menu.screens):
        raise ProfileError(path, "no screen confirms it")
    for screen in menu.screens:
        if goal.reach in screen.ways() and not screen.commits:
            raise ProfileError(path, f"{screen.id[:40]!r} leads there without being marked as what commits")


def _pattern(path: str, pattern: str) -> None:
    try:
        compile_pattern(pattern)
    except ValueError as fault:
        raise ProfileError(path, str(fault)) from None
