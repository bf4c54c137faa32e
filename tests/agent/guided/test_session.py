"""Whole unbindings by a technician who does what the guide says."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from pathlib import Path

import pytest

from agent.errors import AgentError, OutcomeUnknown, PreconditionNotMet, TerminalRefused
from agent.guided.interview import Answer, Question
from agent.guided.session import GuidedSession
from agent.menu.answers import GivenAnswers
from agent.menu.case import MenuCase
from agent.menu.film import FilmStep
from agent.menu.runner import UnbindOutcome, unbind
from protocols.menu import Asked
from protocols.words import Key
from tests.agent.guided.technician import Technician
from tests.agent.menu.fake_terminal import MERCHANT, PASSWORD, TUSN, FakeTerminal, haike_profile

WAY = ["idle", "main", "settings", "devices", "device", "merchant", "password", "confirm", "second"]


class Front:
    """The panel of a fake terminal."""

    def __init__(self, terminal: FakeTerminal) -> None:
        self._terminal = terminal

    def rows(self) -> list[str]:
        return list(self._terminal.screen().lines)

    def press(self, *keys: Key) -> None:
        self._terminal.press(keys, self._terminal.screen())


class Bench:
    """A fake terminal, a technician before it, and what came of it."""

    def __init__(self, **knows: str) -> None:
        self.terminal = FakeTerminal()
        known: dict[Asked, str] = {"password": knows.get("password", PASSWORD)}
        self.technician = Technician(Front(self.terminal), known)
        self.film: list[FilmStep] = []
        self.session = GuidedSession(self.technician)

    def __call__(self) -> UnbindOutcome:
        return self.session.carry_out(
            unbind, self.terminal, haike_profile(), MenuCase(TUSN, MERCHANT), GivenAnswers({}), self.film.append
        )

    def say(self, at: str, answer: Answer, about: str = "see") -> None:
        """Answer the first question after a step on a screen with this."""

        def on_question(question: Question) -> Answer | None:
            steps = self.technician.steps
            here = steps[-1].screen if steps else ""
            if question.about == about and here == at and not said:
                said.append(True)
                return answer
            return None

        said: list[bool] = []
        self.technician.on_question = on_question

    @property
    def acts(self) -> list[str]:
        return [step.act for step in self.technician.steps]


@pytest.fixture
def bench() -> Bench:
    return Bench()


def test_the_whole_way(bench: Bench) -> None:
    assert bench() == UnbindOutcome("screen")
    assert not bench.terminal.bound
    assert bench.terminal.passwords == [PASSWORD] * 2
    assert [step.screen for step in bench.technician.steps] == [*WAY, "done"]
    assert bench.acts[-1] == "finished"
    assert bench.session.outcome.steps == len(WAY)


def test_i4_no_password_and_no_merchant_number_is_kept(bench: Bench) -> None:
    bench()
    assert all(step.by == "guided" for step in bench.film)
    kept = repr(bench.film) + repr(bench.technician.steps) + repr(bench.technician.questions)
    assert PASSWORD not in kept
    assert MERCHANT not in kept
    assert all(not step.text for step in bench.technician.steps if step.asks == "password")
    assert [step.text for step in bench.technician.steps if step.asks == "merchant_number"] == [MERCHANT]


def test_the_film_has_no_digits_that_nobody_saw(bench: Bench) -> None:
    bench()
    chosen = next(step for step in bench.film if step.screen == "main")
    assert (chosen.keys, chosen.rows[1]) == ("", "?.系统设置")


def test_only_the_last_step_commits(bench: Bench) -> None:
    bench()
    assert [step.screen for step in bench.technician.steps if step.commits] == ["second"]


@pytest.mark.parametrize("at", WAY[:-1])
def test_stopping_anywhere_before_the_last_confirmation(bench: Bench, at: str) -> None:
    bench.say(at, Answer("stop"))
    with pytest.raises(PreconditionNotMet) as stopped:
        bench()
    assert stopped.value.code == "guide-stopped"
    assert bench.terminal.bound
    leave = bench.technician.steps[-1]
    assert leave.act == "leave"
    assert leave.keys == (() if at == "idle" else (Key.CANCEL,))


def test_i3_stopping_after_the_last_confirmation_reads_the_bindings(bench: Bench) -> None:
    bench.say("second", Answer("stop"))
    assert bench() == UnbindOutcome("bindings")
    assert not bench.terminal.bound


def test_i3_after_the_last_confirmation_nothing_is_known_without_bindings(bench: Bench) -> None:
    def on_question(question: Question) -> Answer | None:
        if bench.technician.steps and bench.technician.steps[-1].screen == "second" and question.about == "see":
            bench.terminal.bound = True  # it did not do it, and shows something
            return Answer("else")
        return Answer("text", "") if question.about in ("note", "photo") else None

    bench.technician.on_question = on_question
    with pytest.raises(OutcomeUnknown) as unknown:
        bench()
    assert unknown.value.code == "unbind-outcome-unknown"
    assert bench.technician.steps[-1].keys == ()


@pytest.mark.parametrize("at", ["main", "settings", "devices", "device", "merchant", "confirm"])
def test_going_back_once_ends_the_same(bench: Bench, at: str) -> None:
    bench.say(at, Answer("back"))
    assert bench() == UnbindOutcome("screen")
    assert "back" in bench.acts
    assert bench.terminal.passwords[-1] == PASSWORD


def test_i6_going_back_from_a_password_ends_it(bench: Bench) -> None:
    bench.say("password", Answer("back"))
    with pytest.raises(TerminalRefused) as refused:
        bench()
    assert refused.value.code == "menu-asked-again"
    assert bench.terminal.bound


def test_a_wrong_choice_by_mistake_is_put_right(bench: Bench) -> None:
    """The person says "devices" on the settings screen: the row is not there, and what is there counts."""
    bench.say("main", Answer("screen", "devices"))
    assert bench() == UnbindOutcome("screen")
    screens = [step.screen for step in bench.technician.steps]
    assert screens == ["idle", "main", "devices", "settings", *WAY[3:], "done"]


def test_a_confirmation_that_nobody_expected_is_left(bench: Bench) -> None:
    """The person says "second" where the devices are: nothing is typed there, whatever it was."""
    bench.say("settings", Answer("screen", "second"))

    def on_question(question: Question) -> Answer | None:
        return Answer("text", "3") if question.about == "attempts-left" else saying(question)

    saying, bench.technician.on_question = bench.technician.on_question, on_question
    with pytest.raises(PreconditionNotMet) as ended:
        bench()
    assert ended.value.code in ("menu-unconfirmed", "menu-wrong-turn")
    assert bench.terminal.passwords == []


@pytest.mark.parametrize("place", ["tusn", "merchant_number"])
def test_i9_a_mismatch_on_the_confirmation_cancels(bench: Bench, place: str) -> None:
    def on_question(question: Question) -> Answer | None:
        return Answer("text", "4242") if question.place == place else None

    bench.technician.on_question = on_question
    with pytest.raises(PreconditionNotMet) as ended:
        bench()
    assert ended.value.code == ("menu-other-terminal" if place == "tusn" else "menu-other-merchant")
    assert bench.terminal.bound
    cancel = next(step for step in bench.technician.steps if step.screen == "confirm")
    assert cancel.keys == (Key.CANCEL,)
    assert Key.CONFIRM not in [key for step in bench.technician.steps[-2:] for key in step.keys]


def test_i9_another_terminal_in_the_hand(bench: Bench) -> None:
    bench.terminal.devices = ["88888888 蓝牙打印", "12345999 本机"]
    with pytest.raises(PreconditionNotMet) as ended:
        bench()
    assert ended.value.code == "menu-terminal-not-listed"
    assert bench.terminal.bound


def turn_unsettled(bench: Bench) -> None:
    bench.terminal.unsettled = True


def turn_wrong(bench: Bench) -> None:
    bench.technician.knows["password"] = "000000"


def turn_other_shop(bench: Bench) -> None:
    bench.terminal.merchant = "999100058120002"


def turn_few_attempts(bench: Bench) -> None:
    bench.terminal.attempts, bench.terminal.status_attempts = 1, 3


@pytest.mark.parametrize(
    ("turn", "error", "code"),
    [
        (turn_unsettled, PreconditionNotMet, "unsettled-batch"),
        (turn_wrong, TerminalRefused, "wrong-password"),
        (turn_other_shop, TerminalRefused, "wrong-merchant-number"),
        (turn_few_attempts, PreconditionNotMet, "password-attempts-too-few"),
    ],
)
def test_what_the_terminal_says_counts(
    bench: Bench, turn: Callable[[Bench], None], error: type[AgentError], code: str
) -> None:
    turn(bench)
    with pytest.raises(error) as ended:
        bench()
    assert ended.value.code == code
    assert bench.terminal.bound
    assert bench.terminal.passwords.count("000000") <= 1
    assert bench.acts[-1] == "leave"


def test_something_else_leaves_a_note_and_a_photograph(bench: Bench, tmp_path: Path) -> None:
    (tmp_path / "screen.jpg").write_bytes(b"picture")
    bench.terminal.after_press = lambda keys: bench.terminal.pop_up("系统升级", "请勿断电")

    def on_question(question: Question) -> Answer | None:
        said = {"note": "系统升级 20261122", "photo": str(tmp_path / "screen.jpg")}
        return Answer("text", said[question.about]) if question.about in said else None

    bench.technician.on_question = on_question
    with pytest.raises(PreconditionNotMet) as ended:
        bench()
    assert ended.value.code == "guide-other-screen"
    outcome = bench.session.outcome
    assert outcome.notes == ("系统升级 ××××××××",)
    assert [photo.name for photo in outcome.photos] == ["screen.jpg"]
    assert outcome.steps == 1


def test_a_terminal_that_does_not_react_is_not_pressed_for_ever(bench: Bench) -> None:
    bench.terminal.deaf = True
    with pytest.raises(PreconditionNotMet) as ended:
        bench()
    assert ended.value.code == "menu-too-many-steps"
    assert bench.session.outcome.steps < 20


def test_a_profile_without_a_menu(bench: Bench) -> None:
    profile = dataclasses.replace(haike_profile(), menu=None)
    with pytest.raises(PreconditionNotMet, match="menu-missing"):
        bench.session.carry_out(
            unbind, bench.terminal, profile, MenuCase(TUSN, MERCHANT), GivenAnswers({}), bench.film.append
        )


def test_i10_a_field_that_never_takes_what_is_typed_has_an_end(bench: Bench) -> None:
    """The terminal never goes on from the merchant number; the person types it a few times, and then it ends."""

    def before_press(keys: tuple[Key, ...]) -> None:
        if bench.terminal.at == "merchant" and keys == (Key.CONFIRM,):
            bench.terminal.typed = ""

    bench.terminal.before_press = before_press
    with pytest.raises(TerminalRefused) as ended:
        bench()
    assert ended.value.code == "menu-asked-again"
    assert bench.session.outcome.steps < 20
    assert [step.erase for step in bench.technician.steps if step.act == "type"][:2] == [None, Key.CLEAR]
