"""A display that a person describes: the menu engine presses keys on it and reads it as on any other terminal.

Each press becomes an instruction, and what the person says to have seen becomes the next screen, made from the profile.
So the engine stays the only one that decides. What it types is one instruction a field, not one a digit.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from agent.errors import AgentError, OutcomeUnknown, PreconditionNotMet
from agent.guided.answers import GuidedAnswers
from agent.guided.choices import offer
from agent.guided.drawing import Contents, draw, row_words, rows_for_engine
from agent.guided.interview import Drawing, Guide, Problem, Question, Step
from agent.guided.interviewer import Interviewer, Stopped
from agent.guided.keypad import Keypad, Meant
from agent.guided.record import Record
from agent.menu.runner import STALE_SCREEN
from protocols.errors import DeviceRefused
from protocols.menu import Menu, MenuScreen
from protocols.terminal import Binding, Screen, Status
from protocols.words import Key

PRESS = "KEY_PRESS"
NO_CODE = 0
NOWHERE = "?"

MAX_RETYPED = 5
"""How often in one walk a field that the terminal did not take is typed again."""


class Line(Protocol):
    """What is asked over the line all the same."""

    def status(self) -> Status:
        """Ask for the terminal's state."""

    def bindings(self) -> tuple[Binding, ...]:
        """Ask for its bindings."""


