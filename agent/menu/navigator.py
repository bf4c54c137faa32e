"""The navigator: from what the display shows to the next key, towards a goal (design section 4, unbind).

It knows no sequence of keys. It recognises the screen, looks for the shortest way to the goal in the menu of the
profile, and takes its first step by the words on the screen. It confirms only where the terminal shows the very facts
of the case, twice the same; types a password once, and never with the last attempt (I6); and after the last
confirmation it only looks (I3).
"""

from __future__ import annotations

from collections import Counter

from agent.errors import AgentError, PreconditionNotMet, TerminalRefused, UsageFault
from agent.menu import endings, interruptions
from agent.menu.actions import Action, Done, Press, Stop
from agent.menu.answers import Answers
from agent.menu.case import MenuCase
from agent.menu.kept import rows_to_keep, rows_to_tell
from agent.menu.lists import Choose, ListSearch, Missing
from agent.menu.patience import Patience
from agent.menu.recognise import Recognised, recognise
from agent.menu.route import way
from agent.menu.typing_field import FieldTyping
from protocols.menu import PASSWORDS, Goal, KeyEdge, Menu, MenuScreen
from protocols.terminal import Screen
from protocols.words import Key

MAX_STEPS = 600
"""More than any menu needs, with each key pressed twice."""

MAX_SAME = 5
"""How often the same keys lead on from the same screen; a way that leads round in circles ends here."""

LAST_ATTEMPTS = 1
UNKNOWN_SCREEN = "?"


