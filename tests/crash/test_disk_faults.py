"""The agent's disk is full, broken, read-only or takes half of a write, at every write (I3, I7)."""

import pytest

from tests.crash.disk_faults import KINDS


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_i7_a_disk_that_fails_leaves_a_case_that_ends_as_without_it(explored, kind):
    figures = explored.explore(kind)
    assert figures.points > 20
    assert not figures.violations
