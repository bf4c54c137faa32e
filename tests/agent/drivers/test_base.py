"""What the workflow may ask of a terminal is data and one interface, which every driver has."""

from __future__ import annotations

import dataclasses
import inspect

import pytest

from agent.drivers import base
from agent.drivers.base import JournalReading, TerminalDriver
from agent.drivers.pmp import PmpDriver
from agent.drivers.pmp_journal import PmpJournal


def parameters(interface: type, name: str) -> list[str]:
    """Names of a method's parameters."""
    return list(inspect.signature(getattr(interface, name)).parameters)


METHODS = [name for name, member in vars(TerminalDriver).items() if inspect.isfunction(member) and name[0] != "_"]


@pytest.mark.parametrize("name", METHODS)
def test_the_driver_has_each_method_as_the_interface_says(name: str) -> None:
    assert parameters(PmpDriver, name) == parameters(TerminalDriver, name)


def test_i2_the_wipe_asks_for_a_clearance_and_its_target() -> None:
    assert [name for name in METHODS if "clearance" in parameters(TerminalDriver, name)] == ["start_wipe"]
    assert {"clearance", "target"} < set(parameters(TerminalDriver, "start_wipe"))


@pytest.mark.parametrize("name", ["transactions", "bytes_read", "digest", "terminal_totals"])
def test_the_journal_has_what_the_interface_says(name: str) -> None:
    assert hasattr(JournalReading, name)
    assert hasattr(PmpJournal, name)


@pytest.mark.parametrize("kind", [base.TerminalTotals, base.ParameterReading, base.WipePlan, base.PreparedWipe])
def test_what_is_exchanged_is_frozen(kind: type) -> None:
    assert dataclasses.is_dataclass(kind)
    assert kind.__dataclass_params__.frozen  # type: ignore[attr-defined]
