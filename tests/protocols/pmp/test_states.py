"""The link's states as data: complete for each role, and nothing leads out of the end."""

from __future__ import annotations

from protocols.pmp import link, states
from protocols.pmp.states import TRANSITIONS, LinkState, Role, Trigger


def test_each_role_starts_idle_and_reaches_all_of_its_states() -> None:
    for role, wanted in ((Role.AGENT, set(LinkState)), (Role.TERMINAL, {LinkState.IDLE, LinkState.OPEN})):
        reached = {LinkState.IDLE}
        for _ in LinkState:
            reached |= {to for (state, _), to in TRANSITIONS[role].items() if state in reached}
        assert reached == wanted


def test_an_agents_end_is_final_and_a_terminal_has_none() -> None:
    assert not [state for state, _ in TRANSITIONS[Role.AGENT] if state is LinkState.CLOSED]
    assert LinkState.CLOSED not in TRANSITIONS[Role.TERMINAL].values()


def test_whatever_is_open_can_end_in_each_way() -> None:
    for role in Role:
        assert {trigger for state, trigger in TRANSITIONS[role] if state is LinkState.OPEN} >= {
            Trigger.RESET,
            Trigger.SILENCE,
            Trigger.CLOSE,
        }


def test_the_link_offers_them_under_its_own_name() -> None:
    assert all(getattr(link, name) is getattr(states, name) for name in ("TRANSITIONS", "LinkState", "Role", "Trigger"))
