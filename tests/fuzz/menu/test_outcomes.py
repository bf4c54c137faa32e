"""Two thousand unbindings on all simulated models with every fault of the menu on (issue 3), and what came of them."""

from __future__ import annotations

import shutil
from collections import Counter
from pathlib import Path
from random import Random
from typing import get_args

import pytest

from agent.errors import AgentError, OutcomeUnknown
from agent.guided.interview import Answer, Question
from agent.guided.session import GuidedSession
from agent.menu.answers import GivenAnswers
from agent.menu.case import MenuCase
from agent.menu.film import FilmStep
from agent.menu.runner import unbind
from agent.profiles import find_profile
from agent.secret import Secret
from protocols.errors import ProtocolError
from protocols.menu import PASSWORDS, Asked
from protocols.words import BindingState, Key
from simulators.catalog import MODELS, find_model
from simulators.faults import POPUPS
from simulators.state import Blueprint
from tests.agent.guided.technician import Technician
from tests.agent.test_against_simulator import joined
from tests.simulators.rig import Rig

CASES = 2_000
FAULTS = (
    "lockout-near",
    "code-expired",
    "other-merchant",
    "several-devices",
    "english-menu",
    "item-moved",
    "screen-noise",
    "key-lost",
    "event-lost",
    *(f"popup={each}" for each in POPUPS),
)
ENDS_ALWAYS = ("lockout-near", "english-menu", "other-merchant", "popup=low-battery", "popup=paper-out")
"""Faults with which many cases cannot be done; one of these comes alone more often, so that others show too."""

NEVER = {"journal-cleared", "advertisement-accepted", "unbound-another"}
"""What a simulated terminal records where somebody chose or agreed to what nobody wanted."""

MANY_QUESTIONS = 400


class Front:
    """The panel of a simulated terminal, under the hands of somebody who stops when something else shows."""

    def __init__(self, rig: Rig) -> None:
        self._rig = rig
        self._title = ""

    def begin(self) -> None:
        """Look at what an instruction is for."""
        self._title = self.rows()[0]

    def rows(self) -> list[str]:
        return list(self._rig.device.panel_screen().lines)

    def press(self, *keys: Key) -> None:
        if self.rows()[0] == self._title:
            self._rig.device.panel_press(keys, self._rig.now)


class OneCase:
    """One unbinding.

    Args:
        folder: Where the terminal keeps its state.
        number: Number of the case, which is its seed, too.
    """

    def __init__(self, folder: Path, number: int) -> None:
        source = Random(number)
        self.model = list(MODELS)[number % len(MODELS)]
        self.main_fault = FAULTS[number // len(MODELS) % len(FAULTS)]
        others = [each for each in FAULTS if each not in ENDS_ALWAYS and not each.startswith("popup")]
        more = source.sample(others, source.choice([0, 0, 1, 2, 3]))
        self.faults = tuple(dict.fromkeys([self.main_fault, *more]))
        self.wrong: Asked | None = source.choice([*PASSWORDS, "code"]) if source.random() < 0.15 else None
        options = {name: source.choice(values) for name, values in find_model(self.model).options.items()}
        self.where = f"case {number}: {self.model} {options} {self.faults} wrong={self.wrong}"
        blueprint = Blueprint(self.model, number, 4, 0)
        self.rig = Rig(folder, *self.faults, blueprint=blueprint, options=options)
        self.film: list[FilmStep] = []

    def run(self) -> str:
        """Unbind, check what must hold, and return how it ended."""
        facts = find_model(self.model).facts(self.rig.blueprint)
        connected = joined(self.rig)
        case = MenuCase(facts.tusn, facts.merchant_number, connected.driver.identity().label_number)
        known: dict[Asked, str] = {each: facts.answers.get(each, "") for each in get_args(Asked)}
        known["password"] = facts.password
        if self.wrong is not None:
            known[self.wrong] = "000000"
        profile = find_profile(self.model)
        error: AgentError | ProtocolError | None = None
        try:
            if profile.menu is not None and profile.menu.keys == "guided":
                front = Front(self.rig)
                technician = Technician(front, known)
                technician.on_step = lambda step: front.begin()
                technician.on_question = lambda question: self._give_up(technician, question)
                given = GivenAnswers({"machine_number": Secret(case.label_number), "phone": Secret(known["phone"])})
                GuidedSession(technician).carry_out(unbind, connected.driver, profile, case, given, self.film.append)
            else:
                answers = GivenAnswers({asked: Secret(text) for asked, text in known.items() if text})
                unbind(connected.driver, profile, case, answers, self.film.append)
        except (AgentError, ProtocolError) as fault:
            error = fault
        self._check(error, {binding.state for binding in connected.driver.bindings()})
        shown = repr(self.film) + repr(error) + repr(getattr(error, "facts", ""))
        secrets = [facts.merchant_number, *(known[each] for each in (*PASSWORDS, "phone", "code"))]
        assert not [each for each in secrets if len(each) > 5 and each in shown], f"{self.where}: I4"
        return "unbound" if error is None else getattr(error, "code", type(error).__name__)

    @staticmethod
    def _give_up(technician: Technician, question: Question) -> Answer | None:
        """Stop where the technician sees what is no screen of the menu."""
        lost = question.about in ("note", "photo") or len(technician.questions) > MANY_QUESTIONS
        return Answer("stop") if lost else None

    def _check(self, error: AgentError | ProtocolError | None, states: set[BindingState]) -> None:
        events = [event for event, _ in self.rig.recorded]
        unbound = events.count("unbound") + events.count("unbinding-submitted")
        assert not NEVER & set(events), f"{self.where}: {NEVER & set(events)}"
        assert unbound <= 1, f"{self.where}: confirmed {unbound} times (I3)"
        assert not ("other-merchant" in self.faults and unbound), f"{self.where}: the terminal of another shop"
        if error is None:
            assert BindingState.BOUND not in states, f"{self.where}: it says unbound and is not"
        elif not isinstance(error, OutcomeUnknown):
            assert states == {BindingState.BOUND}, f"{self.where}: {error}, and yet it is unbound"
        tries = [
            facts["right"] for event, facts in self.rig.recorded if event in ("password", "code") and "right" in facts
        ]
        assert all(tries[:-1]), f"{self.where}: tried again after a wrong password (I6)"


def outcome(folder: Path, number: int) -> tuple[str, str]:
    """Run one case, and return its main fault and how it ended."""
    one = OneCase(folder, number)
    try:
        return one.main_fault, one.run()
    finally:
        one.rig.close()
        shutil.rmtree(folder)


def table(counts: Counter[tuple[str, str]]) -> str:
    """Lay out outcome × fault."""
    ends = [end for end, _ in Counter({end: 0 for _, end in counts}).items()]
    ends.sort(key=lambda end: -sum(count for (_, each), count in counts.items() if each == end))
    head = " " * 28 + "".join(f"{number:>6}" for number in range(1, len(FAULTS) + 1))
    rows = [f"{end:28}" + "".join(f"{counts[fault, end] or '·':>6}" for fault in FAULTS) for end in ends]
    legend = [f"  {number:>2} {fault}" for number, fault in enumerate(FAULTS, 1)]
    return "\n".join([head, *rows, *legend])


@pytest.mark.fuzz
def test_i3_i4_i6_i9_two_thousand_cases(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    counts = Counter(outcome(tmp_path / str(number), number) for number in range(CASES))
    with capsys.disabled():
        print(f"\n{counts.total()} cases on {', '.join(MODELS)}\n{table(counts)}")
    assert counts.total() == CASES
    assert sum(count for (_, end), count in counts.items() if end == "unbound") > CASES // 4
