"""Shortest ways through a menu."""

from __future__ import annotations

import pytest

from agent.menu.route import first_hop
from tests.agent.menu.fake_terminal import haike_profile


@pytest.mark.parametrize(
    ("start", "first"),
    [
        ("idle", "main"),
        ("main", "settings"),
        ("device", "merchant"),
        ("confirm", "second"),
        ("wrong", "device"),
        ("done", "idle"),
        ("locked", None),
        ("nowhere", None),
    ],
)
def test_the_first_step(start: str, first: str | None) -> None:
    menu = haike_profile().menu
    assert menu is not None
    assert first_hop(menu, start, "done") == first
