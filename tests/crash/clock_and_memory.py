"""A wall clock that jumps, and a memory that is full, at every entry of the agent's ledger."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any, cast

import sqlalchemy.engine.default

from tests.crash.explore import Arm, Finish, Kind, Trial
from tests.crash.world import World

DAY = timedelta(days=1)


def at_commits(world: World, trial: Trial, act: Callable[[], None]) -> None:
    """Do something before a commit of the agent's ledger.

    Args:
        world: Where the agent works.
        trial: Says at which.
        act: What to do.
    """
    dialect = cast(Any, sqlalchemy.engine.default.DefaultDialect)
    commit = dialect.do_commit

    def watched(self: Any, connection: Any) -> None:
        if world.agent_works and trial.passed("commit"):
            act()
        commit(self, connection)

    dialect.do_commit = watched


def jumping(by: timedelta) -> Arm:
    """Set the wall clock to another time at a point."""

    def arm(world: World, trial: Trial, _finish: Finish) -> None:
        def jump() -> None:
            world.time.jump += by

        at_commits(world, trial, jump)

    return arm


def out_of_memory(world: World, trial: Trial, _finish: Finish) -> None:
    """Have the memory be full at a point, once."""

    def full() -> None:
        raise MemoryError

    at_commits(world, trial, full)


FORWARD = Kind("clock a day ahead", jumping(DAY), sampled=10, goes_on=True)
BACK = Kind("clock a day back", jumping(-DAY), sampled=10, goes_on=True)
MEMORY = Kind("memory full once", out_of_memory, sampled=10)
KINDS = (FORWARD, BACK, MEMORY)
