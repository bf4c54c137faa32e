"""Goals of the terminal's own menu: the navigator's actions carried out on a driver."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from agent.drivers.base import TerminalDriver
from agent.errors import OutcomeUnknown, PreconditionNotMet, TerminalRefused, UsageFault
from agent.menu.actions import Done, Look, Press, Stop, Wait
from agent.menu.answers import Answers
from agent.menu.case import MenuCase
from agent.menu.endings import unknown_outcome
from agent.menu.film import FilmStep
from agent.menu.navigator import LAST_ATTEMPTS, UNKNOWN_SCREEN, Navigator
from agent.menu.route import way
from agent.menu.typing_field import FieldTyping
from protocols.errors import DeviceRefused, ProtocolError, StateUnknown
from protocols.menu import GoalName, Menu
from protocols.profile import Profile
from protocols.terminal import Screen
from protocols.words import BindingState

STALE_SCREEN = "STALE_SCREEN"
"""What every family calls its refusal of keys for a screen that is no longer shown."""

MERCHANT_NUMBER_DIGITS = 15

FIRST_LOOK_SECONDS = 3
"""When the display is read though it did not announce a change; the rest of its patience comes after that."""

ECHO_SECONDS = 1
"""The same after a key that is typed or scrolls: it shows at once, or it was lost."""

GoalResult = Literal["screen", "bindings"]


@dataclass(frozen=True)
class UnbindOutcome:
    """How it is known that the terminal unbound or bound itself.

    Args:
        told_by: ``screen`` where the menu said so, ``bindings`` where its last answer was lost and the bindings were
            read again.
        pending: Whether it is done only once the platform has agreed.
    """

    told_by: GoalResult
    pending: bool = False


Film = Callable[[FilmStep], None]


def unbind(
    driver: TerminalDriver, profile: Profile, case: MenuCase, answers: Answers, film: Film, *, guided: bool = False
) -> UnbindOutcome:
    """Unbind a terminal by its menu.

    Args:
        driver: The terminal.
        profile: Its profile.
        case: What the screens must show.
        answers: Knows what is to be typed.
        film: Takes each step, without anything that was typed (I4).
        guided: Whether a person presses the keys behind the driver.

    Returns:
        How it is known. Whoever needs proof reads the bindings.

    Raises:
        UsageFault: What was given cannot be typed, or is missing.
        TerminalRefused: Wrong password, locked, wrong merchant number, or it did not do it. Nothing else is tried (I6).
        PreconditionNotMet: The batch is unsettled, too few attempts are left, or the screens are not those of the
            profile; nothing was unbound.
        OutcomeUnknown: The last confirmation was sent, and what became of it cannot be found out (I3).
        ProtocolError: The line failed before the last confirmation; nothing was unbound.
    """
    done = {BindingState.UNBOUND: False, BindingState.PENDING: True}
    return _change_bindings(_Walk(driver, profile, "unbind", case, answers, film, guided), done, BindingState.BOUND)


def bind(
    driver: TerminalDriver, profile: Profile, case: MenuCase, answers: Answers, film: Film, *, guided: bool = False
) -> UnbindOutcome:
    """Bind a terminal to a merchant number by its menu.

    Args:
        driver: The terminal.
        profile: Its profile.
        case: What the screens must show; its merchant number is the new one.
        answers: Knows what else is to be typed.
        film: Takes each step.
        guided: Whether a person presses the keys behind the driver.

    Returns:
        How it is known; errors are those of `unbind`.
    """
    done = {BindingState.BOUND: False, BindingState.PENDING: True}
    return _change_bindings(_Walk(driver, profile, "bind", case, answers, film, guided), done, BindingState.UNBOUND)


def run_test_transaction(
    driver: TerminalDriver, profile: Profile, case: MenuCase, answers: Answers, film: Film, *, guided: bool = False
) -> None:
    """Make a transaction of the smallest amount, and take it back.

    Args:
        driver: The terminal.
        profile: Its profile.
        case: What the screens must show.
        answers: Knows what is to be typed.
        film: Takes each step.
        guided: Whether a person presses the keys behind the driver.

    Raises:
        OutcomeUnknown: ``menu-outcome-unknown``: one of the two was confirmed, and whether it was done is not known.
            Other errors are those of `unbind`; where the goal is ``reversal``, the transaction stands.
    """
    _Walk(driver, profile, "test-transaction", case, answers, film, guided).run()
    _Walk(driver, profile, "reversal", case, answers, film, guided).run()


class _Walk:
    """One walk to one goal."""

    def __init__(
        self,
        driver: TerminalDriver,
        profile: Profile,
        name: GoalName,
        case: MenuCase,
        answers: Answers,
        film: Film,
        guided: bool,
    ) -> None:
        menu = profile.menu
        if menu is None:
            raise PreconditionNotMet("menu-missing", model=profile.model)
        goal = menu.goal(name)
        if goal is None:
            raise PreconditionNotMet("menu-goal-missing", model=profile.model, goal=name)
        if menu.keys == "guided" and not guided:
            raise PreconditionNotMet("menu-guided-only", model=profile.model)
        if not _is_digits(case.merchant_number) or len(case.merchant_number) != MERCHANT_NUMBER_DIGITS:
            raise UsageFault("merchant-number-form", digits=MERCHANT_NUMBER_DIGITS)
        _check_answers(menu, name, case, answers)
        status = driver.status()
        if status.locked:
            raise TerminalRefused("password-locked")
        if status.password_attempts_left <= LAST_ATTEMPTS:
            raise PreconditionNotMet("password-attempts-too-few", attempts_left=status.password_attempts_left)
        left = status.password_attempts_left
        self.driver, self.profile, self.menu, self.name = driver, profile, menu, name
        self.navigator = Navigator(menu, goal, case, answers, left, by_person=guided)
        self._film = _Film(film, guided=guided)

    def run(self) -> Done:
        """Walk to the goal."""
        display = self.driver.screen()
        while True:
            action = self.navigator.next_action(display)
            if isinstance(action, Look):
                display = self.driver.screen()
                continue
            self._film.add(self.navigator, display, action)
            if isinstance(action, Press):
                display = self._press(display, action)
            elif isinstance(action, Wait):
                display = self.driver.next_screen(display, action.seconds) or self.driver.screen()
            elif isinstance(action, Stop):
                raise action.error
            else:
                return action

    def _press(self, display: Screen, action: Press) -> Screen:
        try:
            self.driver.press(action.keys, display)
        except StateUnknown:
            self.navigator.answer_lost()
            return self.driver.screen()
        except DeviceRefused as fault:
            self.navigator.refused()
            if fault.meaning != STALE_SCREEN:
                raise
            return self.driver.screen()  # something else popped up: look again
        seconds = ECHO_SECONDS if action.kind in ("type", "scroll") else FIRST_LOOK_SECONDS
        return self.driver.next_screen(display, min(seconds, self.menu.patience_seconds)) or self.driver.screen()


def _change_bindings(walk: _Walk, done: dict[BindingState, bool], not_done: BindingState) -> UnbindOutcome:
    """Walk to a goal that changes the bindings.

    Args:
        walk: The walk.
        done: States that mean that it was done, and whether that waits for the platform.
        not_done: State that means that it was not.
    """
    try:
        return UnbindOutcome("screen", walk.run().pending)
    except (ProtocolError, OutcomeUnknown) as fault:
        if not walk.navigator.committed:
            raise
        return _ask_what_happened(walk, done, not_done, fault)


def _ask_what_happened(
    walk: _Walk, done: dict[BindingState, bool], not_done: BindingState, fault: ProtocolError | OutcomeUnknown
) -> UnbindOutcome:
    """Find out from the bindings whether a confirmation took effect whose result was not seen (I3)."""
    here = walk.navigator.here
    unknown = unknown_outcome(walk.name, here)
    try:
        bindings = walk.driver.bindings()
    except ProtocolError:
        raise unknown from fault
    names = {binding.name for binding in walk.profile.bindings if binding.undone_by == "menu"}
    states = {binding.state for binding in bindings if binding.name in names}
    if states and states <= done.keys():
        return UnbindOutcome("bindings", any(done[state] for state in states))
    ended_elsewhere = any(screen.id == here and not screen.commits for screen in walk.menu.screens)
    # Where the terminal still shows the confirmation, or something unknown, it may yet be at work.
    if states == {not_done} and here != UNKNOWN_SCREEN and ended_elsewhere:
        if walk.name == "unbind":
            raise TerminalRefused("unbind-not-done", screen=here) from None
        raise TerminalRefused("menu-not-done", goal=walk.name, screen=here) from None
    raise unknown from None


def _check_answers(menu: Menu, name: GoalName, case: MenuCase, answers: Answers) -> None:
    """See before the first key that whatever the way asks for is there and can be typed.

    A code is not asked for yet: it exists only once the terminal asks for it.
    """
    goal = menu.goal(name)
    assert goal is not None
    screens = {screen.id: screen for screen in menu.screens}
    typing = FieldTyping(case, answers)
    for each in way(menu, menu.screens[0].id, goal) or ():
        field = screens[each].field
        if field is not None and field.asks != "code":
            typing.text(field)


def _is_digits(text: str) -> bool:
    return bool(text) and text.isascii() and text.isdecimal()


class _Film:
    """Numbers the steps, and makes one of all the characters that are typed into a field."""

    def __init__(self, take: Film, *, guided: bool) -> None:
        self._take = take
        self._by: Literal["remote", "guided"] = "guided" if guided else "remote"
        self._last: tuple[str, str, str] | None = None
        self._number = 0

    def add(self, navigator: Navigator, display: Screen, action: Press | Wait | Done | Stop) -> None:
        """Take a step."""
        keys = action.shown if isinstance(action, Press) else ""
        what = _what(action)
        step = (navigator.here, keys, what)
        if what == "type" and self._last == step:
            return
        self._last = step
        self._number += 1
        self._take(FilmStep(self._number, *step, navigator.rows, display.masked, self._by))


def _what(action: Press | Wait | Done | Stop) -> str:
    if isinstance(action, Press):
        return "type" if action.typing else "press"
    if isinstance(action, Done) and action.pending:
        return "pending"
    return type(action).__name__.lower()
