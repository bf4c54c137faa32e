"""A field at work: what was typed into it so far."""

from __future__ import annotations

from protocols.multitap import tap
from protocols.words import Key
from simulators.menus.tables import DIGITS, Field


class Typed:
    """What a field holds while its screen is shown.

    Args:
        field: The field.
    """

    def __init__(self, field: Field) -> None:
        self._field = field
        self._open: Key | None = None  # of the last character, while another tap still changes it
        self.text = ""
        """What was typed."""

    @property
    def shown(self) -> str:
        """What the display shows of it."""
        return "*" * len(self.text) if self._field.masked else self.text

    def press(self, key: Key) -> None:
        """Take a key."""
        if key is Key.CLEAR:
            self.text, self._open = self.text[:-1], None
        elif self._field.letters:
            text, open_key = tap(self.text, self._open, key)
            if len(text) <= self._field.limit:
                self.text, self._open = text, open_key
        elif key in DIGITS and len(self.text) < self._field.limit:
            self.text += DIGITS[key]
