"""A step of the film is data."""

from __future__ import annotations

import dataclasses

from agent.menu.film import FilmStep


def test_a_step_has_four_plain_fields() -> None:
    step = FilmStep(1, "idle", "F1+F4", "press")
    assert dataclasses.asdict(step) == {"number": 1, "screen": "idle", "keys": "F1+F4", "what": "press"}