class GuidedDisplay:
    """Display and keys of a terminal by the eyes and hands of a person; all else is asked over the line.

    Args:
        line: The connected terminal, whose keys and screen are left alone.
        menu: Its menu.
        places: What the case's facts fill in on its screens.
        answers: What the engine types.
        guide: The person.
        record: Takes what the person says.
    """

    def __init__(
        self,
        line: Line,
        menu: Menu,
        places: Mapping[str, str],
        answers: GuidedAnswers,
        guide: Guide,
        record: Record,
    ) -> None:
        self._line = line
        self._menu = menu
        self._places = places
        self._answers = answers
        self._guide = guide
        self._record = record
        self._interviewer = Interviewer(guide, record)
        self._screens = {screen.id: screen for screen in menu.screens}
        self._expected = menu.screens[0].id
        self._serial = 0
        self._shown: Screen | None = None
        self._here: MenuScreen | None = None
        self._beneath: MenuScreen | None = None  # the last screen that was no interruption
        self._read: dict[str, str] = {}
        self._retyped = 0
        self._typed_on: MenuScreen | None = None  # the field that was typed into last
        self._keypad: Keypad | None = None
        self._committed = False

    # ------------------------------------------------------------------ the line
    def status(self) -> Status:
        """Ask the terminal for its state."""
        return self._line.status()

    def bindings(self) -> tuple[Binding, ...]:
        """Ask the terminal for its bindings."""
        return self._line.bindings()

    # ------------------------------------------------------------------ eyes and hands
    def screen(self) -> Screen:
        """Return what was seen last; the first time, ask.

        Raises:
            AgentError: The person stopped, or saw something that is no screen of the menu.
        """
        if self._shown is None:
            self._look()
        assert self._shown is not None
        return self._shown

    def press(self, keys: tuple[Key, ...], on: Screen) -> None:
        """Have keys pressed, and ask what came.

        Args:
            keys: Pressed together.
            on: What was seen last.

        Raises:
            AgentError: The person stopped, or saw something that is no screen of the menu.
            DeviceRefused: ``STALE_SCREEN``: the person took the step back, or did not get it done.
        """
        here, keypad = self._here, self._keypad
        if here is None or keypad is None or on.serial != self._serial:
            raise DeviceRefused(PRESS, NO_CODE, STALE_SCREEN)
        meant = keypad.take(keys)
        if meant is None:
            self._show()
            return
        self._expected = self._after(here, meant)
        self._committed = self._committed or meant.commits
        step = self._step(meant, here, keys, keypad.typed)
        self._guide.instruct(step)
        attempts = self._read.get("attempts_left")
        went_back = self._look(step)
        masked = here.field is not None and here.field.masked
        not_taken = self._here is here and not meant.commits and self._may_be_typed_again(here, attempts)
        if not_taken:
            self._retyped += 1
        if (not_taken and self._retyped <= MAX_RETYPED) or (went_back and not masked):
            raise DeviceRefused(PRESS, NO_CODE, STALE_SCREEN)

    def next_screen(self, after: Screen, timeout: float) -> Screen | None:
        """Return what was seen after a screen; where that is still the last, ask again.

        Args:
            after: The screen known so far.
            timeout: Not kept: people take the time they need.
        """
        if self.screen().serial <= after.serial:
            self._look()
        shown = self.screen()
        return shown if shown.serial > after.serial else None

    # ------------------------------------------------------------------ ends
    def leave(self) -> None:
        """Tell the person how to leave the terminal after a stop."""
        self._guide.instruct(Step(self._record.steps, "leave", self._name, self._way_back()[0]))

    def finish(self) -> None:
        """Tell the person that it is done."""
        self._guide.instruct(Step(self._record.steps, "finished", self._name))

    # ------------------------------------------------------------------ asking
    def _look(self, step: Step | None = None) -> bool:
        """Ask what the terminal shows until there is an answer.

        Args:
            step: The step just given; None where nothing was pressed.

        Returns:
            True where the person took a step back.

        Raises:
            AgentError: The person stopped, or saw something that is no screen of the menu.
        """
        try:
            return self._ask_what_is_seen(step)
        except Stopped:
            raise self._end("guide-stopped") from None

    def _ask_what_is_seen(self, step: Step | None) -> bool:
        went_back = False
        problem: Problem = ""
        while True:
            if step is None and self._here is not None and (self._here.field or self._here.confirms):
                problem = problem or "still-there"
            choices, others = offer(self._menu.screens, self._expected, self._beneath, self._draw)
            row = step.row if step is not None and not went_back else ""
            answer = self._interviewer.ask(Question("see", choices, others, row=row, problem=problem))
            problem = ""
            if answer.said == "screen" and answer.text in self._screens:
                if self._see(self._screens[answer.text], anew=went_back):
                    return went_back
            elif answer.said == "missing" and row:
                self._show(listed=False)
                return went_back
            elif answer.said == "else" and self._interviewer.remark():
                raise self._end("guide-other-screen")
            elif answer.said == "back":
                stepped = self._step_back()
                went_back = went_back or stepped
                problem = "" if stepped else "no-way-back"

    def _see(self, seen: MenuScreen, *, anew: bool) -> bool:
        """Show the engine what was seen; False where the person has to look again."""
        unchanged = self._here is seen and not anew
        if unchanged and (self._committed or seen.confirms is not None):
            return True  # the engine waits, and nothing is confirmed twice
        read = self._interviewer.read(seen, self._places)
        if read is None:
            return False
        self._here, self._read = seen, read
        self._beneath = seen if seen.interrupts is None else self._beneath
        self._keypad = Keypad(seen, row_words(seen, self._places))
        if seen.means in ("done", "pending"):
            self._committed = False  # it is known how that ended; another task may follow
        self._show()
        return True

    def _may_be_typed_again(self, screen: MenuScreen, attempts_before: str | None) -> bool:
        """Tell whether a field that is still there was not taken: a password counts only if no attempt is gone (I6)."""
        if screen.field is None or not screen.field.masked:
            return screen.field is not None
        return attempts_before is not None and self._read.get("attempts_left") == attempts_before

    def _show(self, *, listed: bool = True) -> None:
        """Make the screen that the engine reads."""
        here, keypad = self._here, self._keypad
        assert here is not None
        assert keypad is not None
        places = {**self._places, **self._read, "typed": keypad.typed, "hidden": "*" * len(keypad.typed)}
        rows = rows_for_engine(self._menu, here, Contents(places, keypad.highlighted, listed))
        masked = here.field is not None and here.field.masked
        self._serial += 1
        self._shown = Screen(self._serial, self._menu.columns, self._menu.rows, masked, rows)

    def _step_back(self) -> bool:
        """Have the person go back one screen; False where that is not safe."""
        keys, leads = self._way_back()
        if not keys:
            return False
        self._expected = leads
        expected = self._draw(self._screens[leads])
        self._guide.instruct(Step(self._record.next_number(), "back", self._name, keys, expected=expected))
        return True

    def _way_back(self) -> tuple[tuple[Key, ...], str]:
        """Return the keys that go back from where the terminal is, and the screen they lead to."""
        edges = self._here.keys if self._here is not None and not self._committed else ()
        return next(((edge.press, edge.leads) for edge in edges if edge.goes_back), ((), ""))

    def _end(self, code: str) -> AgentError:
        if self._committed:
            return OutcomeUnknown(f"{code}-late", screen=self._name)
        return PreconditionNotMet(code, screen=self._name)

    # ------------------------------------------------------------------ telling
    def _after(self, here: MenuScreen, meant: Meant) -> str:
        """Name the screen that should come; what was interrupted goes on where it was."""
        if here.interrupts == "logged-off":
            return self._menu.screens[0].id
        return self._expected if here.interrupts is not None else meant.leads

    def _step(self, meant: Meant, here: MenuScreen, keys: tuple[Key, ...], typed: str) -> Step:
        field = here.field if meant.act == "type" else None
        by_highlight = meant.act == "choose" and here.choose == "highlight"
        target = self._screens.get(self._expected)
        again = field is not None and self._typed_on is here
        self._typed_on = here if field is not None else self._typed_on
        return Step(
            self._record.next_number(),
            meant.act,
            here.id,
            keys if meant.act != "choose" else here.select if by_highlight else (),
            row=meant.row,
            by="highlight" if by_highlight else "digit",
            pages=here.next if meant.act == "choose" else (),
            erase=field.erase if field is not None and again else None,
            asks=field.asks if field is not None else None,
            text=typed if field is not None and (field.fixed or self._answers.may_show(field.asks)) else "",
            expected=None if target is None else self._draw(target),
            commits=meant.commits,
        )

    def _draw(self, screen: MenuScreen) -> Drawing:
        return draw(self._menu, screen, self._places)

    @property
    def _name(self) -> str:
        return self._here.id if self._here is not None else NOWHERE
