"""The steps that acts are made of: each checks or does one thing, and may lead to another screen than the act's end."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from simulators.menus.situation import Situation
from simulators.menus.tables import Act, Target

UNBIND_PASSWORD = "unbind.password"
MERCHANT_FIELD = "merchant_number"
NEW_MERCHANT_FIELD = "new_merchant"
PASSWORD_FIELD = "password"
CODE_FIELD = "code"


@dataclass(frozen=True)
class Step:
    """One step.

    Args:
        run: Does it, and returns the screen to go to instead, or None to go on.
        leads: Every screen that it may lead to.
    """

    run: Callable[[Situation], str | None]
    leads: tuple[str, ...] = ()


def act(*parts: Step | Target) -> Act:
    """Put steps together.

    Args:
        parts: Steps in their order, then the screen (or act) that comes where none of them led elsewhere. Without one
            the screen stays.
    """
    leads = [way for part in parts for way in ((part,) if isinstance(part, str) else part.leads)]

    def run(situation: Situation) -> str | None:
        for part in parts:
            screen = part if isinstance(part, str) else part.run(situation)
            if screen is not None:
                return screen
        return None

    return Act(run, tuple(dict.fromkeys(leads)))


def unless(holds: Callable[[Situation], bool], screen: str) -> Step:
    """Lead to a screen unless something holds."""
    return Step(lambda situation: None if holds(situation) else screen, (screen,))


def does(deed: Callable[[Situation], None]) -> Step:
    """Do something and go on."""

    def run(situation: Situation) -> None:
        deed(situation)

    return Step(run)


def choose_own() -> Step:
    """Choose the terminal itself, in a menu that has no list of devices."""

    def deed(situation: Situation) -> None:
        situation.chosen = situation.own

    return does(deed)


def terminal_chosen(otherwise: str) -> Step:
    """Go on only where a payment terminal was chosen, not a printer."""
    return unless(lambda situation: situation.chosen.is_terminal, otherwise)


def bound(otherwise: str) -> Step:
    """Go on only where the terminal is bound to a merchant."""
    return unless(lambda situation: situation.terminal.merchant_number is not None, otherwise)


def not_bound(otherwise: str) -> Step:
    """Go on only where the terminal is bound to nobody."""
    return unless(lambda situation: situation.terminal.merchant_number is None, otherwise)


def not_pending(otherwise: str) -> Step:
    """Go on only where no unbinding waits for the platform."""
    return unless(lambda situation: not situation.terminal.pending, otherwise)


def not_locked(otherwise: str) -> Step:
    """Go on only where attempts are left."""
    return unless(lambda situation: situation.terminal.attempts_left > 0, otherwise)


def settled(otherwise: str) -> Step:
    """Go on only where the batch is settled."""
    return unless(lambda situation: not situation.terminal.has_unsettled, otherwise)


def signed_on(otherwise: str) -> Step:
    """Go on only where the terminal is signed on."""
    return unless(lambda situation: situation.terminal.signed_on, otherwise)


def signed_off(otherwise: str) -> Step:
    """Go on only where the terminal is signed off."""
    return unless(lambda situation: not situation.terminal.signed_on, otherwise)


def has_keys(otherwise: str) -> Step:
    """Go on only where the keys that a transaction needs are there."""
    return unless(lambda situation: situation.terminal.has_keys, otherwise)


def same_merchant(otherwise: str) -> Step:
    """Go on only where the merchant number typed is the terminal's; it costs no attempt."""
    return unless(
        lambda situation: situation.answers.get(MERCHANT_FIELD) == situation.terminal.merchant_number, otherwise
    )


def same_fields(first: str, second: str, otherwise: str) -> Step:
    """Go on only where two fields were filled in alike."""
    return unless(lambda situation: situation.answers.get(first) == situation.answers.get(second), otherwise)


def matches(field: str, parameter: str, otherwise: str) -> Step:
    """Go on only where a field was filled in with what a parameter holds; it costs no attempt."""
    return unless(lambda situation: situation.terminal.matches(parameter, situation.answers.get(field, "")), otherwise)


def field_is(field: str, text: str, otherwise: str) -> Step:
    """Go on only where a field was filled in with a text of the table, as the number of an operator."""
    return unless(lambda situation: situation.answers.get(field) == text, otherwise)


def password(wrong: str, locked: str, *, field: str = PASSWORD_FIELD, parameter: str = UNBIND_PASSWORD) -> Step:
    """Go on only with the right password; a wrong one costs an attempt, and is forgotten at once like the right one.

    Args:
        wrong: Screen for a wrong one.
        locked: Screen where that was the last attempt.
        field: Field that it was typed into.
        parameter: Name of the parameter that holds the right one.
    """

    def run(situation: Situation) -> str | None:
        if situation.terminal.try_password(situation.answers.pop(field, ""), parameter):
            return None
        return wrong if situation.terminal.attempts_left else locked

    return Step(run, (wrong, locked))


def send_code() -> Step:
    """Have a verification code sent."""
    return does(lambda situation: situation.terminal.send_code(situation.now))


def code(wrong: str, expired: str, locked: str, *, field: str = CODE_FIELD) -> Step:
    """Go on only with the right verification code; a wrong one costs an attempt, one that is too old does not."""

    def run(situation: Situation) -> str | None:
        answer = situation.terminal.try_code(situation.answers.pop(field, ""), situation.now)
        if answer == "wrong":
            return wrong if situation.terminal.attempts_left else locked
        return expired if answer == "expired" else None

    return Step(run, (wrong, expired, locked))


def option(name: str, value: str, target: Target) -> Step:
    """Lead elsewhere where the model was set up with an option."""
    leads = (target,) if isinstance(target, str) else target.leads

    def run(situation: Situation) -> str | None:
        if situation.options.get(name) != value:
            return None
        return target if isinstance(target, str) else target.run(situation)

    return Step(run, leads)


def unbind() -> Step:
    """Undo all bindings of the terminal that was chosen."""
    return does(lambda situation: situation.terminal.unbind(situation.chosen.number, pending=False))


def submit() -> Step:
    """Ask the platform to undo the merchant's bindings; those to devices are undone at once."""
    return does(lambda situation: situation.terminal.unbind(situation.chosen.number, pending=True))


def bind(*, field: str = NEW_MERCHANT_FIELD) -> Step:
    """Bind the terminal to the merchant number typed into a field."""
    return does(lambda situation: situation.terminal.bind(situation.answers[field]))


def sign_on() -> Step:
    """Sign on."""
    return does(lambda situation: situation.terminal.sign_on())


def sign_off() -> Step:
    """Sign off."""
    return does(lambda situation: situation.terminal.sign_off())


def settle(otherwise: str) -> Step:
    """Settle the batch."""
    return unless(lambda situation: situation.terminal.settle(), otherwise)


def clear_journal() -> Step:
    """Delete all transactions, without asking."""
    return does(lambda situation: situation.terminal.clear_journal())


def sign() -> Step:
    """Have the merchant sign on the display."""
    return does(lambda situation: situation.terminal.sign())


def has_sold(otherwise: str) -> Step:
    """Go on only where a test transaction was made since the start."""
    return unless(lambda situation: situation.terminal.last_trace is not None, otherwise)


def sell(otherwise: str) -> Step:
    """Make a test sale of 0.01."""
    return unless(lambda situation: situation.terminal.sell(), otherwise)


def void(otherwise: str) -> Step:
    """Void the test sale."""
    return unless(lambda situation: situation.terminal.void(), otherwise)
