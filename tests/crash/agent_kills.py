"""Killing the agent at everything that it does to its disk: before it, and after it."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any, cast

import sqlalchemy.engine.default

import agent.export.spool
import agent.export.writer
from agent.evidence.bundle import EXPORT
from tests.crash.explore import Finish, Kind, Trial
from tests.crash.world import World

ON_THE_DISK = ("fsync", "replace", "rename", "link", "unlink", "mkdir", "rmdir", "truncate")
"""Calls of `os` that change what another process, or the next one, will find. `pathlib` and `shutil` use them too."""


def around_the_disk(world: World, passed: Callable[[str], None]) -> None:
    """Have every act of the agent on its disk told, before it happens and after it.

    Args:
        world: Where the agent works.
        passed: Told the name of the point.
    """

    def around(name: str, act: Callable[..., Any]) -> Callable[..., Any]:
        def watched(*args: Any, **options: Any) -> Any:
            if not world.agent_works:
                return act(*args, **options)
            passed(f"before {name}")
            came = act(*args, **options)
            if world.agent_works:
                passed(f"after {name}")
            return came

        return watched

    for name in ON_THE_DISK:
        setattr(os, name, around(name, getattr(os, name)))
    dialect = cast(Any, sqlalchemy.engine.default.DefaultDialect)
    dialect.do_commit = around("commit", dialect.do_commit)
    for module in (agent.export.spool, agent.export.writer):
        cast(Any, module).write_all = around("write of the export", module.write_all)


def arm(world: World, trial: Trial, finish: Finish) -> None:
    """Kill the agent at a point; then the case is taken up by another one."""

    def passed(label: str) -> None:
        if trial.passed(label):
            world.bury_agent()
            finish()

    around_the_disk(world, passed)


def damage(world: World, trial: Trial, finish: Finish) -> None:
    """Kill the agent at a point of the unbinding, or before the wipe, and damage the export before it is taken up."""

    def passed(label: str) -> None:
        if world.step == "revoke" and trial.passed(label):
            world.bury_agent()
            for path in world.out.glob(f"*/{EXPORT}"):
                path.write_bytes(path.read_bytes()[:-1])
            finish()

    around_the_disk(world, passed)


def untouched(_world: World, _trial: Trial, _finish: Finish) -> None:
    """Let nothing happen."""


DAMAGED = Kind("export damaged while nobody worked", damage, refused=True, sampled=2)
MISCOUNTED = Kind("totals that do not match", untouched, faults=("wrong-totals",), refused=True)
UNTOUCHED = Kind("uninterrupted", untouched)
AGENT = Kind("agent killed", arm)
AGENT_PRIVATE = Kind("agent killed, private line", arm, private=True, sampled=4)
