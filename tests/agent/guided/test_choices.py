"""Which screens a person is offered."""

from __future__ import annotations

import dataclasses

from agent.guided.choices import offer
from agent.guided.interview import Drawing
from protocols.menu import Mark, MenuScreen
from protocols.words import Key
from tests.agent.guided.profiles import menus

POPUP = MenuScreen("advert", (Mark("广告"),), interrupts="advertisement", answer="press", press=(Key.CANCEL,))
SCREENS = (*(each for each in menus()["haike-h60"].screens if each.interrupts is None), POPUP)


def offered(expected: str, here: str | None) -> tuple[list[tuple[str, str]], list[str]]:
    stands = next((screen for screen in SCREENS if screen.id == here), None)
    likely, others = offer(SCREENS, expected, stands, lambda screen: Drawing(1, (screen.id,)))
    assert {each.screen for each in (*likely, *others)} == {screen.id for screen in SCREENS}
    assert len(likely) + len(others) == len(SCREENS)
    return [(each.screen, each.kind) for each in likely], [each.screen for each in others]


def test_the_expected_screen_comes_first_and_the_old_one_next() -> None:
    likely, others = offered("main", "idle")
    assert likely[:2] == [("main", "expected"), ("idle", "unchanged")]
    assert ("advert", "interruption") in likely
    assert "settings" in others


def test_before_the_first_step_nothing_has_ended() -> None:
    assert offered("idle", None)[0] == [("idle", "expected"), ("advert", "interruption")]


def test_endings_are_offered_where_they_can_come() -> None:
    def endings(expected: str, here: str) -> set[str]:
        return {screen for screen, kind in offered(expected, here)[0] if kind == "ending"}

    assert {"unsettled", "not_bound", "locked"} <= endings("device", "devices")
    assert {"unsettled", "not_bound", "locked", "mismatch"} <= endings("password", "merchant")
    assert "wrong" not in endings("password", "merchant")
    assert {"mismatch", "wrong"} <= endings("confirm", "password")
    rejected = {screen.id for screen in SCREENS if screen.means == "rejected"}
    assert rejected <= endings("confirm", "password")
    assert not rejected & endings("device", "devices")
    assert offered("done", "second")[0][0] == ("done", "expected")
    assert "done" in offered("confirm", "password")[1]


def test_a_done_nobody_expected_is_offered_after_what_commits() -> None:
    screens = (*SCREENS, dataclasses.replace(SCREENS[-2], id="pending", means="pending"))
    second = next(screen for screen in screens if screen.id == "second")
    likely, _ = offer(screens, "done", second, lambda screen: Drawing(1, (screen.id,)))
    assert "pending" in [each.screen for each in likely]
