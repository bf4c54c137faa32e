"""A step of the film is data."""

from __future__ import annotations

import dataclasses

from agent.menu.film import FilmStep


def test_a_step_is_plain_data_and_says_by_itself_that_the_agent_pressed() -> None:
    step = FilmStep(1, "idle", "F1+F4", "press", ("欢迎使用",))
    assert dataclasses.asdict(step) == {
        "number": 1,
        "screen": "idle",
        "keys": "F1+F4",
        "what": "press",
        "rows": ("欢迎使用",),
        "masked": False,
        "by": "remote",
    }
