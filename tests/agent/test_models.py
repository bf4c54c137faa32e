"""Whole models in memory: the menu engine with their profiles on their simulated terminals, good ones and bad ones."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from agent.errors import AgentError, PreconditionNotMet, TerminalRefused
from agent.guided.session import GuidedSession
from agent.menu.answers import GivenAnswers
from agent.menu.case import MenuCase
from agent.menu.film import FilmStep
from agent.menu.runner import UnbindOutcome, unbind
from agent.profiles import find_profile
from agent.secret import Secret
from protocols.menu import Asked
from protocols.words import BindingState, Key
from simulators.board import factory
from simulators.state import Blueprint
from tests.agent.guided.technician import Technician
from tests.agent.test_against_simulator import joined
from tests.simulators.rig import Rig

LAKALA, UNIONPAY, RUIYINXIN = "lakala-l300", "unionpay-generic", "ruiyinxin-r1"
REMOTE = (LAKALA, UNIONPAY)
TRANSACTIONS = 40
ASKED: dict[str, tuple[Asked, ...]] = {
    LAKALA: ("operator_password", "second_password"),
    UNIONPAY: ("operator_password",),
}
NEVER = {"journal-cleared", "advertisement-accepted", "unbound-another"}
"""What the terminal records where somebody chose or agreed to what nobody wanted."""

MakeBench = Callable[..., "Bench"]


class Bench:
    """A simulated terminal and what is known of it."""

    def __init__(self, folder: Path, model: str, *faults: str, seed: int = 7, unsettled: int = 0) -> None:
        self.model = model
        self.rig = Rig(folder, *faults, blueprint=Blueprint(model, seed, TRANSACTIONS, unsettled))
        self.facts = factory.facts_of(self.rig.model, self.rig.blueprint)
        self.connected = joined(self.rig)
        self.film: list[FilmStep] = []
        self.case = MenuCase(self.facts.tusn, self.facts.merchant_number, self.connected.driver.identity().label_number)

    def unbind(self, **wrong: str) -> UnbindOutcome:
        """Unbind over the line, with some answers in the place of the right ones."""
        texts = {asked: wrong.get(asked, self.facts.answers[asked]) for asked in ASKED.get(self.model, ())}
        answers = GivenAnswers({asked: Secret(text) for asked, text in texts.items()})
        profile = find_profile(self.model)
        return unbind(self.connected.driver, profile, self.case, answers, self.film.append)

    @property
    def states(self) -> set[BindingState]:
        return {binding.state for binding in self.connected.driver.bindings()}

    @property
    def events(self) -> set[str]:
        return {event for event, _ in self.rig.recorded}

    @property
    def wrong_passwords(self) -> int:
        return sum(event == "password" and not facts["right"] for event, facts in self.rig.recorded)

    @property
    def journal_records(self) -> int:
        return self.connected.driver.open_journal().records


@pytest.fixture
def make(tmp_path: Path) -> Iterator[MakeBench]:
    made: list[Bench] = []

    def make_bench(model: str, *faults: str, seed: int = 7, unsettled: int = 0) -> Bench:
        made.append(Bench(tmp_path / str(len(made)), model, *faults, seed=seed, unsettled=unsettled))
        return made[-1]

    yield make_bench
    for bench in made:
        bench.rig.close()


@pytest.mark.parametrize("model", [LAKALA, UNIONPAY, RUIYINXIN])
def test_what_the_terminal_says_is_what_its_profile_expects(make: MakeBench, model: str) -> None:
    driver = make(model).connected.driver
    identity, profile = driver.identity(), find_profile(model)
    known = profile.identification
    assert (identity.model, identity.maker) == (known.model, known.maker)
    assert identity.firmware_version in known.firmware
    assert identity.tusn.startswith(known.tusn_prefix)
    assert identity.label_number == known.label_prefix + identity.tusn[-8:]
    assert {(each.name, each.holds, each.wipeable) for each in driver.memory_map()} == {
        (each.name, each.holds, each.wipeable) for each in profile.regions
    }
    assert {(each.slot, each.kind, each.survives_wipe) for each in driver.key_slots()} == {
        (each.slot, each.kind, each.survives_wipe) for each in profile.key_slots
    }
    assert {(each.name, each.kind) for each in driver.bindings()} == {
        (each.name, each.kind) for each in profile.bindings
    }


@pytest.mark.parametrize("model", REMOTE)
def test_unbinding(make: MakeBench, model: str) -> None:
    bench = make(model)
    assert bench.unbind() == UnbindOutcome("screen")
    assert bench.states == {BindingState.UNBOUND}
    assert bench.film[-1].what == "done"
    assert bench.journal_records == TRANSACTIONS
    assert not bench.events & NEVER
    assert bench.wrong_passwords == 0


def test_the_way_through_lakala_turns_pages_and_passes_the_neighbour_by(make: MakeBench) -> None:
    bench = make(LAKALA)
    bench.unbind()
    shown = list(dict.fromkeys(step.screen for step in bench.film))
    assert shown == [
        "idle", "main", "other", "manage", "operator", "operator_password", "system", "second", "confirm", "done"
    ]  # fmt: skip
    pressed = [(step.screen, step.keys) for step in bench.film if step.screen in ("main", "other", "system")]
    assert pressed == [
        ("main", "DOWN"),
        ("main", "DIGIT_8"),
        ("other", "DOWN"),
        ("other", "DIGIT_6"),
        ("system", "DOWN"),
        ("system", "DIGIT_6"),
    ]


def test_the_way_through_unionpay_signs_off_by_itself(make: MakeBench) -> None:
    bench = make(UNIONPAY)
    bench.unbind()
    shown = [step.screen for step in bench.film]
    assert shown[:5] == ["idle", "main", "signed_on", "signed_off", "main"]
    assert "signed-off" in bench.events


def test_unionpay_signed_off_before_is_not_signed_off_again(make: MakeBench) -> None:
    bench = make(UNIONPAY)
    for key in (Key.F1, Key.DIGIT_2, Key.CANCEL, Key.CANCEL):
        bench.rig.device.panel_press((key,), bench.rig.now)
    bench.unbind()
    assert "signed_on" not in [step.screen for step in bench.film]


@pytest.mark.parametrize(("model", "asked"), [(model, asked) for model in REMOTE for asked in ASKED[model]])
def test_i6_a_wrong_password_is_tried_once(make: MakeBench, model: str, asked: Asked) -> None:
    bench = make(model)
    with pytest.raises(TerminalRefused) as caught:
        bench.unbind(**{asked: "000000"})
    assert (caught.value.code, caught.value.facts) == ("wrong-password", {"attempts_left": 2})
    assert bench.states == {BindingState.BOUND}
    assert bench.wrong_passwords == 1


@pytest.mark.parametrize("model", REMOTE)
def test_i6_no_password_is_risked_with_the_last_attempt(make: MakeBench, model: str) -> None:
    bench = make(model, "lockout-near")
    with pytest.raises(PreconditionNotMet) as caught:
        bench.unbind()
    assert caught.value.code == "password-attempts-too-few"
    assert bench.wrong_passwords == 0


@pytest.mark.parametrize("model", REMOTE)
def test_an_unsettled_batch(make: MakeBench, model: str) -> None:
    bench = make(model, unsettled=3)
    with pytest.raises(PreconditionNotMet) as caught:
        bench.unbind()
    assert caught.value.code == "unsettled-batch"
    assert bench.connected.driver.status().unsettled_count == 3


@pytest.mark.parametrize("model", REMOTE)
def test_what_is_unbound_already(make: MakeBench, model: str) -> None:
    bench = make(model)
    bench.unbind()
    with pytest.raises(PreconditionNotMet) as caught:
        bench.unbind()
    assert caught.value.code == "terminal-not-bound"


@pytest.mark.parametrize("model", REMOTE)
def test_a_terminal_of_another_shop_is_not_unbound(make: MakeBench, model: str) -> None:
    bench = make(model, "other-merchant")
    with pytest.raises(AgentError) as caught:
        bench.unbind()
    assert caught.value.code == "menu-other-merchant"
    assert BindingState.BOUND in bench.states
    assert "unbound" not in bench.events


@pytest.mark.parametrize("model", REMOTE)
def test_an_english_menu_is_left_alone(make: MakeBench, model: str) -> None:
    bench = make(model, "english-menu")
    with pytest.raises(PreconditionNotMet) as caught:
        bench.unbind()
    assert caught.value.code == "menu-unknown-screen"
    assert bench.rig.commands("KEY_PRESS") == 0


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("model", REMOTE)
def test_moved_items_are_found_by_their_words(make: MakeBench, model: str, seed: int) -> None:
    bench = make(model, "item-moved", seed=seed)
    bench.unbind()
    assert bench.states == {BindingState.UNBOUND}
    assert not bench.events & NEVER
    assert bench.journal_records == TRANSACTIONS


@pytest.mark.parametrize(
    "fault", ["key-lost=5", "event-lost=3", "screen-noise", "popup=advertisement+tear-off+network-lost+logged-off"]
)
@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("model", REMOTE)
def test_a_bad_terminal_is_unbound_or_left_as_it_was(make: MakeBench, model: str, seed: int, fault: str) -> None:
    bench = make(model, "item-moved", fault, seed=seed)
    try:
        bench.unbind()
    except AgentError:
        assert bench.states == {BindingState.BOUND}
    else:
        assert bench.states == {BindingState.UNBOUND}
    assert not bench.events & NEVER
    assert bench.wrong_passwords == 0
    assert bench.journal_records == TRANSACTIONS


# ---------------------------------------------------------------------------------------------- nothing but fingers
class Front:
    """The panel of a simulated terminal."""

    def __init__(self, rig: Rig) -> None:
        self._rig = rig

    def rows(self) -> list[str]:
        return list(self._rig.device.panel_screen().lines)

    def press(self, *keys: Key) -> None:
        self._rig.device.panel_press(keys, self._rig.now)


def guide(bench: Bench, **wrong: str) -> UnbindOutcome:
    """Unbind by the hands of a technician who does what the guide says."""
    known = {"password": bench.facts.password, **bench.facts.answers, **wrong}
    secret: tuple[Asked, ...] = ("password", "operator_password", "second_password")
    technician = Technician(Front(bench.rig), {asked: known[asked] for asked in secret})
    given: dict[Asked, Secret] = {"machine_number": Secret(known["machine_number"])}
    session = GuidedSession(technician)
    driver, profile = bench.connected.driver, find_profile(bench.model)
    return session.carry_out(unbind, driver, profile, bench.case, GivenAnswers(given), bench.film.append)


def test_ruiyinxin_is_for_fingers_only(make: MakeBench) -> None:
    bench = make(RUIYINXIN)
    with pytest.raises(PreconditionNotMet) as caught:
        bench.unbind()
    assert caught.value.code == "menu-guided-only"
    assert bench.rig.commands("SCREEN_READ") == bench.rig.commands("KEY_PRESS") == 0


@pytest.mark.parametrize("model", [LAKALA, UNIONPAY, RUIYINXIN])
def test_a_technician_unbinds_each_of_them_without_the_line(make: MakeBench, model: str) -> None:
    bench = make(model)
    assert guide(bench) == UnbindOutcome("screen")
    assert bench.states == {BindingState.UNBOUND}
    assert {step.by for step in bench.film} == {"guided"}
    assert bench.rig.commands("SCREEN_READ") == bench.rig.commands("KEY_PRESS") == 0
    assert not bench.events & NEVER


def test_i6_a_technician_mistypes_the_password_once(make: MakeBench) -> None:
    bench = make(RUIYINXIN)
    with pytest.raises(TerminalRefused) as caught:
        guide(bench, password="000000")
    assert caught.value.code == "wrong-password"
    assert bench.wrong_passwords == 1
    assert bench.states == {BindingState.BOUND}
