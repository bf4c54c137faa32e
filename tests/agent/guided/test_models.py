"""Guided mode against every simulated model: a technician presses on the front panel what the guide says."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import cast

import pytest

from agent.connect import Connected
from agent.errors import AgentError, PreconditionNotMet
from agent.guided.interview import Answer, Question
from agent.guided.session import GuidedSession
from agent.menu.answers import GivenAnswers
from agent.menu.case import MenuCase
from agent.menu.film import FilmStep
from agent.menu.runner import UnbindOutcome, unbind
from agent.profiles import find_profile
from agent.secret import Secret
from protocols.errors import DeviceRefused
from protocols.menu import Asked
from protocols.words import BindingState, Key
from simulators.board import factory
from simulators.catalog import MODELS
from simulators.state import Blueprint
from tests.agent.guided.technician import Technician
from tests.agent.test_against_simulator import joined
from tests.simulators.rig import Rig

SEED = 11
BOTH = ("haike-h60", "ruiyinxin-r1")  # with remote keys, and without

PUT_UP_WITH = {
    "advertisement": ["menu-asked-again"],
    "tear-off": ["menu-asked-again"],
    "network-lost": ["menu-network-lost"],
    "low-battery": ["menu-low-battery"],
    "paper-out": ["menu-paper-out"],
    "logged-off": ["menu-asked-again", "menu-logged-off"],
}
"""How each thing that comes between may end the unbinding, besides not at all."""


class Front:
    """The front panel of a simulated terminal."""

    def __init__(self, rig: Rig) -> None:
        self._rig = rig

    def rows(self) -> list[str]:
        return list(self._rig.device.panel_screen().lines)

    def press(self, *keys: Key) -> None:
        self._rig.device.panel_press(keys, self._rig.now)


class Bench:
    """A simulated terminal on a line, and a technician before it."""

    def __init__(self, folder: Path, model: str, *faults: str) -> None:
        self.rig = Rig(folder, *faults, blueprint=Blueprint(model, SEED, 40, 0))
        self.facts = factory.facts_of(self.rig.model, self.rig.blueprint)
        self.connected: Connected = joined(self.rig)
        knows = {"password": self.facts.password, **self.facts.answers}
        self.technician = Technician(Front(self.rig), cast("dict[Asked, str]", knows))
        self.film: list[FilmStep] = []
        self.session = GuidedSession(self.technician)

    def __call__(self) -> UnbindOutcome:
        driver = self.connected.driver
        identity = driver.identity()
        case = MenuCase(identity.tusn, self.facts.merchant_number, identity.label_number)
        phone = self.facts.answers.get("phone")
        known = GivenAnswers({"phone": Secret(phone)} if phone else {})
        return self.session.carry_out(unbind, driver, find_profile(identity.model), case, known, self.film.append)

    @property
    def states(self) -> set[BindingState]:
        return {each.state for each in self.connected.driver.bindings()}


Make = Callable[..., Bench]


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Make]:
    made: list[Bench] = []

    def make(model: str, *faults: str) -> Bench:
        made.append(Bench(tmp_path / "state", model, *faults))
        return made[-1]

    yield make
    for each in made:
        each.rig.close()


@pytest.mark.parametrize("model", MODELS)
def test_the_whole_way(bench: Make, model: str) -> None:
    made = bench(model)
    outcome = made()
    assert outcome.told_by == "screen"
    assert BindingState.BOUND not in made.states
    assert made.session.outcome.steps == len(made.technician.steps) - 1
    assert [step.commits for step in made.technician.steps[:-1]].count(True) == 1


@pytest.mark.parametrize("model", BOTH)
def test_no_key_and_no_screen_goes_over_the_line(bench: Make, model: str) -> None:
    made = bench(model)
    made()
    assert made.rig.commands("KEY_PRESS") == 0
    assert made.rig.commands("SCREEN_READ") == 0


@pytest.mark.parametrize("model", BOTH)
def test_i4_nothing_secret_is_kept(bench: Make, model: str) -> None:
    made = bench(model)
    made()
    kept = repr(made.film) + repr(made.technician.steps) + repr(made.technician.questions)
    secrets = {name: said for name, said in made.facts.answers.items() if name not in ("machine_number", "operator")}
    for secret in (made.facts.merchant_number, made.facts.password, *secrets.values()):
        assert secret not in kept


@pytest.mark.parametrize("model", BOTH)
def test_stopping_at_each_step(bench: Make, model: str) -> None:
    """One terminal, stopped at the first step, then at the second, and so on until it is done."""
    made = bench(model)
    for count in range(1, 30):
        made.session = GuidedSession(made.technician)
        made.technician.on_question = stop_at(made.technician, count)
        fault = attempt(made)
        if fault is None:
            break
        assert fault.code == "guide-stopped"
        assert made.states == {BindingState.BOUND}
        leave_the_menu(made)
    assert count > 3
    assert BindingState.BOUND not in made.states


def attempt(made: Bench) -> AgentError | None:
    try:
        made()
    except AgentError as fault:
        return fault
    return None


def stop_at(technician: Technician, count: int) -> Callable[[Question], Answer | None]:
    begun = len(technician.steps)

    def on_question(question: Question) -> Answer | None:
        steps = technician.steps[begun:]
        last = steps[-1] if steps else None
        if last is not None and len(steps) == count and question.about == "see" and not last.commits:
            return Answer("stop")
        return None

    return on_question


def leave_the_menu(made: Bench) -> None:
    """Do what the last step says."""
    leave = made.technician.steps[-1]
    assert leave.act == "leave"
    for _ in range(12):
        made.technician.panel.press(*(leave.keys or (Key.CANCEL,)))


@pytest.mark.parametrize("model", BOTH)
@pytest.mark.parametrize("place", ["tusn", "merchant_number"])
def test_i9_a_mismatch_on_the_confirmation_is_never_confirmed(bench: Make, model: str, place: str) -> None:
    made = bench(model)
    asked: list[bool] = []

    def on_question(question: Question) -> Answer | None:
        if question.place == place:
            asked.append(True)
            return Answer("text", "9876")
        return None

    made.technician.on_question = on_question
    with pytest.raises(AgentError) as ended:
        made()
    assert asked
    assert ended.value.code in ("menu-other-terminal", "menu-other-merchant")
    assert made.states == {BindingState.BOUND}


@pytest.mark.parametrize("model", BOTH)
def test_i6_a_wrong_password_is_typed_once(bench: Make, model: str) -> None:
    made = bench(model)
    before = made.connected.driver.status().password_attempts_left
    wrong = "1" * len(made.facts.password)
    made.technician.knows = {
        name: wrong if "password" in name else said for name, said in made.technician.knows.items()
    }
    with pytest.raises(AgentError):
        made()
    assert made.connected.driver.status().password_attempts_left >= before - 1
    assert BindingState.UNBOUND not in made.states


@pytest.mark.parametrize("popup", PUT_UP_WITH)
def test_what_comes_between_is_dealt_with(bench: Make, popup: str) -> None:
    made = bench("ruiyinxin-r1", f"popup={popup}")
    fault = attempt(made)
    if fault is None:
        assert BindingState.BOUND not in made.states
    else:
        assert fault.code in PUT_UP_WITH[popup]
        assert made.states == {BindingState.BOUND}


def test_the_mini_terminal_takes_no_keys_from_the_line(bench: Make) -> None:
    made = bench("ruiyinxin-r1")
    with pytest.raises(DeviceRefused):
        made.connected.driver.screen()
    profile = find_profile("ruiyinxin-r1")
    case = MenuCase(made.facts.tusn, made.facts.merchant_number)
    with pytest.raises(PreconditionNotMet, match="menu-guided-only"):
        unbind(made.connected.driver, profile, case, GivenAnswers({}), made.film.append)
