"""Display and keyboard as they are reached: the menu, what comes between, and what the line makes of both."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from random import Random

from protocols.terminal import Screen
from protocols.words import Key
from simulators.faults import Fault, Faults
from simulators.menus.english import english_words, translate
from simulators.menus.machine import Menu
from simulators.menus.popups import SCREENS, Popup, Popups
from simulators.menus.situation import Situation
from simulators.menus.tables import MenuTables

NOISY_ONE_IN = 5
MOST_GARBLED = 3
GARBAGE = "#@%&?!$"


class Console:
    """The display and the keyboard of a terminal with its faults.

    Args:
        tables: The model's menu.
        situation: The terminal behind.
        faults: What is wrong with the terminal.
        seed: Makes what is random repeatable.
        record: Called with a word where somebody agreed to what nobody wanted.
    """

    def __init__(
        self, tables: MenuTables, situation: Situation, faults: Faults, seed: int, record: Callable[..., None]
    ) -> None:
        self._tables = tables
        self._faults = faults
        self._record = record
        self._menu = Menu(tables, situation, seed if Fault.ITEM_MOVED in faults else None)
        self._popups = Popups(faults.words(Fault.POPUP), seed)
        self._popup: Popup | None = None
        self._until: float | None = None
        self._words = english_words(tables) if Fault.ENGLISH_MENU in faults else None
        self._noise = Random(f"screen noise:{seed}")
        self._pressed = 0
        self._changes = 0
        self._reports: list[Screen] = []

    def restart(self) -> None:
        """Show the idle screen, as after a start."""
        self._popup, self._until = None, None
        self._menu.restart()
        self._reports.clear()

    def show_idle(self) -> None:
        """Leave whatever is shown for the idle screen."""
        self._popup, self._until = None, None
        self._menu.show_idle()
        self._changed()

    def screen(self) -> Screen:
        """Return what a person sees."""
        shown = self._menu.screen()
        if self._popup is not None:
            rows = (*self._popup.rows, *[""] * self._tables.rows)[: self._tables.rows]
            shown = replace(shown, masked=False, lines=rows)
        if self._words is not None:
            words, columns = self._words, self._tables.columns
            shown = replace(shown, lines=tuple(translate(row, words, columns) for row in shown.lines))
        return shown

    def reading(self) -> Screen:
        """Return what the line carries of the display: now and then some characters of it are garbled."""
        screen = self.screen()
        if Fault.SCREEN_NOISE not in self._faults or self._noise.randrange(NOISY_ONE_IN):
            return screen
        rows = list(screen.lines)
        written = [(row, place) for row, text in enumerate(rows) for place in range(len(text))]
        for row, place in self._noise.sample(written, min(MOST_GARBLED, len(written))):
            # Half-width for any character: a row never becomes too wide by it.
            rows[row] = rows[row][:place] + self._noise.choice(GARBAGE) + rows[row][place + 1 :]
        return replace(screen, lines=tuple(rows))

    def press(self, keys: frozenset[Key], now: float, *, over_line: bool = True) -> None:
        """Take keys pressed together.

        Args:
            keys: The keys.
            now: The present time in seconds.
            over_line: Whether they came over the line, where one may be lost, and not from a finger.
        """
        if over_line:
            self._pressed += 1
            every = self._faults.number(Fault.KEY_LOST)
            if every is not None and self._pressed % every == 0:
                return
        if self._popup is not None:
            self._press_popup(self._popup, keys)
            return
        self._menu.press(keys, now)
        self._changed()
        if (word := self._popups.draw()) is not None:
            self._popup = SCREENS[word]
            self._until = None if self._popup.seconds is None else now + self._popup.seconds
            self._menu.touch()
            self._changed()

    def take_reports(self) -> list[Screen]:
        """Return the screens that were reported since the last call."""
        reports, self._reports = self._reports, []
        return reports

    def next_deadline(self) -> float | None:
        """Return when `advance` is wanted, or None."""
        return self._until

    def advance(self, now: float) -> None:
        """Take away what goes away by itself."""
        if self._until is not None and now >= self._until:
            self._popup, self._until = None, None
            self._menu.touch()
            self._changed()

    def _press_popup(self, popup: Popup, keys: frozenset[Key]) -> None:
        if popup.accepts is not None and keys == {popup.accepts}:
            self._record("advertisement-accepted")
        elif popup.press is None or keys != {popup.press}:
            self._menu.touch()
            self._changed()
            return
        self._popup, self._until = None, None
        if popup.ends_all:
            self._menu.show_idle()
        else:
            self._menu.touch()
        self._changed()

    def _changed(self) -> None:
        """Report the screen, unless this report is one of those that get lost."""
        self._changes += 1
        every = self._faults.number(Fault.EVENT_LOST)
        if every is None or self._changes % every:
            self._reports.append(self.reading())
