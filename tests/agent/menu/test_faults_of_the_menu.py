"""Each fault of the menu on a simulated haike-h60: where it ends, and that it ends safely (issue 3, bad input)."""

from __future__ import annotations

from pathlib import Path

import pytest

from agent.errors import AgentError
from agent.menu.answers import GivenAnswers
from agent.menu.case import MenuCase
from agent.menu.film import FilmStep
from agent.menu.runner import bind, run_test_transaction, unbind
from agent.profiles import find_profile
from agent.secret import Secret
from protocols.menu import Asked
from protocols.words import BindingState, TransactionKind
from simulators.board.factory import facts_of
from simulators.state import Blueprint
from tests.agent.test_against_simulator import joined
from tests.simulators.rig import Rig

SEED = 7
DONE = ""


class Bench:
    """A simulated terminal and what is known of it."""

    def __init__(self, folder: Path, *faults: str, second: str = "password") -> None:
        self.rig = Rig(folder, *faults, blueprint=Blueprint("haike-h60", SEED, 20, 0), options={"second": second})
        self.facts = facts_of(self.rig.model, self.rig.blueprint)
        self.driver = joined(self.rig).driver
        self.case = MenuCase(self.facts.tusn, self.facts.merchant_number)
        self.profile = find_profile("haike-h60")
        self.film: list[FilmStep] = []
        self.asked: list[tuple[Asked, str]] = []

    def answer(self, asked: Asked) -> Secret:
        """Stand in for a person."""
        self.asked.append((asked, self.film[-1].screen))
        return Secret(self.facts.answers[asked])

    def unbind(self) -> str:
        """Unbind, and return how it ended."""
        answers = GivenAnswers({"password": Secret(self.facts.password)}, self.answer)
        try:
            unbind(self.driver, self.profile, self.case, answers, self.film.append)
        except AgentError as error:
            return error.code
        return DONE

    @property
    def bound(self) -> bool:
        return BindingState.BOUND in {each.state for each in self.driver.bindings()}

    @property
    def wrong(self) -> int:
        return sum(event == "password" and not facts["right"] for event, facts in self.rig.recorded)


@pytest.mark.parametrize("second", ["password", "code"])
@pytest.mark.parametrize(
    ("fault", "ends"),
    [
        ("lockout-near", {"password-attempts-too-few"}),
        ("other-merchant", {"wrong-merchant-number", "menu-other-merchant"}),
        ("several-devices", {DONE}),
        ("english-menu", {"menu-unknown-screen"}),
        ("item-moved", {DONE}),
        ("screen-noise", {DONE, "menu-unsteady"}),
        ("key-lost=3", {DONE}),
        ("event-lost=2", {DONE}),
        ("popup=advertisement", {DONE}),
        ("popup=tear-off", {DONE}),
        ("popup=network-lost", {DONE, "menu-network-lost"}),
        ("popup=low-battery", {"menu-low-battery"}),
        ("popup=paper-out", {"menu-paper-out"}),
        ("popup=logged-off", {DONE, "menu-logged-off", "menu-asked-again"}),
    ],
)
def test_a_fault_ends_safely(tmp_path: Path, fault: str, ends: set[str], second: str) -> None:
    bench = Bench(tmp_path / "state", fault, second=second)
    end = bench.unbind()
    assert end in ends
    assert bench.bound is (end != DONE)
    assert bench.wrong == 0
    assert [event for event, _ in bench.rig.recorded].count("unbound") == (end == DONE)


def test_a_code_is_asked_for_at_the_moment_it_is_needed(tmp_path: Path) -> None:
    bench = Bench(tmp_path / "state", second="code")
    assert bench.unbind() == DONE
    assert bench.asked == [("code", "confirm")]


def test_a_code_that_expired(tmp_path: Path) -> None:
    bench = Bench(tmp_path / "state", "code-expired", second="code")
    assert bench.unbind() == "code-expired"
    assert bench.bound


def test_binding_and_a_test_transaction_that_is_taken_back(tmp_path: Path) -> None:
    bench = Bench(tmp_path / "state")
    assert bench.unbind() == DONE
    case = MenuCase(bench.facts.tusn, "999440358120007")  # made up
    answers = GivenAnswers({"password": Secret(bench.facts.password)})
    bind(bench.driver, bench.profile, case, answers, bench.film.append)
    assert {each.name: each.value for each in bench.driver.bindings()}["merchant_number"] == case.merchant_number
    before = bench.driver.open_journal().records
    run_test_transaction(bench.driver, bench.profile, case, answers, bench.film.append)
    made = list(bench.driver.open_journal().transactions())[before:]
    assert [each.amount for each in made] == [1, 1]
    assert made[0].kind is TransactionKind.SALE
    assert made[1].original_trace == made[0].trace
    assert case.merchant_number not in repr(bench.film)
