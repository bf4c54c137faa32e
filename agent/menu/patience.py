"""How long the navigator waits, how often it doubts what it read, and when keys count as lost."""

from __future__ import annotations

from typing import Literal

from agent.errors import AgentError
from agent.menu.actions import Look, Press, Stop, Wait
from protocols.terminal import Screen

MAX_LOOKS = 6
"""How often in a row a reading is doubted and done again."""

MAX_WAITS = 2
"""How often in a row the terminal gets another span of patience."""

MAX_LOST = 4
"""How often in a row keys are pressed that the terminal does not take."""


class Patience:
    """What was pressed last, and how often it was waited and looked since.

    Args:
        seconds: A span of patience.
        by_person: Whether a person presses. Then a screen that did not change does not prove that a key was not taken.
    """

    def __init__(self, seconds: float, *, by_person: bool) -> None:
        self.last: Press | None = None
        """The keys given out last; None once it is known that they were not taken."""
        self.stuck = False
        """True where scrolling again and again changed nothing."""
        self._seconds = seconds
        self._by_person = by_person
        self._serial = -1
        self._answer_lost = False
        self._waits = self._looks = self._lost = 0

    @property
    def repeats(self) -> bool:
        """True while keys are pressed again because they were lost."""
        return self.last is None and self._lost > 0

    def pressed(self, press: Press, display: Screen) -> None:
        """Learn which keys were given out."""
        self.last, self._serial = press, display.serial
        self._answer_lost, self.stuck = False, False
        self._waits = self._looks = 0

    def answer_lost(self) -> None:
        """Learn that nobody answered the last keys."""
        self._answer_lost = True

    def not_taken(self) -> None:
        """Learn that the last keys were not pressed."""
        self.last = None

    def look_again(self) -> Look | None:
        """Doubt what was read before concluding anything from it: displays are garbled now and then."""
        if self._looks >= MAX_LOOKS:
            return None
        self._looks += 1
        return Look()

    def wait_or(self, error: AgentError) -> Wait | Stop:
        """Wait, or stop where that was done often enough."""
        if self._waits >= MAX_WAITS:
            return Stop(error)
        self._waits += 1
        return Wait(self._seconds)

    def unchanged(self, display: Screen, error: AgentError, *, committed: bool) -> Wait | Stop | Literal["lost"] | None:
        """Judge a display after keys were pressed on it.

        Args:
            display: What is shown.
            error: What it means that it never changes.
            committed: Whether the last confirmation was given.

        Returns:
            None where the display changed; ``lost`` where it is sure that the terminal did not take the keys.
        """
        if self.last is None or display.serial != self._serial:
            self._lost = 0 if self.last is not None else self._lost
            return None
        # Without an answer the last confirmation may still be on its way; what came after it proves nothing about it.
        proves = not committed or (self.last.commits and not self._answer_lost)
        if not proves or (self._by_person and not self._answer_lost):
            return self.wait_or(error)
        if self._waits < self._spans(self.last):
            return self.wait_or(error)
        self._lost += 1
        if self._lost > MAX_LOST and self.last.kind != "scroll":
            return Stop(error)
        if self._lost > MAX_LOST:
            self.stuck, self._lost = True, 0
        # A terminal counts every key that it takes, and refuses those for a screen that it no longer shows (pmp,
        # KEY_PRESS). So these were lost, and may be pressed again, even the last confirmation.
        return "lost"

    def _spans(self, press: Press) -> int:
        """Return how often to wait before keys count as lost: what is typed shows at once, what is checked does not."""
        if self._answer_lost or press.kind in ("type", "scroll"):
            return 0
        return MAX_WAITS if press.kind in ("submit", "confirm") else 1
