"""Unbinding by the terminal's own menu: the navigator's actions carried out on a driver."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from agent.drivers.base import TerminalDriver
from agent.errors import OutcomeUnknown, PreconditionNotMet, TerminalRefused, UsageFault
from agent.film.mask import masked_rows
from agent.menu.actions import Done, Press, Stop, Wait
from agent.menu.film import FilmStep
from agent.menu.navigator import LAST_ATTEMPTS, UNKNOWN_SCREEN, MenuCase, Navigator
from agent.menu.recognise import recognise
from agent.secret import Secret
from protocols.errors import DeviceRefused, ProtocolError, StateUnknown
from protocols.menu import Menu
from protocols.profile import Profile
from protocols.terminal import Screen
from protocols.words import BindingState

STALE_SCREEN = "STALE_SCREEN"
"""What every family calls its refusal of keys for a screen that is no longer shown."""

MERCHANT_NUMBER_DIGITS = 15
MAX_PASSWORD_DIGITS = 32


@dataclass(frozen=True)
class UnbindOutcome:
    """How it is known that the terminal unbound itself.

    Args:
        told_by: ``screen`` where the menu said so, ``bindings`` where its last answer was lost and the bindings were
            read again.
    """

    told_by: Literal["screen", "bindings"]


def unbind(
    driver: TerminalDriver,
    profile: Profile,
    tusn: str,
    merchant_number: str,
    password: Secret,
    film: Callable[[FilmStep], None],
) -> UnbindOutcome:
    """Unbind a terminal by its menu.

    Args:
        driver: The terminal.
        profile: Its profile.
        tusn: Its serial number; what the screens show must agree.
        merchant_number: 15 digits; what the screens show must agree.
        password: Digits.
        film: Takes each step, without anything that was typed (I4).

    Returns:
        How it is known. Whoever needs proof reads the bindings.

    Raises:
        UsageFault: The merchant number or the password is not of digits.
        TerminalRefused: Wrong password, locked, wrong merchant number, or it did not do it. Nothing else is tried (I6).
        PreconditionNotMet: The batch is unsettled, too few attempts are left, or the screens are not those of the
            profile; nothing was unbound.
        OutcomeUnknown: The last confirmation was sent, and what became of it cannot be found out (I3).
        ProtocolError: The line failed before the last confirmation; nothing was unbound.
    """
    menu = profile.menu
    if menu is None or not menu.goals:  # unbinding is the only goal there is
        raise PreconditionNotMet("menu-missing", model=profile.model)
    if not _is_digits(merchant_number) or len(merchant_number) != MERCHANT_NUMBER_DIGITS:
        raise UsageFault("merchant-number-form", digits=MERCHANT_NUMBER_DIGITS)
    if not _is_digits(password.reveal()) or len(password.reveal()) > MAX_PASSWORD_DIGITS:
        raise UsageFault("password-form")
    status = driver.status()
    if status.locked:
        raise TerminalRefused("password-locked")
    if status.password_attempts_left <= LAST_ATTEMPTS:
        raise PreconditionNotMet("password-attempts-too-few", attempts_left=status.password_attempts_left)
    case = MenuCase(tusn, merchant_number)
    navigator = Navigator(menu, menu.goals[0], case, password, status.password_attempts_left)
    try:
        _drive(driver, menu, navigator, _Film(menu, tusn, film))
    except (ProtocolError, OutcomeUnknown) as fault:
        if not navigator.committed:
            raise
        return _ask_what_happened(driver, profile, navigator, fault)
    return UnbindOutcome("screen")


def _drive(driver: TerminalDriver, menu: Menu, navigator: Navigator, film: _Film) -> None:
    display = driver.screen()
    while True:
        action = navigator.next_action(display)
        if isinstance(action, Press):
            film.add(display, navigator.here, action.shown, "type" if action.typing else "press")
            display = _press(driver, menu, navigator, display, action)
        elif isinstance(action, Wait):
            film.add(display, navigator.here, "", "wait")
            display = driver.next_screen(display, action.seconds) or driver.screen()
        elif isinstance(action, Stop):
            film.add(display, navigator.here, "", "stop")
            raise action.error
        else:
            assert isinstance(action, Done)
            film.add(display, navigator.here, "", "done")
            return


def _press(driver: TerminalDriver, menu: Menu, navigator: Navigator, display: Screen, action: Press) -> Screen:
    try:
        driver.press(action.keys, display)
    except StateUnknown:
        navigator.answer_lost()
        return driver.screen()
    except DeviceRefused as fault:
        navigator.refused()
        if fault.meaning != STALE_SCREEN:
            raise
        return driver.screen()  # something else popped up: look again
    return driver.next_screen(display, menu.patience_seconds) or driver.screen()


def _ask_what_happened(
    driver: TerminalDriver, profile: Profile, navigator: Navigator, fault: ProtocolError | OutcomeUnknown
) -> UnbindOutcome:
    """Find out from the bindings whether a confirmation took effect whose result was not seen (I3)."""
    try:
        bindings = driver.bindings()
    except ProtocolError:
        raise OutcomeUnknown("unbind-outcome-unknown", screen=navigator.here) from fault
    names = {binding.name for binding in profile.bindings if binding.undone_by == "menu"}
    states = {binding.state for binding in bindings if binding.name in names}
    if states and BindingState.BOUND not in states:
        return UnbindOutcome("bindings")
    menu = profile.menu
    ended_elsewhere = menu is not None and any(
        screen.id == navigator.here and not screen.commits for screen in menu.screens
    )
    # Where the terminal still shows the confirmation, or something unknown, it may yet be at work.
    if states == {BindingState.BOUND} and navigator.here != UNKNOWN_SCREEN and ended_elsewhere:
        raise TerminalRefused("unbind-not-done", screen=navigator.here) from None
    raise OutcomeUnknown("unbind-outcome-unknown", screen=navigator.here) from None


def _is_digits(text: str) -> bool:
    return bool(text) and text.isascii() and text.isdecimal()


class _Film:
    """Numbers the steps, makes one of all the digits that are typed into a field, and masks what was shown."""

    def __init__(self, menu: Menu, tusn: str, take: Callable[[FilmStep], None]) -> None:
        self._menu = menu
        self._tusn = tusn
        self._take = take
        self._last: tuple[str, str, str] | None = None
        self._number = 0

    def add(self, display: Screen, screen: str, keys: str, what: str) -> None:
        """Take a step."""
        if what == "type" and self._last == (screen, keys, what):
            return
        self._last = (screen, keys, what)
        self._number += 1
        known = recognise(self._menu, display)
        secrets = [known.places.get(name, "") for name in ("typed", "merchant_number")] if known is not None else []
        rows = masked_rows(display.lines, tusn=self._tusn, masked=display.masked, secrets=secrets)
        self._take(FilmStep(self._number, screen, keys, what, rows, display.masked))
