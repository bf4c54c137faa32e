"""Guided mode in a plain console: what to press, a drawing of what should come, and the question what is seen."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from typing import Literal

from agent.cli.asking import Person
from agent.cli.cells import pad
from agent.cli.output import Reporter
from agent.cli.screen_box import boxed
from agent.guided.interview import Answer, Choice, Drawing, Question, Step
from protocols.words import Key

INDENT = 2
NUMBER_CELLS = 3
TITLE_ROWS = 2

Command = Literal["back", "help", "stop", "else", "more", "busy", "missing"]
ALWAYS: tuple[Command, ...] = ("back", "help", "stop")
LOOKING: tuple[Command, ...] = (*ALWAYS, "else", "more", "busy", "missing")


class ConsoleGuide:
    """Guides whoever sits at the console.

    Args:
        reporter: Where the pages go.
        person: Who answers.
    """

    def __init__(self, reporter: Reporter, person: Person) -> None:
        self._reporter = reporter
        self._texts = reporter.texts
        self._person = person
        self._drawn: Drawing | None = None
        self._begun = False

    # ------------------------------------------------------------------ saying
    def instruct(self, step: Step) -> None:
        """Say what to do."""
        self._begin()
        with self._reporter.paused():
            if step.act not in ("leave", "finished"):
                self._reporter.heading(self._texts("guide.heading", number=step.number))
            else:
                self._reporter.line()
            for sentence in self._sentences(step):
                self._say(sentence, "bold")
            if step.commits:
                self._say(self._texts("guide.commits"), "warn")
            if step.expected is not None:
                self._say(self._texts("guide.expect"))
                self._draw(step.expected)

    def _sentences(self, step: Step) -> list[str]:
        keys = self._caps(step.keys)
        what = self._texts.word("asked", step.asks or "")
        if step.act == "choose":
            said = [self._texts(f"guide.choose-{step.by}", row=step.row, keys=keys)]
            return said + ([self._texts("guide.pages", keys=self._caps(step.pages))] if step.pages else [])
        if step.act == "type":
            erase = [self._texts("guide.erase", keys=self._caps((step.erase,)))] if step.erase is not None else []
            return [
                *erase,
                self._texts("guide.type" if step.text else "guide.type-yours", what=what, text=step.text, keys=keys),
            ]
        if step.act == "press":
            return [self._texts("guide.press-together" if len(step.keys) > 1 else "guide.press", keys=keys)]
        if step.act == "leave" and not step.keys:
            return [self._texts("guide.leave-alone")]
        return [self._texts(f"guide.{step.act}", keys=keys)]

    def _caps(self, keys: Sequence[Key]) -> str:
        return " + ".join(self._texts.word("cap", key.name.removeprefix("DIGIT_")) for key in keys)

    # ------------------------------------------------------------------ asking
    def ask(self, question: Question) -> Answer:
        """Ask until there is an answer; the end of input stops."""
        self._begin()
        try:
            return self._ask_look(question) if question.about == "see" else self._ask_text(question)
        except KeyboardInterrupt:
            return Answer("stop")

    def _ask_look(self, question: Question) -> Answer:
        listed = list(question.choices)
        with self._reporter.paused():
            first = question.choices[0] if question.choices else None
            if first is not None and first.kind == "expected" and first.drawing != self._drawn:
                self._say(self._texts("guide.start"))
                self._draw(first.drawing)
            self._problem(question)
            self._offer(question)
        while True:
            typed = self._typed()
            command = self._command(typed, LOOKING if question.row else LOOKING[:-1])
            if command == "help":
                self._say(self._texts("guide.help"))
            elif command == "more" and len(listed) == len(question.choices):
                self._list(question.others, len(listed))
                listed += question.others
            elif command in ("back", "stop", "else", "busy", "missing"):
                return Answer(command)
            elif typed.startswith("d") and (choice := _numbered(listed, typed[1:])) is not None:
                self._draw(choice.drawing)
            elif (choice := _numbered(listed, typed)) is not None:
                return Answer("screen", choice.screen)
            else:
                self._say(self._texts("guide.problem.what"), "warn")

    def _ask_text(self, question: Question) -> Answer:
        what = self._texts.word("asked", question.place)
        self._problem(question)
        self._say(self._texts(f"guide.{question.about}", what=what, digits=question.digits))
        while True:
            typed = self._person.ask(self._texts("guide.prompt")).strip()
            command = self._command(_folded(typed), ALWAYS)
            if command == "help":
                self._say(self._texts("guide.help"))
            elif command in ("back", "stop"):
                return Answer(command)
            else:
                # Full-width digits are what a Chinese input method types.
                return Answer("text", typed if question.about in ("note", "photo") else _folded(typed))

    def _typed(self) -> str:
        return _folded(self._person.ask(self._texts("guide.prompt")))

    def _command(self, typed: str, known: Sequence[Command]) -> Command | None:
        return next((each for each in known if typed in self._texts(f"guide.words.{each}").split()), None)

    # ------------------------------------------------------------------ writing
    def _begin(self) -> None:
        if not self._begun:
            self._begun = True
            with self._reporter.paused():
                self._reporter.line()
                self._say(self._texts("guide.begin"), "bold")
                self._say(self._texts("guide.evidence"))
                self._reporter.line()

    def _offer(self, question: Question) -> None:
        self._say(self._texts("guide.see"), "bold")
        self._list(question.choices, 0)
        if question.row:
            self._entry("n", self._texts("guide.row-missing", row=question.row))
        self._entry("w", self._texts("guide.busy"))
        if question.others:
            self._entry("m", self._texts("guide.more"))
        self._entry("e", self._texts("guide.else"))
        self._say(self._texts("guide.controls"), "dim")

    def _list(self, choices: Sequence[Choice], after: int) -> None:
        for place, choice in enumerate(choices, after + 1):
            title = _title(choice.drawing)
            known = {
                "expected": self._texts("guide.expected"),
                "unchanged": self._texts("guide.unchanged", title=title),
            }
            self._entry(str(place), known.get(choice.kind, title))

    def _entry(self, mark: str, text: str) -> None:
        self._reporter.raw(" " * (INDENT + 2) + pad(mark, NUMBER_CELLS) + text)

    def _problem(self, question: Question) -> None:
        if question.problem:
            self._say(self._texts(f"guide.problem.{question.problem}", digits=question.digits), "warn")

    def _say(self, text: str, style: str | None = None) -> None:
        self._reporter.line(text, style, indent=INDENT)

    def _draw(self, drawing: Drawing) -> None:
        self._drawn = drawing
        for line in boxed(drawing.rows, drawing.columns):
            self._reporter.raw(" " * (INDENT + 2) + line)
        if any(mark in row for row in drawing.rows for mark in "?…"):
            self._say(self._texts("guide.legend"), "dim")
        if drawing.paged:
            self._say(self._texts("guide.paged"), "dim")


def _folded(typed: str) -> str:
    return unicodedata.normalize("NFKC", typed).strip().lower()


def _title(drawing: Drawing) -> str:
    rows = [row.strip() for row in drawing.rows if row.strip() not in ("", "…")]
    return " / ".join(rows[:TITLE_ROWS])


def _numbered(listed: Sequence[Choice], typed: str) -> Choice | None:
    typed = typed.strip()
    if not (typed.isascii() and typed.isdecimal()) or len(typed) > NUMBER_CELLS:
        return None
    place = int(typed)
    return listed[place - 1] if 1 <= place <= len(listed) else None
