"""The menu at work: which screen is shown, what was typed, and what the keys of the model's tables do.

What is typed stays in working memory and is forgotten when its screens are left.
"""

from __future__ import annotations

from protocols.terminal import Screen
from protocols.words import Key
from simulators.menus.listing import OpenList
from simulators.menus.situation import Situation
from simulators.menus.tables import ITEMS_ROW, MenuScreen, MenuTables, Target
from simulators.menus.typed import Typed


class Menu:
    """The display and the keyboard.

    Args:
        tables: The model's menu.
        situation: The terminal behind, and what a person at the menu has done so far.
        moved: Seeds another order of all items, as after an update of the firmware; None for the tables' order.
    """

    def __init__(self, tables: MenuTables, situation: Situation, moved: int | None = None) -> None:
        self._tables = tables
        self._situation = situation
        self._moved = moved
        self._serial = 1
        self._typed: Typed | None = None
        self._list: OpenList | None = None
        self.shown = tables.idle
        """Id of the screen that is shown."""
        self._go(tables.idle)

    def restart(self) -> None:
        """Show the idle screen, as after a start; serials begin anew."""
        self._go(self._tables.idle)
        self._serial = 1

    def show_idle(self) -> None:
        """Leave whatever is shown for the idle screen."""
        self._go(self._tables.idle)
        self._serial += 1

    def touch(self) -> None:
        """Count a change of the display that is none of the menu's."""
        self._serial += 1

    def screen(self) -> Screen:
        """Return what the display shows."""
        spec = self._spec
        places: dict[str, str | int] = {**self._situation.places()}
        if self._typed is not None:
            places["entry"] = f"{self._typed.shown}_"
        if self._list is not None:
            places["page"], places["pages"] = self._list.page
        rows: list[str] = []
        for row in spec.rows:
            if row == ITEMS_ROW and self._list is not None:
                rows += self._list.rows(self._tables)
            else:
                rows.append(row.format_map(places))
        rows += [""] * (self._tables.rows - len(rows))
        masked = spec.field is not None and spec.field.masked
        shown = tuple(row.rstrip() for row in rows)
        return Screen(self._serial, self._tables.columns, self._tables.rows, masked, shown)

    def press(self, keys: frozenset[Key], now: float = 0.0) -> None:
        """Take keys pressed together. A key that means nothing here still counts as a change of the display.

        Args:
            keys: The keys.
            now: The present time in seconds.
        """
        self._serial += 1
        self._situation.now = now
        if (target := self._spec.chords.get(keys)) is not None:
            self._follow(target)
        elif len(keys) == 1:
            self._press_one(next(iter(keys)))

    @property
    def _spec(self) -> MenuScreen:
        return self._tables.screens[self.shown]

    def _press_one(self, key: Key) -> None:
        spec = self._spec
        if (target := spec.keys.get(key)) is not None:
            self._follow(target)
        elif self._list is not None:
            chosen = self._list.press(key)
            if chosen is not None:
                target, device = chosen
                self._situation.chosen = device or self._situation.chosen
                self._follow(target)
        elif spec.field is not None and self._typed is not None:
            if key not in spec.field.submit_by:
                self._typed.press(key)
            elif len(self._typed.text) >= spec.field.least:
                self._situation.answers[spec.field.name] = self._typed.text
                self._follow(spec.field.submit)

    def _follow(self, target: Target) -> None:
        screen = target if isinstance(target, str) else target.run(self._situation)
        if screen is not None:
            self._go(screen)

    def _go(self, name: str) -> None:
        self.shown = name
        spec = self._spec
        self._typed = None if spec.field is None else Typed(spec.field)
        self._list = None
        if spec.listing is not None:
            moved = None if self._moved is None else f"{self._moved}:{name}"
            self._list = OpenList(spec.listing, self._situation, moved)
        if spec.field is None:
            answers = self._situation.answers
            self._situation.answers = {key: text for key, text in answers.items() if key in spec.keeps}
