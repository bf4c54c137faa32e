"""Shortest ways through a menu."""

from __future__ import annotations

import dataclasses

import pytest

from agent.menu.route import way
from protocols.menu import Goal, Menu
from tests.agent.menu.fake_terminal import haike_profile


@pytest.fixture
def menu() -> Menu:
    found = haike_profile().menu
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("start", "first"),
    [("idle", "main"), ("main", "settings"), ("device", "merchant"), ("wrong", "device"), ("done", "idle")],
)
def test_the_first_step(start: str, first: str, menu: Menu) -> None:
    ahead = way(menu, start, Goal("unbind", "done"))
    assert ahead is not None
    assert (ahead[0], ahead[-1]) == (first, "done")


@pytest.mark.parametrize("start", ["locked", "nowhere"])
def test_no_way(start: str, menu: Menu) -> None:
    assert way(menu, start, Goal("unbind", "done")) is None


def test_no_way_leads_over_the_confirmation_of_something_else(menu: Menu) -> None:
    screens = tuple(
        dataclasses.replace(each, confirms="bind") if each.id == "confirm" else each for each in menu.screens
    )
    other = dataclasses.replace(menu, screens=screens)
    assert way(menu, "device", Goal("unbind", "done")) is not None
    assert way(other, "device", Goal("unbind", "done")) is None
    assert way(other, "second", Goal("unbind", "done")) == ("done",)
