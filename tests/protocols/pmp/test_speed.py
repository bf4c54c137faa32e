"""Two sides agree on another speed, try it, and always end at the same one, whatever is lost on the way."""

from __future__ import annotations

import heapq
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import product
from random import Random

import pytest

from protocols.errors import LocalProtocolError, RemoteProtocolError
from protocols.pmp.speed import (
    AGENT,
    LOWEST_BAUD,
    MAX_PATTERN,
    PATTERN,
    RETURN_SECONDS,
    SILENCE_SECONDS,
    SPEED,
    TERMINAL,
    TRIALS,
    SpeedControl,
    SpeedNote,
    SpeedState,
    SpeedTrigger,
    Step,
)
from protocols.pmp.states import Role

BASE = 115_200
FAST = 921_600
LATENCY = 0.01
TABLES = {Role.AGENT: AGENT, Role.TERMINAL: TERMINAL}
OF_AGENT = (Step.PROPOSE, Step.TRIAL, Step.KEEP)
OF_TERMINAL = (Step.AGREE, Step.TRIED, Step.KEPT)


@dataclass
class Bench:
    """Both sides of an agreement, the line between them, and a clock turned by hand.

    Args:
        loses: Tells by a note, its sender and how many like it that side sent before, whether the line loses it.
        switches: Which sides' lines can have another speed.
        fastest: Bits per second over which the line carries nothing.
    """

    loses: Callable[[Role, SpeedNote, int], bool] = lambda _role, _note, _before: False
    switches: tuple[Role, ...] = tuple(Role)
    fastest: int = FAST
    highest: int = FAST
    now: float = 0.0
    settled: dict[Role, list[int]] = field(default_factory=lambda: {role: [] for role in Role})
    said: list[tuple[Role, Step]] = field(default_factory=list)
    talks: bool = True
    """Whether the agent keeps a settled line alive, as its link does."""

    def __post_init__(self) -> None:
        """Put both sides to a line of the first speed."""
        self.sides = {
            Role.AGENT: SpeedControl(Role.AGENT, BASE),
            Role.TERMINAL: SpeedControl(Role.TERMINAL, BASE, self.highest),
        }
        self.speeds = dict.fromkeys(Role, BASE)
        self._under_way: list[tuple[float, int, Role, int, SpeedNote]] = []
        self._counted: dict[tuple[Role, Step, bytes], int] = {}
        self._kept_alive = 0.0

    @property
    def near(self) -> SpeedControl:
        """The agent's side."""
        return self.sides[Role.AGENT]

    @property
    def far(self) -> SpeedControl:
        """The terminal's side."""
        return self.sides[Role.TERMINAL]

    def run(self, until: float) -> None:
        """Turn the clock."""
        while True:
            for role, side in self.sides.items():
                self._serve(role, side)
            times = [side.next_deadline() for side in self.sides.values()]
            times += [self._under_way[0][0]] if self._under_way else []
            times += [self._kept_alive + 1.0] if self.talks else []
            due = min((each for each in times if each is not None), default=until)
            if due >= until:
                self.now = until
                return
            self.now = max(self.now, due)
            while self._under_way and self._under_way[0][0] <= self.now:
                _, _, role, baud, note = heapq.heappop(self._under_way)
                if baud == self.speeds[role] and baud <= self.fastest:
                    self.sides[role].heard(self.now)
                    self.sides[role].receive(note, self.now)
            for side in self.sides.values():
                side.handle_timeout(self.now)
            if self.talks and self.now >= self._kept_alive + 1.0:
                self._kept_alive = self.now
                if self.near.settled and self.speeds[Role.AGENT] == self.speeds[Role.TERMINAL]:
                    self.far.heard(self.now)

    def _serve(self, role: Role, side: SpeedControl) -> None:
        while (note := side.take_note()) is not None:
            self.said.append((role, note.step))
            key = (role, note.step, note.pattern)
            before = self._counted.get(key, 0)
            self._counted[key] = before + 1
            if not self.loses(role, note, before):
                other = Role.TERMINAL if role is Role.AGENT else Role.AGENT
                heapq.heappush(self._under_way, (self.now + LATENCY, len(self.said), other, self.speeds[role], note))
        if (change := side.take_change()) is not None:
            if role in self.switches or change == BASE:
                self.speeds[role] = change
                side.switched(self.now)
            else:
                side.failed(self.now)
            self._serve(role, side)
        if side.take_settled():
            self.settled[role].append(side.baud)


