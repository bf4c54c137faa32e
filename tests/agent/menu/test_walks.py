"""Walks through menus made at random (issue 3): nothing unexpected is confirmed, and each walk ends."""

from __future__ import annotations

from tests.agent.menu.walks import walk_all

WALKS = 300


def test_i3_i4_i6_i9_i10_walks_through_random_menus() -> None:
    ends = walk_all(range(WALKS))
    assert ends.total() == WALKS
    assert ends["unbound, by the screen"] > WALKS // 3, ends
    assert len(ends) > 8, ends
