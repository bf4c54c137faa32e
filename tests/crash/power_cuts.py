"""Cutting the terminal's power: before and after every command, and in the middle of every change of its flash."""

from __future__ import annotations

from collections.abc import Iterable

from simulators.power import PowerPoint
from tests.crash.explore import Arm, Finish, Kind, Trial
from tests.crash.world import OFF_SECONDS, World

AT_COMMANDS = (PowerPoint.BEFORE_COMMAND, PowerPoint.AFTER_COMMAND, PowerPoint.AFTER_ANSWER)


def cut(points: Iterable[PowerPoint], *, by_tcp: bool) -> Arm:
    """Have the power go at some of the places where it may; the terminal has it again after a while.

    Args:
        points: Which places.
        by_tcp: Whether the agent is told, as where a connection is gone.
    """
    wanted = frozenset(points)

    def arm(world: World, trial: Trial, _finish: Finish) -> None:
        world.on_power_point = lambda point: point in wanted and trial.passed(point.name)
        world.on_power_cut = lambda: world.lose_power(back_after=OFF_SECONDS, by_tcp=by_tcp)

    return arm


COMMANDS = Kind("terminal killed at a command", cut(AT_COMMANDS, by_tcp=True), sampled=30)
COMMANDS_SERIAL = Kind("terminal killed at a command, by cable", cut(AT_COMMANDS, by_tcp=False), sampled=15)
WRITES = Kind("terminal killed in a change of its flash", cut((PowerPoint.IN_WRITE,), by_tcp=True), sampled=30)
WRITES_SERIAL = Kind(
    "terminal killed in a change of its flash, by cable", cut((PowerPoint.IN_WRITE,), by_tcp=False), sampled=15
)
KINDS = (COMMANDS, COMMANDS_SERIAL, WRITES, WRITES_SERIAL)