def expect_the_same_speed(bench: Bench, baud: int | None = None) -> None:
    """Hold both sides against each other, and against what their lines have."""
    assert bench.near.settled
    assert bench.far.settled
    assert {bench.near.baud, bench.far.baud, *bench.speeds.values()} == {bench.near.baud}
    if baud is not None:
        assert bench.near.baud == baud


def state_of(side: SpeedControl) -> SpeedState:
    """Return the state of a side."""
    return side.state


# ---------------------------------------------------------------------------------------------------------- tables
@pytest.mark.parametrize("role", Role)
def test_each_state_is_reached_and_leads_back_to_steady(role: Role) -> None:
    table = TABLES[role]
    states = {state for state, _ in table}
    reached = {SpeedState.STEADY}
    leads_back = {SpeedState.STEADY}
    for _ in SpeedState:
        reached |= {to for (state, _), to in table.items() if state in reached}
        leads_back |= {state for (state, _), to in table.items() if to in leads_back}
    assert reached == leads_back == states


@pytest.mark.parametrize("role", Role)
def test_no_state_waits_for_ever_but_the_first(role: Role) -> None:
    """A switch of the line is answered by its owner; all else ends by time where nothing is heard."""
    by_time = {SpeedTrigger.SILENCE, SpeedTrigger.RETURNED, SpeedTrigger.SWITCHED}
    for state in {state for state, _ in TABLES[role]} - {SpeedState.STEADY}:
        assert by_time & {trigger for at, trigger in TABLES[role] if at is state}


@pytest.mark.parametrize(("state", "trigger"), TERMINAL)
def test_the_terminals_session_may_end_in_each_state(state: SpeedState, trigger: SpeedTrigger) -> None:
    if state is not SpeedState.STEADY:
        assert TERMINAL[state, SpeedTrigger.OVER] is SpeedState.STEADY
    assert (state, trigger) in TERMINAL


def test_the_agent_walks_through_all_its_states() -> None:
    near = SpeedControl(Role.AGENT, BASE)
    seen = [near.state]

    def step() -> None:
        seen.append(near.state)

    near.propose(FAST, 0.0)
    step()
    assert near.take_note() == SpeedNote(Step.PROPOSE, FAST)
    near.receive(SpeedNote(Step.AGREE, FAST), 0.1)
    step()
    assert near.take_change() == FAST
    near.switched(0.2)
    step()
    for _ in range(TRIALS):
        note = near.take_note()
        assert note is not None
        assert note.step is Step.TRIAL
        near.receive(SpeedNote(Step.TRIED, FAST, note.pattern), 0.3)
    step()
    assert near.take_note() == SpeedNote(Step.KEEP, FAST)
    near.receive(SpeedNote(Step.KEPT, FAST), 0.4)
    step()
    near.fall_back()
    step()
    assert near.take_change() == BASE
    assert seen == [
        SpeedState.STEADY,
        SpeedState.PROPOSED,
        SpeedState.SWITCHING,
        SpeedState.TRYING,
        SpeedState.KEEPING,
        SpeedState.FAST,
        SpeedState.STEADY,
    ]


