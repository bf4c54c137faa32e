"""What an end of the menu means."""

from __future__ import annotations

import typing

import pytest

from agent.errors import PreconditionNotMet, TerminalRefused
from agent.menu.endings import error_of, unknown_outcome
from protocols.menu import Ending


@pytest.mark.parametrize(
    ("ending", "kind", "code"),
    [
        ("wrong-password", TerminalRefused, "wrong-password"),
        ("locked", TerminalRefused, "password-locked"),
        ("wrong-merchant", TerminalRefused, "wrong-merchant-number"),
        ("wrong-code", TerminalRefused, "wrong-code"),
        ("code-expired", TerminalRefused, "code-expired"),
        ("rejected", TerminalRefused, "menu-rejected"),
        ("unsettled", PreconditionNotMet, "unsettled-batch"),
        ("not-bound", PreconditionNotMet, "terminal-not-bound"),
    ],
)
def test_an_error(ending: Ending, kind: type[Exception], code: str) -> None:
    error = error_of(ending, "end", {})
    assert error is not None
    assert (type(error), error.code) == (kind, code)


def test_the_others_are_the_goal() -> None:
    assert [each for each in typing.get_args(Ending) if error_of(each, "end", {}) is None] == ["done", "pending"]


def test_the_attempts_left_are_told_where_the_screen_says_them() -> None:
    error = error_of("wrong-password", "wrong", {"attempts_left": "2"})
    assert error is not None
    assert error.facts == {"attempts_left": 2}


def test_i3_an_unknown_outcome_names_what_was_confirmed() -> None:
    assert unknown_outcome("unbind", "second").code == "unbind-outcome-unknown"
    assert unknown_outcome("reversal", "confirm").facts == {"goal": "reversal", "screen": "confirm"}
