"""An export that is larger than all the memory that is left is written and verified all the same (I1, I10)."""

import os
import resource
import shutil
from pathlib import Path

from agent.workflow.request import RetireOutcome
from tests.crash.world import World, make_template

TRANSACTIONS = 200_000
ROOM = 52 << 20
"""Bytes that agent and terminal may have besides what is taken already; the export has more."""


def limit_memory():
    taken = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_AS, (taken + ROOM, taken + ROOM))


def test_i10_an_export_larger_than_the_memory_is_written_all_the_same(tmp_path):
    for name, transactions in (("small", 12), ("large", TRANSACTIONS)):
        (tmp_path / name).mkdir()
        make_template(tmp_path / name, transactions)
    World(shutil.copytree(tmp_path / "small", tmp_path / "first")).retire()  # loads whatever there is to load
    world = World(tmp_path / "large")
    child = os.fork()
    if child == 0:
        try:
            limit_memory()
            came = world.retire()
            os._exit(0 if isinstance(came, RetireOutcome) and came.records == TRANSACTIONS else 1)
        finally:
            os._exit(2)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    assert next(world.out.glob("*/export.age")).stat().st_size > ROOM
