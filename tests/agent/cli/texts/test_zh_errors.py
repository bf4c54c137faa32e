"""Chinese has a text for each error of the English list, in the same groups."""

from __future__ import annotations

import pytest

from agent.cli.texts import en_errors, zh_errors


@pytest.mark.parametrize(
    "group", ["GENERAL", "COMMAND_LINE", "POLICY", "LINE", "EXPORT", "EVIDENCE", "SIMULATION", "REFUSALS", "FINDINGS"]
)
def test_groups_are_the_same(group: str) -> None:
    assert set(getattr(en_errors, group)) == set(getattr(zh_errors, group))


def test_nothing_was_left_in_english() -> None:
    same = [code for code, texts in zh_errors.ERRORS.items() if texts == en_errors.ERRORS[code]]
    assert not same
