"""Choosing from a list: by digit or by highlight, on this page or on another, and never the wrong entry."""

from __future__ import annotations

import re
from dataclasses import dataclass

from agent.menu.case import MenuCase
from agent.menu.recognise import choices
from protocols.menu import Menu, MenuScreen
from protocols.pattern import compile_pattern
from protocols.terminal import Screen
from protocols.words import Key

MAX_SCROLLS = 60
"""More than any list needs; one that never repeats ends here."""


@dataclass(frozen=True)
class Choose:
    """Press keys that open what was looked for."""

    keys: tuple[Key, ...]


@dataclass(frozen=True)
class Scroll:
    """Press keys that show more of the list."""

    keys: tuple[Key, ...]


@dataclass(frozen=True)
class Missing:
    """It is not on the list, or stands there more than once."""


Found = Choose | Scroll | Missing


class ListSearch:
    """Looks for one row of a list, through all of its pages, down first and then up.

    Args:
        menu: The menu.
        case: Tells which entry is ours.
    """

    def __init__(self, menu: Menu, case: MenuCase) -> None:
        self._menu = menu
        self._case = case
        self._screen = ""
        self._seen: set[tuple[str, ...]] = set()
        self._serial: int | None = None
        self._down = True
        self._scrolls = 0

    def forget(self) -> None:
        """Begin anew with the next list."""
        self._screen = ""

    def find(self, screen: MenuScreen, target: str, display: Screen, *, stuck: bool = False) -> Found:
        """Say how to get at the row that leads to a screen.

        Args:
            screen: The screen with the list.
            target: Screen that the row opens.
            display: What is shown of the list.
            stuck: True where the last scrolling changed nothing, as at the end of a list.
        """
        if screen.id != self._screen:
            self._screen, self._seen, self._serial, self._down, self._scrolls = screen.id, set(), None, True, 0
        if screen.choose == "digit":
            keys = [key for key, words in choices(self._menu, display) if self._leads(screen, target, words)]
            if len(keys) == 1:
                return Choose((keys[0],))
            return Missing() if keys else self._scroll(screen, display, stuck=stuck)
        return self._by_highlight(screen, target, display, stuck=stuck)

    def _by_highlight(self, screen: MenuScreen, target: str, display: Screen, *, stuck: bool) -> Found:
        highlight = compile_pattern(self._menu.highlight)
        rows = [(highlight.fullmatch(line.strip()), line.strip()) for line in display.lines]
        lit = [place for place, (match, _) in enumerate(rows) if match is not None]
        ours = [place for place, row in enumerate(rows) if self._leads(screen, target, _words(*row))]
        if len(lit) != 1 or len(ours) > 1:
            return Missing()
        if ours == lit:
            return Choose(screen.select)
        if ours and ours[0] < lit[0] and screen.previous:
            self._down = False
        elif ours and ours[0] > lit[0]:
            self._down = True
        return self._scroll(screen, display, stuck=stuck and not ours)

    def _leads(self, screen: MenuScreen, target: str, words: str) -> bool:
        if any(item.label == words for item in screen.items if item.leads == target):
            return True
        matches = [compile_pattern(entry.pattern).fullmatch(words) for entry in screen.entries if entry.leads == target]
        return any(match is not None and self._case.agrees_with(match.groupdict()) for match in matches)

    def _scroll(self, screen: MenuScreen, display: Screen, *, stuck: bool) -> Found:
        self._scrolls += 1
        if not screen.next or self._scrolls > MAX_SCROLLS:
            return Missing()
        repeats = display.serial != self._serial and display.lines in self._seen
        self._serial = display.serial
        self._seen.add(display.lines)
        if repeats or stuck:
            if not self._down or not screen.previous:
                return Missing()
            self._down, self._seen = False, {display.lines}
        return Scroll(screen.next if self._down else screen.previous)


def _words(match: re.Match[str] | None, line: str) -> str:
    return match["name"].strip() if match is not None else line
