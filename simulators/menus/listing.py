"""A list at work: its order, the part of it that is shown, and what a key makes of it."""

from __future__ import annotations

from random import Random

from protocols.words import Key
from simulators.menus.situation import SHORT_DIGITS, ListedDevice, Situation
from simulators.menus.tables import DIGITS, Item, Listing, MenuTables, Target


class OpenList:
    """A list while its screen is shown.

    Args:
        listing: What it is.
        situation: Has the devices.
        moved: Seeds another order than that of the table; None for the table's.
    """

    def __init__(self, listing: Listing, situation: Situation, moved: str | None) -> None:
        self._listing = listing
        self._entries: list[tuple[str, Target, ListedDevice | None]]
        if listing.devices is None:
            items = list(listing.items) if moved is None else _moved(listing.items, moved)
            self._entries = [(item.label, item.target, None) for item in items]
        else:
            self._entries = [
                (f"{device.number[-SHORT_DIGITS:]} {device.label}", listing.devices, device)
                for device in situation.devices
            ]
        self._window = listing.rows or len(self._entries)
        self._top = 0
        self._place = 0

    def rows(self, tables: MenuTables) -> list[str]:
        """Return its rows, as many as its window has."""
        shown = []
        for place, (label, _, _) in enumerate(self._entries[self._top : self._top + self._window], self._top):
            if self._listing.choose == "digit":
                shown.append(tables.item.format(digit=place + 1, name=label))
            else:
                shape = tables.highlighted if place == self._place else tables.plain
                shown.append(shape.format(name=label))
        return shown + [""] * (self._window - len(shown))

    @property
    def page(self) -> tuple[int, int]:
        """Number of the page that is shown, and how many there are."""
        pages = max(1, -(-len(self._entries) // self._window)) if self._window else 1
        return (self._top // self._window + 1 if self._window else 1), pages

    def press(self, key: Key) -> tuple[Target, ListedDevice | None] | None:
        """Take a key; return what was chosen, with the device where it is one."""
        if self._listing.choose == "digit":
            return self._press_digit(key)
        if key in (Key.UP, Key.DOWN):
            step = 1 if key is Key.DOWN else -1
            self._place = max(0, min(len(self._entries) - 1, self._place + step))
            self._top = min(max(self._top, self._place - self._window + 1), self._place)
        elif key in self._listing.picks:
            return self._entry(self._place)
        return None

    def _press_digit(self, key: Key) -> tuple[Target, ListedDevice | None] | None:
        if key is Key.DOWN and self._top + self._window < len(self._entries):
            self._top += self._window
        elif key is Key.UP:
            self._top = max(0, self._top - self._window)
        elif key in DIGITS and self._top <= (place := int(DIGITS[key]) - 1) < self._top + self._window:
            return self._entry(place)
        return None

    def _entry(self, place: int) -> tuple[Target, ListedDevice | None] | None:
        if not 0 <= place < len(self._entries):
            return None
        _, target, device = self._entries[place]
        return target, device


def _moved(items: tuple[Item, ...], seed: str) -> list[Item]:
    """Return the items in another order, the same for the same seed."""
    order = list(items)
    Random(seed).shuffle(order)
    return [*order[1:], order[0]] if tuple(order) == items else order
