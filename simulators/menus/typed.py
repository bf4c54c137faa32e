"""A field at work: what was typed into it so far."""

from __future__ import annotations

from protocols.words import Key
from simulators.menus.tables import DIGITS, Field


class Typed:
    """What a field holds while its screen is shown.

    Args:
        field: The field.
    """

    def __init__(self, field: Field) -> None:
        self._field = field
        self.text = ""
        """What was typed."""

    @property
    def shown(self) -> str:
        """What the display shows of it."""
        return "*" * len(self.text) if self._field.masked else self.text

    def press(self, key: Key) -> None:
        """Take a key."""
        if key is Key.CLEAR:
            self.text = self.text[:-1]
        elif key in DIGITS and len(self.text) < self._field.limit:
            self.text += DIGITS[key]
