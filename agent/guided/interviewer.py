"""The questions whose answers are more than a screen: numbers that it shows, remarks, pictures."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

from agent.errors import UsageFault
from agent.guided.drawing import READ_OFF, places_of_screen
from agent.guided.interview import Answer, Guide, Place, Problem, Question
from agent.guided.record import Record
from agent.guided.remarks import clean_note, describe_photo
from protocols.menu import MenuScreen

_ATTEMPTS = re.compile(r"[0-9]{1,2}")
_READ_OFF = re.compile(rf"[0-9A-Za-z]{{{READ_OFF}}}")


class Stopped(Exception):
    """The person wants to go no further."""


class Interviewer:
    """Asks until an answer can be used.

    Args:
        guide: The person.
        record: Takes remarks and pictures.
    """

    def __init__(self, guide: Guide, record: Record) -> None:
        self._guide = guide
        self._record = record

    def ask(self, question: Question) -> Answer:
        """Ask once.

        Raises:
            Stopped: The person wants to stop.
        """
        answer = self._guide.ask(question)
        if answer.said == "stop":
            raise Stopped
        return answer

    def read(self, screen: MenuScreen, facts: Mapping[str, str]) -> dict[str, str] | None:
        """Have read what only the terminal can say: attempts left, and the numbers that are about to be confirmed.

        Args:
            screen: The screen shown.
            facts: The case's own, by the names of places.

        Returns:
            Places of the screen; None where the person wants to look at the screen again.

        Raises:
            Stopped: The person wants to stop.
        """
        read: dict[str, str] = {}
        for place in places_of_screen(screen):
            if place == "attempts_left":
                text = self._text(Question("attempts-left"), _ATTEMPTS, "no-number")
            elif screen.confirms is not None and place in screen.must_show and place in ("tusn", "merchant_number"):
                name: Place = "tusn" if place == "tusn" else "merchant_number"
                question = Question("last-digits", place=name, digits=READ_OFF)
                text = self._text(question, _READ_OFF, "no-digits")
                # What differs is shown to the engine, which then backs out by itself.
                text = text and facts.get(place, "")[:-READ_OFF] + text
            else:
                continue
            if not text:
                return None
            read[place] = text
        return read

    def remark(self) -> bool:
        """Ask for a note, and for a picture where there is one.

        Returns:
            False where the person wants to look at the screen again.

        Raises:
            Stopped: The person wants to stop.
        """
        answer = self.ask(Question("note"))
        if answer.said != "text":
            return False
        if note := clean_note(answer.text):
            self._record.notes.append(note)
        problem: Problem = ""
        while True:
            answer = self.ask(Question("photo", problem=problem))
            if answer.said != "text" or not answer.text.strip():
                return True
            try:
                self._record.photos.append(describe_photo(Path(answer.text.strip())))
            except UsageFault:
                problem = "photo-unreadable"
            else:
                return True

    def _text(self, question: Question, form: re.Pattern[str], problem: Problem) -> str:
        while True:
            answer = self.ask(question)
            if answer.said != "text":
                return ""
            if form.fullmatch(answer.text.strip()):
                return answer.text.strip()
            question = Question(question.about, place=question.place, digits=question.digits, problem=problem)
