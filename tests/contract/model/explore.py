"""Walks through every state that a case can be left in, breadth first, and checks each."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from dataclasses import dataclass, field
from heapq import heappop, heappush
from itertools import chain

from agent.ledger.store import CaseState
from tests.contract.model.runs import run, time_passes
from tests.contract.model.stand_ins import replaced
from tests.contract.model.world import Scenario, World

SCENARIOS = (
    Scenario("retire"),
    Scenario("retire, export waived", waive=True),
    Scenario("unbind", wipe=False),
    Scenario("unbind and rebind", wipe=False, rebind=True),
    Scenario("retire, erasure proven", prove=True),
)
ENDS = frozenset({CaseState.CLOSED, CaseState.STOPPED})
MANY = 1 << 20
STATED = frozenset({"fill-not-erased"})
"""What a person has to look after, however often the case is taken up: each time the statement says so, as UNKNOWN."""

ENOUGH_RUNS = 5
"""A case without further faults is at its end after so many runs of the agent."""


@dataclass
class Explored:
    """What an exploration came to.

    Args:
        states: States that a case was left in.
        transitions: Runs of the agent, each with its own faults, and changes of the terminal in between.
        ended: How many of the states are ends.
        breaches: Each breach with the shortest way to it: (scenario, invariant, what, way).
    """

    states: int = 0
    transitions: int = 0
    ended: int = 0
    breaches: list = field(default_factory=list)

    def has(self, invariant) -> bool:
        """Tell whether an invariant was breached."""
        return any(each[1] == invariant for each in self.breaches)

    def __str__(self) -> str:
        return (
            f"{self.states} states ({self.ended} of them ends), {self.transitions} transitions, "
            f"{len(self.breaches)} breaches"
        )


def explore(*, faults_a_run=1, faults=None, scenarios=SCENARIOS, want=""):
    """Explore.

    Args:
        faults_a_run: Most faults in one run of the agent; how often it is run again has no bound.
        faults: Most faults from the beginning to a state, or None for no bound.
        scenarios: What is asked for.
        want: Invariant whose first breach is enough; empty to explore all.
    """
    found = Explored()
    with replaced():
        for scenario in scenarios:
            _explore(scenario, faults_a_run, faults, found, want)
            if found.has(want):
                break
    return found


def main() -> None:
    """Explore each scenario as deep as asked: faults in one run of the agent, and in all (0 for no bound)."""
    a_run, in_all = (int(each) for each in [*sys.argv[1:], "1", "0"][:2])
    for scenario in SCENARIOS:
        found = explore(faults_a_run=a_run, faults=in_all or None, scenarios=(scenario,))
        print(f"{scenario.name}: {found}", *found.breaches, sep="\n  ")


def _explore(scenario, faults_a_run, faults, found, want):
    start = World(scenario)
    ways: dict[tuple, tuple] = {start.key: ()}
    fewest = {start.key: 0}
    todo = [(0, 0, start)]  # those that took the fewest faults first, so that each is gone on from with the most left
    told = set()
    while todo and not found.has(want):
        used, _, world = heappop(todo)
        if used > fewest[world.key]:
            continue
        found.states += 1
        found.ended += world.record is not None and world.record.state in ENDS
        most = faults_a_run if faults is None else min(faults_a_run, faults - used)
        after: Iterable = [(each, 0, ("time",)) for each in time_passes(world)]
        if not _is_closed(world):
            after = chain(after, ((each, len(each.choices), _way(each)) for each in _runs(world, most)))
        here = ways[world.key]
        _tell(found, told, scenario, _without_faults(world), (*here, ("no further faults",)))
        for new, spent, way in after:
            found.transitions += 1
            _tell(found, told, scenario, new.breaches, (*here, way))
            if found.has(want):
                return
            sum_of_faults = used + (spent if faults is not None else 0)
            if sum_of_faults < fewest.get(new.key, MANY):
                fewest[new.key] = sum_of_faults
                ways[new.key] = (*here, way)
                heappush(todo, (sum_of_faults, found.transitions, new))


def _tell(found, told, scenario, breaches, way):
    for invariant, text in breaches:
        if (invariant, text) not in told:
            told.add((invariant, text))
            found.breaches.append((scenario.name, invariant, text, way))


def _is_closed(world):
    return world.record is not None and world.record.state is CaseState.CLOSED


def _way(world):
    """Return the faults of a run by their places."""
    return (*(f"{world.asked[at][0]}: {which}" for at, which in world.choices), world.cause)


def _runs(world, most):
    """Run the agent with every choice of at most so many faults; a fault may open up places for others."""
    todo: list[tuple] = [()]
    while todo:
        choices = todo.pop()
        new = run(world.after(choices))
        yield new
        if len(choices) < most:
            begin = choices[-1][0] + 1 if choices else 0
            for at in range(begin, len(new.asked)):
                todo += [(*choices, (at, which)) for which in range(1, new.asked[at][1])]


def _without_faults(world):
    """Run the agent until the case has its end, and say where it has none or another than it would have had (I7)."""
    breaches = []
    for _ in range(ENOUGH_RUNS):
        if _is_closed(world):
            break
        before = world
        world = run(world.after(()))
        breaches += world.breaches
        if world.key == before.key:
            break
        for later in time_passes(world):
            world = later
            break
    state = world.record.state if world.record else None
    if state is CaseState.BROKEN_OFF and world.terminal.harmed and world.cause in STATED:
        return breaches
    if state not in ENDS:
        breaches.append(("I7", f"no end without further faults: {state}, {world.cause}"))
    elif not world.terminal.harmed and (state, world.record.result) != (CaseState.CLOSED, "PASS"):
        breaches.append(("I7", f"another end than without the faults: {state} {world.record.result} {world.cause}"))
    return breaches


if __name__ == "__main__":
    main()