def test_the_terminal_walks_through_all_its_states() -> None:
    far = SpeedControl(Role.TERMINAL, BASE, FAST)
    far.receive(SpeedNote(Step.PROPOSE, FAST), 0.0)
    assert state_of(far) is SpeedState.SWITCHING
    assert far.take_note() == SpeedNote(Step.AGREE, FAST)
    assert far.take_change() == FAST
    far.switched(0.1)
    assert state_of(far) is SpeedState.TRYING
    far.receive(SpeedNote(Step.TRIAL, FAST, PATTERN), 0.2)
    assert far.take_note() == SpeedNote(Step.TRIED, FAST, PATTERN)
    far.receive(SpeedNote(Step.KEEP, FAST), 0.3)
    assert state_of(far) is SpeedState.FAST
    assert far.take_note() == SpeedNote(Step.KEPT, FAST)
    far.receive(SpeedNote(Step.KEEP, FAST), 0.4)
    assert far.take_note() == SpeedNote(Step.KEPT, FAST), "the first may have been lost"
    far.handle_timeout(0.4 + SILENCE_SECONDS)
    assert state_of(far) is SpeedState.STEADY
    assert far.take_change() == BASE


@pytest.mark.parametrize("step", [Step.AGREE, Step.REFUSE])
def test_an_answer_about_another_speed_is_none(step: Step) -> None:
    near = SpeedControl(Role.AGENT, BASE)
    near.propose(FAST, 0.0)
    near.receive(SpeedNote(step, FAST // 2), 0.1)
    assert near.state is SpeedState.PROPOSED


def test_what_was_to_be_said_at_a_speed_is_not_said_at_another() -> None:
    far = SpeedControl(Role.TERMINAL, BASE, FAST)
    far.receive(SpeedNote(Step.PROPOSE, FAST), 0.0)
    assert far.take_note() is not None
    assert far.take_change() == FAST
    far.switched(0.0)
    far.receive(SpeedNote(Step.TRIAL, FAST, PATTERN), 0.1)
    far.handle_timeout(60.0)
    assert far.take_change() == BASE
    assert far.take_note() is None


@pytest.mark.parametrize("role", Role)
def test_what_no_table_lists_changes_nothing(role: Role) -> None:
    for step, pattern in product(Step, (b"", PATTERN)):
        side = SpeedControl(role, BASE, FAST)
        if (role is Role.TERMINAL) != (step is Step.PROPOSE):
            side.receive(SpeedNote(step, FAST, pattern), 0.0)
            assert side.state is SpeedState.STEADY
            assert side.take_note() is None
            assert side.take_change() is None


# ------------------------------------------------------------------------------------------------------ agreements
def test_a_full_agreement() -> None:
    bench = Bench()
    bench.near.propose(FAST, 0.0)
    bench.run(10.0)
    expect_the_same_speed(bench, FAST)
    assert bench.settled == {Role.AGENT: [FAST], Role.TERMINAL: [FAST]}
    trials = [(Role.AGENT, Step.TRIAL), (Role.TERMINAL, Step.TRIED)] * TRIALS
    assert bench.said == [
        (Role.AGENT, Step.PROPOSE),
        (Role.TERMINAL, Step.AGREE),
        *trials,
        (Role.AGENT, Step.KEEP),
        (Role.TERMINAL, Step.KEPT),
    ]


def test_messages_wait_while_it_is_under_way() -> None:
    near = SpeedControl(Role.AGENT, BASE)
    flows = [near.settled]
    near.propose(FAST, 0.0)
    flows.append(near.settled)
    near.receive(SpeedNote(Step.REFUSE, FAST), 0.1)
    flows.append(near.settled)
    assert flows == [True, False, True]
    assert [near.take_settled() for _ in range(2)] == [True, False], "told once"


@pytest.mark.parametrize("lost", [*product([Role.AGENT], OF_AGENT), *product([Role.TERMINAL], OF_TERMINAL)])
@pytest.mark.parametrize("how_often", [1, 2, 3])
def test_a_note_that_is_lost_a_few_times_is_made_up_for_or_both_come_back(
    lost: tuple[Role, Step], how_often: int
) -> None:
    bench = Bench(loses=lambda role, note, before: (role, note.step) == lost and before < how_often)
    bench.near.propose(FAST, 0.0)
    bench.run(20.0)
    expect_the_same_speed(bench)
    # A terminal that has switched hears no more asking, until it comes back and is asked a third time.
    assert bench.near.baud == (BASE if lost[1] is Step.AGREE and how_often > 1 else FAST)


@pytest.mark.parametrize("lost", [*product([Role.AGENT], OF_AGENT), *product([Role.TERMINAL], OF_TERMINAL)])
def test_a_note_that_is_always_lost_brings_both_back(lost: tuple[Role, Step]) -> None:
    bench = Bench(loses=lambda role, note, _before: (role, note.step) == lost)
    bench.near.propose(FAST, 0.0)
    bench.run(30.0)
    expect_the_same_speed(bench, BASE)
    assert bench.settled[Role.AGENT] == [BASE]


def test_after_a_way_back_it_can_be_proposed_again() -> None:
    bench = Bench(loses=lambda _role, note, before: note.step is Step.AGREE and before < 2)
    bench.near.propose(FAST, 0.0)
    bench.run(10.0)
    expect_the_same_speed(bench, BASE)
    bench.near.propose(FAST, 10.0)
    bench.run(20.0)
    expect_the_same_speed(bench, FAST)


def test_whatever_is_lost_both_end_at_the_same_speed() -> None:
    ends = {BASE: 0, FAST: 0}
    for seed in range(400):
        random = Random(seed)
        share = random.choice((0.05, 0.2, 0.5))
        bench = Bench(
            loses=lambda _role, _note, _before, random=random, share=share: random.random() < share,  # type: ignore[misc]
            switches=tuple(role for role in Role if random.random() < 0.9),
            fastest=random.choice((BASE, FAST, FAST, FAST)),
        )
        bench.near.propose(FAST, 0.0)
        bench.run(40.0)
        expect_the_same_speed(bench)
        ends[bench.near.baud] += 1
    assert min(ends.values()) > 50


@pytest.mark.parametrize("baud", [0, LOWEST_BAUD - 1, FAST + 1, (1 << 32) - 1])
def test_a_terminal_refuses_what_its_line_cannot_do(baud: int) -> None:
    bench = Bench()
    bench.near.propose(baud, 0.0)
    bench.run(5.0)
    assert bench.said == [(Role.AGENT, Step.PROPOSE), (Role.TERMINAL, Step.REFUSE)]
    expect_the_same_speed(bench, BASE)
    assert bench.settled[Role.AGENT] == [BASE]


@pytest.mark.parametrize("cannot", Role)
def test_a_line_that_cannot_have_the_speed_stays_where_it_is(cannot: Role) -> None:
    bench = Bench(switches=tuple(role for role in Role if role is not cannot))
    bench.near.propose(FAST, 0.0)
    bench.run(20.0)
    expect_the_same_speed(bench, BASE)


def test_a_line_that_carries_nothing_at_that_speed_brings_both_back() -> None:
    bench = Bench(fastest=BASE)
    bench.near.propose(FAST, 0.0)
    bench.run(20.0)
    expect_the_same_speed(bench, BASE)


def test_an_agent_says_nothing_on_its_way_back_until_the_terminal_is_back() -> None:
    bench = Bench(fastest=BASE)
    bench.near.propose(FAST, 0.0)
    while state_of(bench.near) is not SpeedState.RETURNING:
        bench.run(bench.now + 0.1)
    began = bench.now
    bench.run(began + RETURN_SECONDS + 0.2)
    assert bench.near.settled
    assert bench.far.settled
    assert bench.speeds[Role.TERMINAL] == BASE


def test_a_trial_that_comes_back_changed_counts_for_nothing() -> None:
    near = SpeedControl(Role.AGENT, BASE)
    near.propose(FAST, 0.0)
    near.receive(SpeedNote(Step.AGREE, FAST), 0.0)
    near.take_change()
    near.switched(0.0)
    for pattern in (b"", PATTERN[:-1], PATTERN[1:] + PATTERN[:1], bytes(len(PATTERN))):
        near.receive(SpeedNote(Step.TRIED, FAST, pattern), 0.1)
    near.receive(SpeedNote(Step.TRIED, FAST // 2, PATTERN), 0.1)
    assert state_of(near) is SpeedState.TRYING
    for _ in range(TRIALS):
        near.receive(SpeedNote(Step.TRIED, FAST, PATTERN), 0.1)
    assert state_of(near) is SpeedState.TRYING, "the same answer twice is one trial"


# ------------------------------------------------------------------------------------------------- silence, and end
def agreed(*, talks: bool = True) -> Bench:
    """Return two sides at the second speed."""
    bench = Bench(talks=talks)
    bench.near.propose(FAST, 0.0)
    bench.run(2.0)
    expect_the_same_speed(bench, FAST)
    return bench


def test_a_terminal_that_hears_nothing_goes_back() -> None:
    bench = agreed(talks=False)
    bench.run(2.0 + SILENCE_SECONDS)
    assert (bench.far.state, bench.far.baud, bench.speeds[Role.TERMINAL]) == (SpeedState.STEADY, BASE, BASE)
    assert bench.settled[Role.TERMINAL] == [FAST, BASE]


def test_a_terminal_that_hears_something_stays() -> None:
    bench = agreed()
    bench.run(100.0)
    expect_the_same_speed(bench, FAST)


def test_an_agent_that_hears_nothing_is_taken_back_by_its_link_and_both_meet_again() -> None:
    bench = agreed(talks=False)
    bench.near.fall_back()
    bench.run(2.0 + 2 * SILENCE_SECONDS)
    expect_the_same_speed(bench, BASE)
    assert bench.settled[Role.AGENT] == [FAST, BASE]


@pytest.mark.parametrize("after", [0.005, 0.015, 0.025, 0.055, 1.0])
def test_a_terminals_session_that_ends_midway_leaves_the_first_speed(after: float) -> None:
    bench = Bench()
    bench.near.propose(FAST, 0.0)
    bench.run(after)
    bench.far.fall_back()
    bench.run(after + 0.001)
    assert (bench.far.state, bench.far.baud, bench.speeds[Role.TERMINAL]) == (SpeedState.STEADY, BASE, BASE)


def test_only_an_agent_proposes_and_once_at_a_time() -> None:
    with pytest.raises(LocalProtocolError):
        SpeedControl(Role.TERMINAL, BASE, FAST).propose(FAST, 0.0)
    near = SpeedControl(Role.AGENT, BASE)
    near.propose(FAST, 0.0)
    with pytest.raises(LocalProtocolError):
        near.propose(FAST, 0.0)
    bench = agreed()
    with pytest.raises(LocalProtocolError):
        bench.near.propose(FAST // 2, bench.now)


# ----------------------------------------------------------------------------------------------------------- notes
def test_the_bytes_of_a_note() -> None:
    assert SPEED.build(SpeedNote(Step.PROPOSE, 921_600)) == bytes.fromhex("01 000e1000 0000")
    assert SPEED.build(SpeedNote(Step.TRIED, 9600, b"\x55\xaa")) == bytes.fromhex("05 00002580 0002 55aa")
    assert SPEED.parse(bytes.fromhex("07 00002580 0000")) == SpeedNote(Step.KEPT, 9600)


@pytest.mark.parametrize("data", ["", "01", "01 00002580 0002 55", "01 00002580 0000 00"])
def test_i10_a_note_that_makes_no_sense_is_refused(data: str) -> None:
    with pytest.raises(RemoteProtocolError):
        SPEED.parse(bytes.fromhex(data))


def test_the_pattern_has_every_byte_and_fits() -> None:
    assert set(PATTERN) == set(range(256))
    assert len(PATTERN) <= MAX_PATTERN
