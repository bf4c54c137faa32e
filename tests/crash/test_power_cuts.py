"""The terminal's power goes at every command and in every change of its flash, and the case is taken up (I3, I7)."""

import pytest

from tests.crash.power_cuts import KINDS


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_i7_a_terminal_that_lost_its_power_is_retired_as_without_it(explored, kind):
    figures = explored.explore(kind)
    assert figures.points > 100
    assert not figures.violations
