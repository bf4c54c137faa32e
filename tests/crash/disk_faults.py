"""A disk that fails under the agent: full, broken, read-only, or taking half; once, or from then on."""

from __future__ import annotations

import errno
import os
import sqlite3
import tempfile
from collections.abc import Callable
from io import BufferedWriter, FileIO
from typing import Any, cast

import sqlalchemy.engine.default

import agent.evidence.files
import agent.export.spool
import agent.export.writer
from tests.crash.explore import Arm, Finish, Kind, Trial
from tests.crash.world import World

SQLITE = {
    errno.ENOSPC: "database or disk is full",
    errno.EIO: "disk I/O error",
    errno.EROFS: "attempt to write a readonly database",
}
"""What SQLite says where its file's disk has an error; the ledger cannot be reached below that."""

SHORT = 0
"""In the place of an error: the disk takes half of what it is given, and says so."""

CALLS = ("fsync", "replace", "rename", "link", "mkdir", "unlink", "rmdir", "truncate")


class Disk:
    """The agent's disk.

    Args:
        world: Where the agent works.
        trial: Says at which write it fails.
        error: As in `errno`, or `SHORT`.
        lasting: Whether it fails at everything from then on, until the agent has ended.
    """

    def __init__(self, world: World, trial: Trial, error: int, *, lasting: bool) -> None:
        self._world = world
        self._trial = trial
        self.error = error
        self._lasting = lasting
        self._failed_for: int | None = None

    def fails(self, label: str) -> bool:
        """Count a write, and tell whether it fails."""
        if not self._world.agent_works:
            return False
        if self._lasting and self._failed_for == self._world.agents:
            return True
        if self._trial.passed(label):
            self._failed_for = self._world.agents
            return True
        return False

    def refuse(self) -> None:
        """Raise what the operating system would."""
        error = self.error or errno.EIO
        raise OSError(error, os.strerror(error))


def failing(error: int, *, lasting: bool) -> Arm:
    """Have the disk fail at a point.

    Args:
        error: As in `errno`, or `SHORT`.
        lasting: See `Disk`.
    """

    def arm(world: World, trial: Trial, _finish: Finish) -> None:
        disk = Disk(world, trial, error, lasting=lasting)
        if error != SHORT:
            _calls(disk)
            _ledger(disk)
        _files(disk)

    return arm


def _calls(disk: Disk) -> None:
    def around(name: str, act: Callable[..., Any]) -> Callable[..., Any]:
        def may_fail(*args: Any, **options: Any) -> Any:
            if disk.fails(name):
                disk.refuse()
            return act(*args, **options)

        return may_fail

    for name in CALLS:
        setattr(os, name, around(name, getattr(os, name)))


def _ledger(disk: Disk) -> None:
    dialect = cast(Any, sqlalchemy.engine.default.DefaultDialect)
    commit = dialect.do_commit

    def may_fail(self: Any, connection: Any) -> None:
        if disk.fails("commit"):
            raise sqlite3.OperationalError(SQLITE[disk.error])
        commit(self, connection)

    dialect.do_commit = may_fail


def _files(disk: Disk) -> None:
    """Have every write to a file fail: those of the evidence, of the export and of its spool, of the film."""

    class Failing(FileIO):
        def write(self, data: Any) -> int:
            if disk.fails("write"):
                if disk.error == SHORT and len(data) > 1:
                    return super().write(memoryview(data)[: len(data) // 2])
                if disk.error != SHORT:
                    disk.refuse()
            return super().write(data)

    def opened(handle: int, mode: str) -> Any:
        return BufferedWriter(Failing(handle, mode))

    class Files:
        """`os`, but for what opens a file of evidence."""

        fdopen = staticmethod(opened)

        def __getattr__(self, name: str) -> Any:
            return getattr(os, name)

    def temporary(*, dir: Any, prefix: str, buffering: int) -> Any:  # noqa: A002 - as in the standard library
        handle, path = tempfile.mkstemp(dir=dir, prefix=prefix)
        with disk._world.outside():
            os.unlink(path)  # noqa: PTH108
        return Failing(handle, "r+b")

    class Temporary:
        TemporaryFile = staticmethod(temporary)

    cast(Any, agent.evidence.files).os = Files()
    cast(Any, agent.export.writer).FileIO = Failing
    cast(Any, agent.export.spool).tempfile = Temporary
    write = os.write

    def film(handle: int, data: bytes) -> int:
        if disk.fails("write of the film"):
            if disk.error != SHORT:
                disk.refuse()
            data = data[: len(data) // 2]
        return write(handle, data)

    cast(Any, os).write = film


FULL = Kind("disk full from then on", failing(errno.ENOSPC, lasting=True), sampled=20)
BROKEN = Kind("disk error once", failing(errno.EIO, lasting=False), sampled=20)
READ_ONLY = Kind("disk read-only from then on", failing(errno.EROFS, lasting=True), sampled=10)
HALF = Kind("disk takes half once", failing(SHORT, lasting=False), sampled=10, goes_on=True)
KINDS = (FULL, BROKEN, READ_ONLY, HALF)
