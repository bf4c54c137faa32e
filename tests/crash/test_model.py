"""The walks through `tests.contract.model` that take longer: faults without end, several in one run."""

import os

import pytest

from tests.contract.model.explore import SCENARIOS, explore
from tests.contract.model.mutations import MUTATIONS

DEPTHS = [(1, None), (2, 3)] if os.environ.get("POSRETIRE_EXPLORE") == "all" else [(2, 2)]
"""Most faults in one run of the agent, and in all from the beginning to a state; None for no bound."""


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario.name)
@pytest.mark.parametrize(("faults_a_run", "faults"), DEPTHS)
def test_i1_i2_i3_i5_i7_no_faults_lead_a_case_astray(scenario, faults_a_run, faults):
    found = explore(faults_a_run=faults_a_run, faults=faults, scenarios=(scenario,))
    print(f"{scenario.name}, {faults_a_run} faults a run, {faults or 'any number'} in all: {found}")
    assert found.breaches == []
    assert found.states > 200, "the model has lost its states"


@pytest.mark.parametrize("name", [name for name, row in MUTATIONS.items() if row[3] > 1])
def test_a_guard_that_is_taken_away_is_missed(name):
    invariant, scenario, faults_a_run, faults, broken = MUTATIONS[name]
    with broken():
        found = explore(faults_a_run=faults_a_run, faults=faults, scenarios=(SCENARIOS[scenario],), want=invariant)
    assert found.has(invariant), f"{name}: {found}"
