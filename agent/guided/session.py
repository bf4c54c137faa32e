"""A person at the terminal is told what to press; the same engine as everywhere decides."""

from __future__ import annotations

from dataclasses import replace
from typing import Protocol, TypeVar, cast

from agent.drivers.base import TerminalDriver
from agent.errors import AgentError, PreconditionNotMet
from agent.guided.answers import GuidedAnswers
from agent.guided.display import GuidedDisplay, Line
from agent.guided.drawing import without_digits
from agent.guided.interview import Guide
from agent.guided.record import GuidedOutcome, Record
from agent.menu.answers import Answers
from agent.menu.case import MenuCase
from agent.menu.film import FilmStep
from agent.menu.runner import Film
from protocols.errors import ProtocolError
from protocols.menu import Menu
from protocols.profile import Profile

SHORT_SERIAL = 8
"""Characters of the TUSN that a device list shows."""

DoneT = TypeVar("DoneT", covariant=True)


class Task(Protocol[DoneT]):
    """Something that `agent.menu.runner` does: unbind, bind, or make a test transaction."""

    def __call__(
        self, driver: TerminalDriver, profile: Profile, case: MenuCase, answers: Answers, film: Film, *, guided: bool
    ) -> DoneT:
        """Do it."""


class GuidedSession:
    """Work done on one terminal by a person's hands.

    Args:
        guide: The person.
    """

    def __init__(self, guide: Guide) -> None:
        self._guide = guide
        self._record = Record()

    @property
    def outcome(self) -> GuidedOutcome:
        """What goes into the evidence, also where the work failed."""
        return self._record.outcome()

    def carry_out(
        self, task: Task[DoneT], line: Line, profile: Profile, case: MenuCase, answers: Answers, film: Film
    ) -> DoneT:
        """Have a task carried out.

        Args:
            task: A function of `agent.menu.runner`.
            line: The connected terminal: its state and bindings are still asked for over the line.
            profile: Its profile.
            case: What its screens must show.
            answers: What the case knows of what is typed. Passwords and codes are never asked of it.
            film: Takes each step, marked as a person's.

        Returns:
            What the task returns.

        Raises:
            AgentError: As the task; besides, the person stopped (``guide-stopped``, ``guide-stopped-late``) or saw what
                is no screen of the menu (``guide-other-screen``, ``guide-other-screen-late``).
            ProtocolError: The line failed.
        """
        menu = profile.menu
        if menu is None:
            raise PreconditionNotMet("menu-missing", model=profile.model)
        typed = GuidedAnswers(answers)
        display = GuidedDisplay(line, menu, places_of(case), typed, self._guide, self._record)
        try:
            done = task(
                # The engine asks it for state, bindings and screens, presses keys on it, and does nothing else.
                cast(TerminalDriver, display),
                profile,
                case,
                typed,
                lambda step: film(_as_seen_by_a_person(menu, step)),
                guided=True,
            )
        except (AgentError, ProtocolError):
            display.leave()
            raise
        display.finish()
        return done


def places_of(case: MenuCase) -> dict[str, str]:
    """Return the facts of a case by the names of places on screens."""
    known = {
        "tusn": case.tusn,
        "tusn_last8": case.tusn[-SHORT_SERIAL:],
        "merchant_number": case.merchant_number,
        "machine_number": case.label_number,
        "amount": case.amount,
    }
    return {name: value for name, value in known.items() if value}


def _as_seen_by_a_person(menu: Menu, step: FilmStep) -> FilmStep:
    """Take back the digits before items, which nobody saw."""
    chosen = step.what == "press" and step.keys.startswith("DIGIT_")
    return replace(step, by="guided", keys="" if chosen else step.keys, rows=without_digits(menu, step.rows))
