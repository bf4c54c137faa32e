"""Actions show what may be kept."""

from __future__ import annotations

from agent.menu.actions import Press
from protocols.words import Key


def test_keys_that_choose_are_shown() -> None:
    assert Press((Key.F1, Key.F4)).shown == "F1+F4"


def test_i4_keys_that_type_are_not() -> None:
    press = Press((Key.DIGIT_7,), typing="password")
    assert press.shown == "<password>"
    assert "7" not in repr(press)
    assert "55" not in repr(press)
