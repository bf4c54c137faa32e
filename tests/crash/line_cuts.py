"""Cutting the line at every frame, in both directions, before it arrives and after it has arrived."""

from __future__ import annotations

from tests.crash.explore import Arm, Finish, Kind, Trial
from tests.crash.world import Line, World

HEALED_AFTER = 3.0
"""Seconds that a line carries nothing and yet keeps its session: less than the link's patience."""


def cut(world: World, trial: Trial, _finish: Finish) -> None:
    """Hang up at a point, so that both ends notice at once, as by TCP."""

    def on_frame(way: str, line: Line, _frame: bytes) -> bool:
        if trial.passed(way):
            line.hang_up()
            return False
        return True

    world.on_frame = on_frame


def silenced(seconds: float) -> Arm:
    """Have the line carry nothing from a point on, and neither end told, as by a plug pulled out of a serial port.

    Args:
        seconds: How long.
    """

    def arm(world: World, trial: Trial, _finish: Finish) -> None:
        dead: Line | None = None
        dead_until = 0.0

        def on_frame(way: str, line: Line, _frame: bytes) -> bool:
            nonlocal dead, dead_until
            if line is dead and world.time.steady < dead_until:
                return False
            if trial.passed(way):
                dead, dead_until = line, world.time.steady + seconds
                return False
            return True

        world.on_frame = on_frame

    return arm


def lost(world: World, trial: Trial, _finish: Finish) -> None:
    """Lose one frame."""
    world.on_frame = lambda way, _line, _frame: "delivered" in way or not trial.passed(way)


def doubled(world: World, trial: Trial, _finish: Finish) -> None:
    """Let one frame arrive twice."""

    def on_frame(way: str, line: Line, frame: bytes) -> bool:
        if "delivered" in way:
            return True
        if trial.passed(way):
            (line.deliver if way == "to-terminal" else line.arrive)(frame)
        return True

    world.on_frame = on_frame


CUT = Kind("line cut", cut, sampled=40)
CUT_PRIVATE = Kind("private line cut", cut, private=True, sampled=10)
SILENCED = Kind("line dead for good", silenced(float("inf")), sampled=15)
HEALED = Kind("line dead for 3 s", silenced(HEALED_AFTER), sampled=15, goes_on=True)
LOST = Kind("one frame lost", lost, sampled=10, goes_on=True)
DOUBLED = Kind("one frame twice", doubled, sampled=10, goes_on=True)
KINDS = (CUT, CUT_PRIVATE, SILENCED, HEALED, LOST, DOUBLED)
