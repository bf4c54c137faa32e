"""The line is cut, dead for a while, loses or doubles a frame: at every frame, in both directions (I3, I7)."""

import pytest

from tests.crash.line_cuts import KINDS


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_i7_a_line_that_failed_changes_nothing_about_the_end(explored, kind):
    figures = explored.explore(kind)
    assert figures.points > 200
    assert not figures.violations
