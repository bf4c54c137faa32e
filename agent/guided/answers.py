"""What is typed in guided mode: a person types it, so whatever is secret stays with that person (I4)."""

from __future__ import annotations

from agent.errors import UsageFault
from agent.menu.answers import Answers
from agent.secret import Secret
from protocols.menu import PASSWORDS, Asked

KEPT_BY_THE_PERSON: frozenset[Asked] = PASSWORDS | {"code"}
"""What the tool neither asks for nor shows."""

PLACEHOLDER = "0"
"""What the menu engine believes to be typed where only the person knows it."""


class GuidedAnswers:
    """Answers for the menu engine while a person types.

    Args:
        known: What the case knows.
    """

    def __init__(self, known: Answers) -> None:
        self._known = known
        self._unknown: set[Asked] = set(KEPT_BY_THE_PERSON)

    def answer(self, asked: Asked) -> Secret:
        """Say what the engine shall believe to be typed.

        Args:
            asked: What the terminal asks for.
        """
        if asked not in self._unknown:
            try:
                return self._known.answer(asked)
            except UsageFault:
                self._unknown.add(asked)
        return Secret(PLACEHOLDER)

    def may_show(self, asked: Asked) -> bool:
        """Tell whether what the engine types is what the person has to type."""
        return asked not in self._unknown
