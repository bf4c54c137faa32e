"""The link's states as data: complete for each role, and nothing leads out of the end."""

from __future__ import annotations

import pytest

from protocols.pmp import link, states
from protocols.pmp.states import TRANSITIONS, LinkState, Role, Trigger


def test_each_role_starts_idle_and_reaches_all_of_its_states() -> None:
    of_terminal = {LinkState.IDLE, LinkState.SECURING, LinkState.OPEN}
    for role, wanted in ((Role.AGENT, set(LinkState)), (Role.TERMINAL, of_terminal)):
        reached = {LinkState.IDLE}
        for _ in LinkState:
            reached |= {to for (state, _), to in TRANSITIONS[role].items() if state in reached}
        assert reached == wanted


def test_an_agents_end_is_final_and_a_terminal_has_none() -> None:
    assert not [state for state, _ in TRANSITIONS[Role.AGENT] if state is LinkState.CLOSED]
    assert LinkState.CLOSED not in TRANSITIONS[Role.TERMINAL].values()


@pytest.mark.parametrize("begun", [LinkState.SECURING, LinkState.OPEN])
def test_whatever_is_begun_can_end_in_each_way(begun: LinkState) -> None:
    for role in Role:
        triggers = {trigger for state, trigger in TRANSITIONS[role] if state is begun}
        assert triggers >= {Trigger.RESET, Trigger.SILENCE, Trigger.CLOSE}


def test_a_private_session_opens_only_when_its_channel_is_established() -> None:
    for role in Role:
        ways = {trigger for (state, trigger), to in TRANSITIONS[role].items() if to is LinkState.SECURING}
        assert ways <= {Trigger.PRIVATE_HELLO, Trigger.PRIVATE_ACCEPT}
        assert ways
        out = {trigger for trigger in Trigger if TRANSITIONS[role].get((LinkState.SECURING, trigger)) is LinkState.OPEN}
        assert out - {Trigger.HELLO} == {Trigger.SECURED}, "or by a new session that is not private"


def test_the_link_offers_them_under_its_own_name() -> None:
    assert all(getattr(link, name) is getattr(states, name) for name in ("TRANSITIONS", "LinkState", "Role", "Trigger"))
