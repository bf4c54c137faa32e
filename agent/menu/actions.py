"""What the navigator asks for next."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from agent.errors import AgentError
from protocols.menu import Asked
from protocols.words import Key

PressKind = Literal["go", "submit", "confirm", "type", "scroll", "answer"]
"""Why keys are pressed: to go elsewhere, end a field, confirm, type or delete, scroll, answer what came between."""


@dataclass(frozen=True)
class Press:
    """Press keys together.

    Args:
        keys: Which; not shown, since they may be a digit of the password (I4).
        typing: The field that they are typed into, or None.
        commits: Whether this is what cannot be taken back.
        kind: Why.
    """

    keys: tuple[Key, ...] = field(repr=False)
    typing: Asked | None = None
    commits: bool = False
    kind: PressKind = "go"

    @property
    def shown(self) -> str:
        """The keys as they may be kept."""
        return f"<{self.typing}>" if self.typing else "+".join(key.name for key in self.keys)


@dataclass(frozen=True)
class Wait:
    """Wait for the display to change.

    Args:
        seconds: At most this long.
    """

    seconds: float


@dataclass(frozen=True)
class Look:
    """Read the display again: what it showed is doubted."""


@dataclass(frozen=True)
class Done:
    """The goal is reached.

    Args:
        pending: Whether it is done only once the platform has agreed.
    """

    pending: bool = False


@dataclass(frozen=True)
class Stop:
    """Go no further.

    Args:
        error: Why.
    """

    error: AgentError


Action = Press | Wait | Look | Done | Stop
