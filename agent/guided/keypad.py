"""What the menu engine's presses mean on a screen that a person describes: most digits need no instruction."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from protocols.menu import MenuScreen
from protocols.multitap import tap
from protocols.words import Key


@dataclass(frozen=True)
class Meant:
    """What a press means for a person.

    Args:
        act: As in `agent.guided.interview.Step`.
        leads: Name of the screen that should come.
        row: The words of the row to choose, or empty.
        commits: Whether it cannot be taken back.
    """

    act: Literal["press", "choose", "type"]
    leads: str
    row: str = ""
    commits: bool = False


class Keypad:
    """Keeps what was typed into a field and where the highlight is, as the terminal itself will.

    Args:
        screen: The screen shown.
        rows: The words of its rows that can be chosen, items before entries.
    """

    def __init__(self, screen: MenuScreen, rows: list[str]) -> None:
        self.typed = ""
        """What the engine typed so far."""
        self.highlighted = 0
        """Which row has the highlight."""
        self._screen = screen
        self._rows = rows
        self._leads = [*(item.leads for item in screen.items), *(entry.leads for entry in screen.entries)]
        self._open_key: Key | None = None

    def take(self, keys: tuple[Key, ...]) -> Meant | None:
        """Take keys of the menu engine.

        Args:
            keys: Pressed together.

        Returns:
            What a person has to be told; None where nothing, since it is part of typing or of choosing.
        """
        screen, field = self._screen, self._screen.field
        if screen.interrupts is not None and keys == screen.press:
            return Meant("press", "")
        edge = next((edge for edge in screen.keys if edge.press == keys), None)
        if field is not None and keys == (field.submit,):
            return Meant("type", field.leads, commits=screen.commits)
        if edge is not None:
            return Meant("press", edge.leads, commits=screen.commits and not edge.goes_back)
        if field is not None:
            self._type(keys[0])
            return None
        return self._choose(keys)

    def _type(self, key: Key) -> None:
        field = self._screen.field
        assert field is not None
        if key is field.erase:
            self.typed, self._open_key = self.typed[:-1], None
        elif field.letters == "multitap":
            self.typed, self._open_key = tap(self.typed, self._open_key, key)
        elif Key.DIGIT_0 <= key <= Key.DIGIT_9:
            self.typed += str(key - Key.DIGIT_0)

    def _choose(self, keys: tuple[Key, ...]) -> Meant | None:
        if not self._rows:
            return Meant("press", "")
        if self._screen.choose == "digit":
            place = keys[0] - Key.DIGIT_1
            known = len(keys) == 1 and 0 <= place < len(self._rows)
            return Meant("choose", self._leads[place], self._rows[place]) if known else Meant("press", "")
        if keys in (self._screen.next, self._screen.previous):
            step = 1 if keys == self._screen.next else -1
            self.highlighted = (self.highlighted + step) % len(self._rows)
            return None
        return Meant("choose", self._leads[self.highlighted], self._rows[self.highlighted])
