"""What each way in which a menu can end means for the case."""

from __future__ import annotations

from collections.abc import Mapping

from agent.errors import AgentError, OutcomeUnknown, PreconditionNotMet, TerminalRefused
from protocols.menu import Ending, GoalName


def error_of(ending: Ending, screen: str, places: Mapping[str, str]) -> AgentError | None:
    """Say which error an ending is.

    Args:
        ending: How the menu ended.
        screen: Name of the screen that says so.
        places: What stands in its places.

    Returns:
        The error, or None where it is the goal itself (``done``, ``pending``).
    """
    if ending == "wrong-password":
        left = places.get("attempts_left")
        return TerminalRefused("wrong-password", **({} if left is None else {"attempts_left": int(left)}))
    if ending == "locked":
        return TerminalRefused("password-locked")
    if ending == "wrong-merchant":
        return TerminalRefused("wrong-merchant-number")
    if ending == "wrong-code":
        return TerminalRefused("wrong-code")
    if ending == "code-expired":
        return TerminalRefused("code-expired")
    if ending == "rejected":
        return TerminalRefused("menu-rejected", screen=screen)
    if ending == "unsettled":
        return PreconditionNotMet("unsettled-batch")
    if ending == "not-bound":
        return PreconditionNotMet("terminal-not-bound")
    return None


def unknown_outcome(goal: GoalName, screen: str) -> OutcomeUnknown:
    """Say that the last confirmation was given, and nobody knows what became of it (I3).

    Args:
        goal: What was confirmed.
        screen: Name of the screen shown last.
    """
    if goal == "unbind":
        return OutcomeUnknown("unbind-outcome-unknown", screen=screen)
    return OutcomeUnknown("menu-outcome-unknown", goal=goal, screen=screen)
