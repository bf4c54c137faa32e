"""The whole of a case as a machine of few states: every one that a fault can leave it in, and every way on from there.

The deeper walks stand in ``tests/crash/test_model.py``; by hand: ``python -m tests.contract.model.explore``.
"""

import pytest

from agent.workflow.table import PROVEN_RETIREMENT, REBINDING
from tests.contract.model.explore import SCENARIOS, explore
from tests.contract.model.mutations import MUTATIONS


def test_i1_i2_i3_i5_i7_no_single_fault_leads_a_case_astray():
    found = explore(faults_a_run=1, faults=1)
    print(found)
    assert found.breaches == []
    assert found.states > 300, "the model has lost its states"
    assert found.transitions > 700


def test_every_step_with_an_effect_says_how_it_is_taken_up():
    looked_at = {name for name, *_ in (each.split() for each in MUTATIONS)}
    risky = {step.name for step in (*PROVEN_RETIREMENT, *REBINDING) if step.effect.name != "READ"}
    assert risky == {"unbind", "wipe", "prove", "rebind", "test-transaction"}
    assert risky - {"test-transaction"} <= looked_at


@pytest.mark.parametrize("name", [name for name, row in MUTATIONS.items() if row[3] < 2])
def test_a_guard_that_is_taken_away_is_missed(name):
    invariant, scenario, faults_a_run, faults, broken = MUTATIONS[name]
    with broken():
        found = explore(faults_a_run=faults_a_run, faults=faults, scenarios=(SCENARIOS[scenario],), want=invariant)
    assert found.has(invariant), f"{name}: {found}"
