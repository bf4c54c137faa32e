"""The menu engine and every profile on their simulated terminals, in memory: each is unbound, whatever it asks for."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from agent.errors import PreconditionNotMet, TerminalRefused
from agent.menu.answers import GivenAnswers
from agent.menu.case import MenuCase
from agent.menu.film import FilmStep
from agent.menu.runner import bind, run_test_transaction, unbind
from agent.profiles import find_profile
from agent.secret import Secret
from protocols.menu import Asked
from protocols.words import BindingKind, BindingState, TransactionKind
from simulators.board import factory
from simulators.catalog import MODELS
from simulators.state import Blueprint
from tests.agent.test_against_simulator import joined
from tests.simulators.rig import Rig, model_of

NEW_MERCHANT = "999290058120042"
REMOTE = [name for name in MODELS if model_of(Blueprint(name, 1, 1, 0)).remote]


ALL_AT_ONCE = ("item-moved", "several-devices", "screen-noise", "key-lost=7", "event-lost=5")


def made(folder: Path, name: str, *faults: str, **options: str) -> Rig:
    return Rig(folder / "state", *faults, blueprint=Blueprint(name, 7, 30, 0), options=options)


def answers_of(rig: Rig, **changes: str) -> GivenAnswers:
    facts = factory.facts_of(rig.model, rig.blueprint)
    asked: tuple[Asked, ...] = ("code", "phone", "machine_number", "operator", "operator_password", "second_password")
    known: dict[Asked, str] = {"password": facts.password, **{each: facts.answers[each] for each in asked}}
    return GivenAnswers({each: Secret(changes.get(each, text)) for each, text in known.items()})


def unbind_it(rig: Rig, **changes: str) -> list[FilmStep]:
    facts = factory.facts_of(rig.model, rig.blueprint)
    film: list[FilmStep] = []
    case = MenuCase(facts.tusn, facts.merchant_number, facts.answers["machine_number"])
    with joined(rig) as connected:
        unbind(connected.driver, find_profile(rig.model.name), case, answers_of(rig, **changes), film.append)
    return film


@pytest.fixture
def haike(tmp_path: Path) -> Iterator[Rig]:
    rig = made(tmp_path, "haike-h60", second="code")
    yield rig
    rig.close()


@pytest.mark.parametrize(
    "faults", [(), ("item-moved", "several-devices", "screen-noise", "key-lost=7", "event-lost=5")]
)
@pytest.mark.parametrize("name", REMOTE)
def test_every_model_is_unbound_by_its_profile(tmp_path: Path, name: str, faults: tuple[str, ...]) -> None:
    rig = made(tmp_path, name, *faults)
    film = unbind_it(rig)
    waits = {BindingState.PENDING} if name == "dianzhanggui-d20" else {BindingState.UNBOUND}
    assert film[-1].what == ("pending" if name == "dianzhanggui-d20" else "done")
    assert {each.state for each in rig.device.bindings() if each.kind is BindingKind.MERCHANT} == waits
    assert not [event for event, _ in rig.recorded if event == "unbound-another"]
    rig.close()


@pytest.mark.parametrize("name", REMOTE)
def test_a_terminal_of_another_shop_is_left_alone(tmp_path: Path, name: str) -> None:
    rig = made(tmp_path, name, "other-merchant")
    with pytest.raises((PreconditionNotMet, TerminalRefused)):
        unbind_it(rig)
    assert BindingState.BOUND in {each.state for each in rig.device.bindings() if each.kind is BindingKind.MERCHANT}
    assert rig.device.status().password_attempts_left == 3
    rig.close()


@pytest.mark.parametrize("name", REMOTE)
def test_an_english_menu_is_not_guessed_at(tmp_path: Path, name: str) -> None:
    rig = made(tmp_path, name, "english-menu")
    with pytest.raises(PreconditionNotMet, match="menu-unknown-screen"):
        unbind_it(rig)
    rig.close()


def test_a_code_is_asked_for_where_the_terminal_is_set_up_so(haike: Rig) -> None:
    film = unbind_it(haike)
    assert "code" in [step.screen for step in film]
    assert {each.state for each in haike.device.bindings()} == {BindingState.UNBOUND}


def test_i6_a_wrong_code_is_not_tried_twice(haike: Rig) -> None:
    with pytest.raises(TerminalRefused):
        unbind_it(haike, code="000000")
    assert haike.device.status().password_attempts_left == 2
    assert BindingState.BOUND in {each.state for each in haike.device.bindings()}


def test_an_expired_code_ends_it(tmp_path: Path) -> None:
    rig = made(tmp_path, "haike-h60", "code-expired", second="code")
    with pytest.raises((PreconditionNotMet, TerminalRefused)):
        unbind_it(rig)
    assert BindingState.BOUND in {each.state for each in rig.device.bindings()}
    rig.close()


def test_a_terminal_is_bound_anew_and_tried_out(haike: Rig) -> None:
    unbind_it(haike)
    facts = factory.facts_of(haike.model, haike.blueprint)
    case = MenuCase(facts.tusn, NEW_MERCHANT, facts.answers["machine_number"])
    film: list[FilmStep] = []
    with joined(haike) as connected:
        driver, profile, answers = connected.driver, find_profile("haike-h60"), answers_of(haike)
        bind(driver, profile, case, answers, film.append)
        run_test_transaction(driver, profile, case, answers, film.append)
        bindings = {each.name: each.value for each in driver.bindings()}
        sale, void = list(driver.open_journal().transactions())[30:]
    assert bindings["merchant_number"] == NEW_MERCHANT
    assert (sale.kind, sale.amount) == (TransactionKind.SALE, 1)
    assert (void.kind, void.original_trace) == (TransactionKind.VOID, sale.trace)
