"""What menus ask for, and who knows it: the case, a file, or a person at the very moment."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Protocol

from agent.errors import UsageFault
from agent.secret import Secret
from protocols.menu import Asked


class Answers(Protocol):
    """Knows what a menu asks for, or whom to ask."""

    def answer(self, asked: Asked) -> Secret:
        """Say what is to be typed. A verification code is asked of a person now, and not before.

        Args:
            asked: What the terminal asks for.

        Returns:
            The text; nothing of it is ever recorded (I4).

        Raises:
            UsageFault: ``answer-missing``: nobody can say it.
        """


class GivenAnswers:
    """Answers that were given beforehand, and a person for the others.

    Args:
        given: What is known.
        ask: Asks a person at the very moment; None where nobody is there.
    """

    def __init__(self, given: Mapping[Asked, Secret], ask: Callable[[Asked], Secret] | None = None) -> None:
        self._given = dict(given)
        self._ask = ask

    def answer(self, asked: Asked) -> Secret:
        """Say what is to be typed; see `Answers`."""
        known = self._given.get(asked)
        if known:
            return known
        if self._ask is None:
            raise UsageFault("answer-missing", asked=asked)
        return self._ask(asked)
