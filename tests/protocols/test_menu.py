"""The types of a menu."""

from __future__ import annotations

import pytest

from protocols.menu import Entry, Field, Goal, GoalName, Item, KeyEdge, Mark, Menu, MenuScreen
from protocols.words import Key


def test_the_ways_of_a_screen() -> None:
    screen = MenuScreen(
        "s",
        (Mark("s"),),
        items=(Item("i", "a"),),
        entries=(Entry("{tusn}", "b"),),
        keys=(KeyEdge((Key.CANCEL,), "c"),),
        field=Field("code", False, "d"),
    )
    assert list(screen.ways()) == ["a", "b", "c", "d"]
    assert list(MenuScreen("t", (Mark("t"),)).ways()) == []


@pytest.mark.parametrize(
    ("edge", "back"),
    [
        (KeyEdge((Key.CANCEL,), "a"), True),
        (KeyEdge((Key.F1,), "a", back=True), True),
        (KeyEdge((Key.F1,), "a"), False),
        (KeyEdge((Key.CANCEL, Key.CONFIRM), "a"), False),
    ],
)
def test_the_ways_back(edge: KeyEdge, back: bool) -> None:
    assert edge.goes_back is back


@pytest.mark.parametrize(
    ("name", "words"),
    [("unbind", ("解绑",)), ("bind", ("绑定",)), ("test-transaction", ("消费",)), ("reversal", ("撤销",))],
)
def test_each_goal_has_words(name: GoalName, words: tuple[str, ...]) -> None:
    assert Goal(name, "done").action_words == words
    assert Goal(name, "done", ("Unbind",)).action_words == ("Unbind",)


def test_goals_are_found_by_name() -> None:
    goal = Goal("bind", "bound")
    menu = Menu(16, 8, "{digit}.{name}", 5, "assumed", (), (goal,))
    assert menu.goal("bind") is goal
    assert menu.goal("unbind") is None
