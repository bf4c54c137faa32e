"""The agent is killed before and after everything that it does to its disk, and the case is taken up (I1, I3, I7)."""

import pytest

from tests.crash.agent_kills import AGENT, AGENT_PRIVATE


@pytest.mark.parametrize("kind", [AGENT, AGENT_PRIVATE], ids=lambda kind: kind.name)
def test_i7_a_killed_agent_leaves_a_case_that_ends_as_without_it(explored, kind):
    figures = explored.explore(kind)
    assert figures.points > 100
    assert not figures.violations
