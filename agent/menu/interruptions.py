"""What comes between: how often each is put up with, and what it means where it does not go away."""

from __future__ import annotations

from agent.errors import AgentError, PreconditionNotMet
from protocols.menu import Interruption, MenuScreen

MAX_ANSWERS = 12
"""How often in one walk something that comes between is answered."""

MAX_RESTARTS = 3
"""How often in one walk the menu is begun again after the operator was logged off."""


class Interruptions:
    """Counts what came between in one walk."""

    def __init__(self) -> None:
        self._answers = 0
        self._restarts = 0

    def may_answer(self, screen: MenuScreen) -> bool:
        """Count an answer, and tell whether it may be given."""
        self._answers += 1
        self._restarts += screen.interrupts == "logged-off"
        return self._answers <= MAX_ANSWERS and self._restarts <= MAX_RESTARTS


def error_of(what: Interruption, screen: str) -> AgentError:
    """Say what it means that something between does not go away."""
    if what == "low-battery":
        return PreconditionNotMet("menu-low-battery")
    if what == "paper-out":
        return PreconditionNotMet("menu-paper-out")
    if what == "network-lost":
        return PreconditionNotMet("menu-network-lost")
    if what == "logged-off":
        return PreconditionNotMet("menu-logged-off")
    return PreconditionNotMet("menu-interrupted", screen=screen)