class Navigator:
    """Finds the way to one goal, once.

    Args:
        menu: The menu.
        goal: What to reach.
        case: What must be shown.
        answers: Knows what fields ask for.
        attempts_left: Password attempts left as the terminal's status says; where its screen says fewer, that counts.
        by_person: Whether a person presses. Then a screen that did not change does not prove that a key was not taken.
    """

    def __init__(
        self, menu: Menu, goal: Goal, case: MenuCase, answers: Answers, attempts_left: int, *, by_person: bool = False
    ) -> None:
        self.here = UNKNOWN_SCREEN
        """Name of the screen shown last."""
        self.rows: tuple[str, ...] = ()
        """Its rows as they may be kept."""
        self.committed = False
        """True once the key was given out that cannot be taken back."""
        self._menu = menu
        self._goal = goal
        self._case = case
        self._typing = FieldTyping(case, answers)
        self._lists = ListSearch(menu, case)
        self._between = interruptions.Interruptions()
        self._attempts_left = attempts_left
        self._patience = Patience(menu.patience_seconds, by_person=by_person)
        self._steps = 0
        self._gone: Counter[tuple[str, tuple[Key, ...]]] = Counter()
        self._settled = False  # True once a screen was seen that is not in the middle of somebody's work
        self._confirmed = False
        self._expected: frozenset[str] = frozenset()
        self._at = ""  # the last screen that was no interruption
        self._ended = ""  # the field that was ended last, until it is known whether that was right
        self._agreed_on = ""  # the confirmation that was given
        self._filling = False
        self._reading: tuple[int, tuple[str, ...]] | None = None
        self._stopping: AgentError | None = None

    def next_action(self, display: Screen) -> Action:
        """Say what to do on the screen that the terminal shows now."""
        action = self._decide(display)
        self._reading = (display.serial, display.lines)
        if isinstance(action, Press):
            self._patience.pressed(action, display)
            self.committed = self.committed or action.commits
        if isinstance(action, Stop) and self.committed and not isinstance(action.error, TerminalRefused):
            # Whatever went wrong after the last confirmation, nobody here knows whether it was done (I3).
            return Stop(endings.unknown_outcome(self._goal.name, self.here))
        return action

    def answer_lost(self) -> None:
        """Learn that the answer to the last keys was lost: the next display tells whether they were pressed (I3)."""
        self._patience.answer_lost()

    def refused(self) -> None:
        """Learn that the terminal refused the last keys: they were not pressed."""
        self._take_back()

    def _take_back(self) -> None:
        last = self._patience.last
        self._patience.not_taken()
        if last is None:
            return
        if last.kind == "confirm":
            self._agreed_on = ""
        if last.kind in ("type", "submit"):
            self._typing.take_back()
            self._ended = ""
        self.committed = self.committed and not last.commits

    # ------------------------------------------------------------------ decisions
    def _decide(self, display: Screen) -> Action:
        self._steps += 1
        known = recognise(self._menu, display)
        self.here = known.screen.id if known is not None else UNKNOWN_SCREEN
        self.rows = rows_to_keep(display, known, self._case, typing=self._filling)
        if self._stopping is not None:
            return Stop(self._stopping)
        if self._steps > MAX_STEPS:
            return Stop(self._too_long())
        if known is None:
            unknown = PreconditionNotMet("menu-unknown-screen", rows=rows_to_tell(self.rows))
            return self._patience.look_again() or self._patience.wait_or(unknown)
        no_reaction = PreconditionNotMet("menu-no-reaction", screen=self.here)
        waiting = self._patience.unchanged(display, no_reaction, committed=self.committed)
        if waiting == "lost":
            self._take_back()
        elif waiting is not None:
            return waiting
        screen = known.screen
        if screen.interrupts is not None:
            return self._interrupted(screen)
        self._filling = screen.field is not None
        self._learn(known)
        if screen.means is not None and (ending := self._ending(screen, known)) is not None:
            return ending
        if self.committed:
            return self._patience.wait_or(endings.unknown_outcome(self._goal.name, self.here))
        return self._go_on(known, display)

    def _interrupted(self, screen: MenuScreen) -> Action:
        assert screen.interrupts is not None
        for each in self._menu.screens:
            if each.id == self._ended:
                self._typing.was_interrupted(each)
        error = interruptions.error_of(screen.interrupts, screen.id)
        if screen.answer == "wait":
            return self._patience.wait_or(error)
        begins_again = screen.interrupts == "logged-off"
        if screen.answer == "stop" or not self._between.may_answer(screen) or (begins_again and self.committed):
            return Stop(error)
        if begins_again:
            self._settled, self._confirmed, self._expected = False, False, frozenset()
            self._at = self._agreed_on = ""
        return Press(screen.press, kind="answer")

    def _learn(self, known: Recognised) -> None:
        """Draw conclusions from having come to a screen."""
        screen = known.screen
        if self._ended and screen.id != self._ended:
            if screen.id in self._expected:
                self._typing.was_right(self._ended)
            self._ended = ""
        ahead = way(self._menu, screen.id, self._goal) or ()
        if any(each.confirms is not None for each in self._menu.screens if each.id in ahead):
            self._confirmed = False  # the confirmation is still to come, or comes again

    def _ending(self, screen: MenuScreen, known: Recognised) -> Action | None:
        """Say what an end of the menu means; None where it is left over from before and has to be left."""
        assert screen.means is not None
        if not self._settled and screen.means != "locked":
            return None
        error = endings.error_of(screen.means, screen.id, known.places)
        if error is not None:
            return Stop(error)
        if not self.committed and screen.means == "pending":
            return Stop(PreconditionNotMet("menu-already-pending", screen=screen.id))
        if self.committed and (screen.id == self._goal.reach or screen.means == "pending"):
            if self._case.agrees_with(known.places):
                return Done(pending=screen.means == "pending")
            return self._patience.look_again() or Stop(endings.unknown_outcome(self._goal.name, self.here))
        return Stop(endings.unknown_outcome(self._goal.name, self.here))

    def _go_on(self, known: Recognised, display: Screen) -> Action:
        screen = known.screen
        binds = screen.field is not None or screen.confirms is not None or screen.commits
        wrong = self._case.disagreeing(known.places)
        if not self._settled and (binds or wrong):
            # Left like this by somebody else: start from before it.
            in_use = PreconditionNotMet("menu-in-use", screen=screen.id)
            return self._patience.look_again() or self._back_out(screen, self._disagrees(screen, wrong) or in_use)
        if (error := self._disagrees(screen, wrong)) is not None:
            return self._doubt(screen, error)
        if screen.confirms not in (None, self._goal.name) or (
            screen.commits and screen.confirms is None and not self._confirmed
        ):
            return self._doubt(screen, PreconditionNotMet("menu-unconfirmed", screen=screen.id))
        if binds and screen.id not in self._expected and screen.id != self._at:
            return self._doubt(screen, PreconditionNotMet("menu-wrong-turn", screen=screen.id))
        self._settled = self._settled or screen.means is None
        self._at = screen.id
        return self._fill(known) if screen.field is not None else self._step_on(known, display)

    def _fill(self, known: Recognised) -> Action:
        screen = known.screen
        assert screen.field is not None
        if screen.field.asks in PASSWORDS:
            of_terminal = self._attempts_left if screen.field.asks == "password" else LAST_ATTEMPTS + 1
            left = min(of_terminal, int(known.places.get("attempts_left", of_terminal)))
            if left <= LAST_ATTEMPTS:
                return self._doubt(screen, PreconditionNotMet("password-attempts-too-few", attempts_left=left))
        if not self._typing.may_end(screen):
            # Ending a field leads away from it. Here it is again, so the terminal did not take what was typed (I6).
            return self._retreat(screen, TerminalRefused("menu-asked-again", screen=screen.id))
        try:
            press = self._typing.next_press(screen, known.places)
        except UsageFault as fault:
            return self._retreat(screen, fault)
        if press.kind == "submit":
            same = (edge.leads for edge in screen.keys if edge.press == press.keys)
            self._expected, self._ended = frozenset({screen.field.leads, *same}), screen.id
        return press

    def _step_on(self, known: Recognised, display: Screen) -> Action:
        """Take the first step of the shortest way to the goal."""
        screen = known.screen
        ahead = way(self._menu, screen.id, self._goal)
        if ahead is None:
            no_way = PreconditionNotMet("menu-no-way", screen=screen.id)
            return self._back_out(screen, no_way)
        target = ahead[0]
        if target in (*(item.leads for item in screen.items), *(entry.leads for entry in screen.entries)):
            return self._choose(screen, target, display)
        edge = next(edge for edge in screen.keys if edge.leads == target)
        if screen.confirms is None or edge.goes_back:
            return self._go(
                screen, edge.press, self._leads(screen, edge), commits=screen.commits and not edge.goes_back
            )
        if not all(place in known.places for place in screen.must_show):  # that they agree was checked before
            return self._retreat(screen, PreconditionNotMet("menu-other-terminal", screen=screen.id))
        if self._agreed_on == screen.id:
            # Going on leads away from it. Nothing is confirmed twice (I3).
            return self._retreat(screen, TerminalRefused("menu-asked-again", screen=screen.id))
        if self._reading != (display.serial, display.lines):
            return self._doubt(screen, PreconditionNotMet("menu-unsteady", screen=screen.id))
        self._confirmed, self._agreed_on = True, screen.id
        self._expected = self._leads(screen, edge)
        return Press(edge.press, commits=screen.commits, kind="confirm")

    def _choose(self, screen: MenuScreen, target: str, display: Screen) -> Action:
        found = self._lists.find(screen, target, display, stuck=self._patience.stuck)
        if isinstance(found, Missing):
            labels = [item.label for item in screen.items if item.leads == target]
            if labels:
                missing = PreconditionNotMet("menu-item-missing", screen=screen.id, item=labels[0])
                return self._patience.look_again() or Stop(missing)
            return self._patience.look_again() or Stop(PreconditionNotMet("menu-terminal-not-listed"))
        if not isinstance(found, Choose):
            return Press(found.keys, kind="scroll")
        labels = [item.label for item in screen.items if item.leads == target]
        leads = {target, *(item.leads for item in screen.items if item.label in labels)}
        return self._go(screen, found.keys, frozenset(leads), commits=False)

    def _go(self, screen: MenuScreen, keys: tuple[Key, ...], leads: frozenset[str], *, commits: bool) -> Action:
        if not self._patience.repeats:
            self._gone[screen.id, keys] += 1
        if self._gone[screen.id, keys] > MAX_SAME:
            return Stop(self._too_long())
        self._expected = leads
        self._lists.forget()
        return Press(keys, commits=commits, kind="confirm" if commits else "go")

    def _leads(self, screen: MenuScreen, edge: KeyEdge) -> frozenset[str]:
        return frozenset(each.leads for each in screen.keys if each.press == edge.press)

    # ------------------------------------------------------------------ ways out
    def _disagrees(self, screen: MenuScreen, wrong: frozenset[str]) -> AgentError | None:
        if not wrong:
            return None
        code = "menu-other-merchant" if wrong == {"merchant_number"} else "menu-other-terminal"
        return PreconditionNotMet(code, screen=screen.id)

    def _too_long(self) -> AgentError:
        return PreconditionNotMet("menu-too-many-steps", steps=self._steps)

    def _back_out(self, screen: MenuScreen, otherwise: AgentError) -> Action:
        """Go back where the profile says that it is safe, else stop."""
        edge = next((edge for edge in screen.keys if edge.goes_back), None)
        if edge is None:
            return Stop(otherwise)
        return self._go(screen, edge.press, self._leads(screen, edge), commits=False)

    def _doubt(self, screen: MenuScreen, error: AgentError) -> Action:
        """Look again, and if it is so, leave."""
        return self._patience.look_again() or self._retreat(screen, error)

    def _retreat(self, screen: MenuScreen, error: AgentError) -> Action:
        """Leave a screen on which a stray key could do harm, where that is safe, and stop."""
        self._stopping = error
        return self._back_out(screen, error)
