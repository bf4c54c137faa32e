"""The wall clock jumps by a day, or the memory is full, at every commit of the ledger (I7)."""

import pytest

from tests.crash.clock_and_memory import KINDS


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_i7_neither_time_nor_memory_changes_the_end(explored, kind):
    figures = explored.explore(kind)
    assert figures.points > 30
    assert not figures.violations
