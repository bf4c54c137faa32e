"""A technician made for these tests: does on a terminal's panel what the guide says, and says what the panel shows.

Knows nothing of profiles beyond what a person is shown: the words to choose, the drawings, the keys.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Protocol

from agent.guided.interview import Answer, Drawing, Question, Step
from protocols.menu import Asked
from protocols.multitap import next_tap, tap
from protocols.words import Key

MAX_PAGES = 20
MAX_TYPED = 32
MERCHANT = r"(?<![0-9])[0-9]{15}$"


class Panel(Protocol):
    """The front of a terminal."""

    def rows(self) -> list[str]:
        """What it shows."""

    def press(self, *keys: Key) -> None:
        """Press keys together."""


class Technician:
    """Follows instructions.

    Args:
        panel: The terminal in front of the technician.
        knows: What only the technician knows: passwords, codes.
    """

    def __init__(self, panel: Panel, knows: Mapping[Asked, str]) -> None:
        self.panel = panel
        self.knows = dict(knows)
        self.steps: list[Step] = []
        self.questions: list[Question] = []
        self.on_step: Callable[[Step], None] = lambda step: None
        self.on_question: Callable[[Question], Answer | None] = lambda question: None

    # ------------------------------------------------------------------ guide
    def instruct(self, step: Step) -> None:
        self.steps.append(step)
        self.on_step(step)
        if step.act in ("press", "back"):
            self.panel.press(*step.keys)
        elif step.act == "type":
            self._type(step)
        elif step.act == "choose":
            self._choose(step)

    def ask(self, question: Question) -> Answer:
        self.questions.append(question)
        given = self.on_question(question)
        if given is not None:
            return given
        if question.about == "attempts-left":
            return Answer("text", self._number(r"(?<=剩余)[^0-9]*[0-9]{1,2}").strip(" :次数"))
        if question.about == "last-digits":
            return Answer("text", self._number(r"(?<![0-9])[0-9]{16}$" if question.place == "tusn" else MERCHANT)[-4:])
        assert question.about == "see", question
        return self.see(question)

    # ------------------------------------------------------------------ eyes
    def see(self, question: Question) -> Answer:
        """Name the drawing that looks like the panel."""
        rows = [row.strip() for row in self.panel.rows()]
        if question.row and not any(question.row in row for row in rows) and self._looks_unchanged(question, rows):
            return Answer("missing")
        fitting = [each.screen for each in (*question.choices, *question.others) if looks_like(each.drawing, rows)]
        if not fitting:  # a list without our row is still that list
            fitting = [each.screen for each in question.choices if each.drawing.rows[0] == rows[0]]
        return Answer("screen", fitting[0]) if fitting else Answer("else")

    def _looks_unchanged(self, question: Question, rows: list[str]) -> bool:
        return any(each.kind == "unchanged" and each.drawing.rows[0] == rows[0] for each in question.choices)

    def _number(self, form: str) -> str:
        found = [match.group() for row in self.panel.rows() if (match := re.search(form, row))]
        assert found, self.panel.rows()
        return found[0]

    # ------------------------------------------------------------------ hands
    def _type(self, step: Step) -> None:
        """Type, and end the field; stop where something else comes up."""
        assert step.asks is not None
        text = step.text or self.knows[step.asks]
        heading = self.panel.rows()[0]
        for key in [*[step.erase] * MAX_TYPED, *taps_of(text)]:
            if key is not None:
                self.panel.press(key)
            if self.panel.rows()[0] != heading:
                return
        self.panel.press(*step.keys)

    def _choose(self, step: Step) -> None:
        for _ in range(MAX_PAGES):
            for row in self.panel.rows():
                digit = re.fullmatch(rf"([0-9])\W*{re.escape(step.row)}", row.strip())
                if step.by == "digit" and digit:
                    self.panel.press(Key[f"DIGIT_{digit[1]}"])
                    return
                if step.by == "highlight" and row.strip() != step.row and row.strip().endswith(step.row):
                    self.panel.press(*step.keys)
                    return
            if not step.pages:
                return
            self.panel.press(*step.pages)


def taps_of(text: str) -> list[Key]:
    """Spell a text with the keys of a terminal."""
    if text.isdecimal():
        return [Key[f"DIGIT_{digit}"] for digit in text]
    keys: list[Key] = []
    shown, open_key = "", None
    while shown != text:
        key = next_tap(shown, text, open_key)
        assert key is not None
        keys.append(key)
        shown, open_key = tap(shown, open_key, key)
    return keys


def looks_like(drawing: Drawing, rows: list[str]) -> bool:
    """Compare a drawing with a display as a person does: heading and fixed words are there, and some of its list.

    ``?`` may be anything, a highlight may stand before a row, and a list may be in another order or lack an item.
    """

    def there(drawn: str) -> bool:
        form = re.compile(r"\W?" + re.escape(drawn).replace(r"\?", "."))
        return any(form.fullmatch(row) for row in (rows[:1] if drawn == drawing.rows[0] else rows))

    drawn = [row for row in drawing.rows if row not in ("", "…")]
    listed = [row for row in drawn if row.startswith("?")]
    return all(there(row) for row in drawn if row not in listed) and (not listed or any(map(there, listed)))
