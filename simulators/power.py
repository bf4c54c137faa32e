"""The power supply of a simulated terminal: where it can fail, and the faults that make it fail there."""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum

from simulators.faults import Fault, Faults


class PowerPoint(Enum):
    """A place where the power may go, and the fault that takes it there; its number counts from the start."""

    BEFORE_COMMAND = Fault.CUT_BEFORE_COMMAND
    """A command has come, and nothing was done about it yet."""
    AFTER_COMMAND = Fault.CUT_AFTER_COMMAND
    """It was done, or refused, and not answered yet."""
    AFTER_ANSWER = Fault.CUT_AFTER_ANSWER
    """Its answer has arrived."""
    IN_WRITE = Fault.CUT_AT_WRITE
    """Half of a change of the flash is in the chip: of a programming, or of the erasing of a block."""


class Power:
    """Counts the points that are passed, and fails at the one that a fault names.

    Args:
        faults: The terminal's faults.
        cut: Called where the power goes; does not return.
    """

    def __init__(self, faults: Faults, cut: Callable[[], None]) -> None:
        self._faults = faults
        self._cut = cut
        self._passed = dict.fromkeys(PowerPoint, 0)

    def passes(self, point: PowerPoint) -> None:
        """Say that a point is passed; the power may go at it."""
        self._passed[point] += 1
        if self._faults.number(point.value) == self._passed[point]:
            self._cut()
