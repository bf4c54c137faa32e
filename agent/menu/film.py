"""What the menu engine did, step by step, as it may be kept: names of screens and keys, and never what was typed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class FilmStep:
    """One step.

    Args:
        number: Counts the steps from 1.
        screen: Name of the screen in the profile; ``?`` where it is none of them.
        keys: Keys pressed together, as ``F1+F4``; ``<password>`` or ``<merchant_number>`` for everything typed into
            such a field, whatever and how much it was (I4); empty where nothing was pressed.
        what: ``press``, ``type``, ``wait``, ``done``, ``pending`` (done once the platform agrees) or ``stop``.
        rows: What the display showed when the step was taken, masked by `agent.menu.mask.masked_rows`; empty where
            nobody saw it.
        masked: Whether a masked field had the cursor.
        by: Who pressed: the agent over the wire, or a person who was told what to press.
    """

    number: int
    screen: str
    keys: str
    what: str
    rows: tuple[str, ...] = ()
    masked: bool = False
    by: Literal["remote", "guided"] = "remote"
