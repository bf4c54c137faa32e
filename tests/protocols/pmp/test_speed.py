"""Two sides agree on another speed, try it, and always end at the same one."""

from __future__ import annotations

import pytest

from protocols.errors import LocalProtocolError
from protocols.pmp.speed import AGENT, TERMINAL, SpeedControl, SpeedNote, SpeedState, Step
from protocols.pmp.states import Role


def test_each_role_reaches_fast_and_finds_back() -> None:
    for table in (AGENT, TERMINAL):
        reached = {SpeedState.STEADY}
        for _ in SpeedState:
            reached |= {to for (state, _), to in table.items() if state in reached}
        assert reached == {state for state, _ in table}
        assert SpeedState.STEADY in {to for (state, _), to in table.items() if state is SpeedState.FAST}


def test_a_full_agreement() -> None:
    near = SpeedControl(Role.AGENT, 115_200)
    far = SpeedControl(Role.TERMINAL, 115_200, 921_600)
    near.propose(921_600, 0.0)
    for _ in range(20):
        for side, other in ((near, far), (far, near)):
            while (note := side.take_note()) is not None:
                other.receive(note, 0.0)
            if side.take_change() is not None:
                side.switched(0.0)
    assert near.state is far.state is SpeedState.FAST
    assert near.baud == far.baud == 921_600


def test_a_terminal_refuses_what_its_line_cannot_do() -> None:
    far = SpeedControl(Role.TERMINAL, 115_200, 230_400)
    far.receive(SpeedNote(Step.PROPOSE, 921_600), 0.0)
    assert far.take_note() == SpeedNote(Step.REFUSE, 921_600)
    assert far.state is SpeedState.STEADY


def test_only_an_agent_proposes_and_once_at_a_time() -> None:
    with pytest.raises(LocalProtocolError):
        SpeedControl(Role.TERMINAL, 115_200, 921_600).propose(230_400, 0.0)
    near = SpeedControl(Role.AGENT, 115_200)
    near.propose(230_400, 0.0)
    with pytest.raises(LocalProtocolError):
        near.propose(230_400, 0.0)
