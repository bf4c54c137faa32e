"""The tables: every state is reached, every state ends, the end is the end."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum

import pytest

from protocols.ymodem.states import RECEIVER_TRANSITIONS, SENDER_TRANSITIONS, ReceiverState, SenderState, Trigger

TABLES = [(ReceiverState, RECEIVER_TRANSITIONS), (SenderState, SENDER_TRANSITIONS)]


@pytest.mark.parametrize(("states", "table"), TABLES)
def test_every_state_is_reached_and_ends(states: type[Enum], table: Mapping[tuple[Enum, Trigger], Enum]) -> None:
    reached = {list(states)[0]}  # noqa: RUF015 - an Enum class is no list
    for _ in states:
        reached |= {end for (start, _), end in table.items() if start in reached}
    assert reached == set(states)
    over = states["OVER"]
    assert {start for (start, trigger), end in table.items() if trigger is Trigger.FAULT and end is over} == (
        set(states) - {over}
    )
    assert not [start for start, _ in table if start is over]
