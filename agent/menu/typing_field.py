"""Typing into a field, one digit at a time, and only as long as the screen shows what was typed."""

from __future__ import annotations

from collections.abc import Mapping

from agent.menu.actions import Press
from agent.secret import Secret
from protocols.menu import Asked, MenuScreen
from protocols.words import Key


class FieldTyping:
    """Decides the next key of a field from what the field shows.

    An open field is compared with what it should hold. Of a masked one only the number of characters is seen: where it
    is not the number that we typed, somebody else typed too, and everything is deleted and typed anew.

    Args:
        texts: What belongs into each kind of field.
    """

    def __init__(self, texts: Mapping[Asked, Secret]) -> None:
        self._texts = texts
        self._screen = ""
        self._typed = 0
        self._pending = False
        self._erasing = False
        self._submitted: set[str] = set()
        self._last_submitted = ""

    def was_submitted(self, screen: MenuScreen) -> bool:
        """Tell whether the field of this screen was ended before."""
        return screen.id in self._submitted

    def take_back(self) -> None:
        """Learn that the last key was not pressed."""
        self._submitted.discard(self._last_submitted)
        self._pending = False

    def next_press(self, screen: MenuScreen, places: Mapping[str, str]) -> Press:
        """Return the next key: a digit, the key that deletes one, or the key that ends the field.

        Args:
            screen: A screen with a field.
            places: What its named places show.
        """
        field = screen.field
        assert field is not None
        if screen.id != self._screen:
            self._screen, self._typed, self._pending, self._erasing = screen.id, 0, False, False
        self._last_submitted = ""
        text = self._texts[field.asks].reveal()
        if self._in_order(text, places, masked=field.masked):
            if self._typed == len(text):
                self._submitted.add(screen.id)
                self._last_submitted = screen.id
                return Press((field.submit,), commits=screen.commits)
            self._pending = True
            return Press((Key[f"DIGIT_{text[self._typed]}"],), typing=field.asks)
        return Press((field.erase,))

    def _in_order(self, text: str, places: Mapping[str, str], *, masked: bool) -> bool:
        """Compare the field with what we typed, and learn how much of it is there."""
        if masked:
            shown = len(places["hidden"])
            self._typed += self._pending and shown == self._typed + 1
            right = shown == self._typed
        else:
            shown = len(places["typed"])
            right = text.startswith(places["typed"])
            self._typed = shown if right else self._typed
        self._pending = False
        if shown == 0:
            self._typed, self._erasing = 0, False
            return True
        self._erasing = self._erasing or not right
        return not self._erasing
