"""What passes between guided mode and a person: instructions one way, questions and answers the other.

Nothing in here knows how it is shown. A console turns it into sentences, a test answers it by a script.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal, Protocol

from protocols.menu import Asked
from protocols.words import Key


@dataclass(frozen=True)
class Drawing:
    """A screen as it should look.

    Args:
        columns: Half-width cells a row.
        rows: The rows, top first; ``?`` where the profile cannot know what stands there, ``…`` for rows in between.
            May hold the merchant number, which the person at the terminal sees anyway: never recorded.
        paged: Whether it is a list of several pages, which may show another one.
    """

    columns: int
    rows: tuple[str, ...] = field(repr=False)
    paged: bool = False


@dataclass(frozen=True)
class Step:
    """One thing to do on the terminal.

    Args:
        number: Counts the steps from 1.
        act: ``press`` keys together; ``choose`` a row; ``type`` into a field and end it with the keys; ``back`` out
            with the keys; ``leave`` the terminal, with the keys where it is safe to press them; ``finished``.
        screen: Name of the screen that it is done on.
        keys: Keys to press.
        row: The words of the row to choose.
        by: How a row is chosen.
        pages: Keys that bring further rows, where the row may stand on another page.
        erase: Key that deletes what stands in the field from before; None where it is empty.
        asks: What is typed.
        text: What to type; empty where the person knows it and nobody else should (I4).
        expected: What should come then.
        commits: Whether this cannot be taken back.
    """

    number: int
    act: Literal["press", "choose", "type", "back", "leave", "finished"]
    screen: str
    keys: tuple[Key, ...] = ()
    row: str = ""
    by: Literal["digit", "highlight"] = "digit"
    pages: tuple[Key, ...] = ()
    erase: Key | None = None
    asks: Asked | None = None
    text: str = field(default="", repr=False)
    expected: Drawing | None = None
    commits: bool = False


Kind = Literal["expected", "unchanged", "ending", "interruption", "other"]


@dataclass(frozen=True)
class Choice:
    """A screen that the terminal may show.

    Args:
        screen: Its name in the profile.
        kind: What it would mean.
        drawing: How it looks.
    """

    screen: str
    kind: Kind
    drawing: Drawing


Place = Literal["", "tusn", "merchant_number"]
Problem = Literal["", "no-number", "no-digits", "photo-unreadable", "no-way-back", "still-there"]
Said = Literal["screen", "text", "missing", "busy", "else", "back", "stop"]


@dataclass(frozen=True)
class Question:
    """Something that only the person can tell.

    Args:
        about: ``see``: which screen the terminal shows. ``attempts-left``: the number that it shows. ``last-digits``:
            the last digits of what it shows. ``note``: what it shows instead, in words. ``photo``: path of a picture.
        choices: Screens that are likely now, the expected one first.
        others: All other screens of the menu.
        place: ``tusn`` or ``merchant_number``, where its last digits are asked for.
        digits: How many.
        row: A row that the terminal may turn out not to have, or empty.
        problem: What was wrong with the answer before: ``no-number``, ``no-digits``, ``photo-unreadable``,
            ``no-way-back``; ``still-there``: it still waits for the person; or empty.
    """

    about: Literal["see", "attempts-left", "last-digits", "note", "photo"]
    choices: tuple[Choice, ...] = ()
    others: tuple[Choice, ...] = ()
    place: Place = ""
    digits: int = 0
    row: str = ""
    problem: Problem = ""

    def choice(self, screen: str) -> Choice | None:
        """Find a choice by the name of its screen."""
        return next((each for each in (*self.choices, *self.others) if each.screen == screen), None)


@dataclass(frozen=True)
class Answer:
    """What a person says.

    Args:
        said: ``screen``: it shows the screen named by ``text``. ``text``: number, digits, note or path. ``missing``:
            the row is not there. ``busy``: the terminal is still at work. ``else``: something that is no choice.
            ``back``: undo the last step. ``stop``: go no further.
        text: See there. A note may hold what nobody thought of: not shown.
    """

    said: Said
    text: str = field(default="", repr=False)


class Guide(Protocol):
    """A person who does what is said and says what is seen, or whatever stands for one."""

    def instruct(self, step: Step) -> None:
        """Say what to do."""

    def ask(self, question: Question) -> Answer:
        """Ask, and wait for the answer."""
