"""A technician's desk: a simulated terminal on a real line in this process, and a request to retire it."""

import threading
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast

import pyrage
import pytest

from agent.evidence.keys.agent_key import AgentKey
from agent.secret import Secret
from agent.workflow.request import RetireRequest
from simulators.server import Simulation, SimulationOptions

ANSWERED = ("operator_password", "second_password", "phone")
"""What a menu asks for besides the merchant number and the password, as the terminal announces it."""


class Desk:
    """One simulated terminal and everything that is needed to retire it."""

    def __init__(self, folder, *, model="haike-h60", transactions=40, unsettled=0, faults=(), seed=7, film=None):
        self.state = folder / "terminal"
        self.simulation = Simulation(
            SimulationOptions(
                model=model,
                listen="127.0.0.1:0",
                pty=None,
                state=self.state,
                seed=seed,
                transactions=transactions,
                unsettled=unsettled,
                faults=tuple(faults),
                block_seconds=0,
                film=film,
            )
        )
        self.announced = self.simulation.announce
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self.simulation.run, args=(self._stop.is_set,))
        self._thread.start()
        self.home = folder / "home"
        self.out = folder / "out"
        self.owner = pyrage.x25519.Identity.generate()
        AgentKey.create(self.home, "desk (TEST)", at=datetime.now(UTC))
        self.events = []
        self.request = RetireRequest(
            target=self.announced["target"],
            home=self.home,
            out=self.out,
            merchant_number=self.announced["merchant_number"],
            password=Secret(self.announced["password"]),
            recipients=(str(self.owner.to_public()),),
            trust_dirs=(Path(self.announced["trust"]),),
            reason="shop closed (TEST)",
            operator="operator 7 (TEST)",
            answers=cast(Any, {asked: Secret(self.announced[asked]) for asked in ANSWERED}),
        )

    def asking(self, **changes):
        return replace(self.request, **changes)

    @property
    def steps_done(self):
        told = [event.as_json() for event in self.events]
        return [each["step"] for each in told if each["event"] == "step" and each["state"] == "done"]

    def close(self):
        self._stop.set()
        self._thread.join(20)
        self.simulation.close()


@pytest.fixture
def desk_of(tmp_path):
    desks = []

    def make(**options):
        desks.append(Desk(tmp_path / f"desk{len(desks)}", **options))
        return desks[-1]

    (tmp_path / "desk0").mkdir()
    yield make
    for desk in desks:
        desk.close()


@pytest.fixture
def desk(desk_of):
    return desk_of()
