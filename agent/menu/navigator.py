"""The navigator: from what the display shows to the next key, towards a goal (design section 4, unbind).

It knows no sequence of keys. It recognises the screen, looks for the shortest way to the goal in the menu of the
profile, and takes its first step by the words on the screen. It confirms only where the terminal shows the very facts
of the case, types a password once, and never with the last attempt (I6).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from agent.errors import AgentError, OutcomeUnknown, PreconditionNotMet, TerminalRefused
from agent.menu.actions import Action, Done, Press, Stop, Wait
from agent.menu.recognise import Recognised, choices, recognise
from agent.menu.route import first_hop
from agent.menu.typing_field import FieldTyping
from agent.secret import Secret
from protocols.menu import Goal, Menu, MenuScreen
from protocols.pattern import compile_pattern
from protocols.terminal import Screen
from protocols.words import Key

MAX_STEPS = 150
"""More than any menu needs; a way that leads round in circles ends here."""

MAX_WAITS = 2
"""How often in a row the terminal gets another span of patience."""

LAST_ATTEMPTS = 1
UNKNOWN_SCREEN = "?"


@dataclass(frozen=True)
class MenuCase:
    """The facts that the terminal must show before anything is confirmed.

    Args:
        tusn: Serial number of the terminal of the case.
        merchant_number: Its merchant number; not shown in any text.
    """

    tusn: str
    merchant_number: str = field(repr=False)

    def agrees(self, place: str, shown: str) -> bool:
        """Tell whether a named place of a screen shows what it must, or has nothing to do with the case."""
        expected = {"tusn": self.tusn, "tusn_last8": self.tusn[-8:], "merchant_number": self.merchant_number}
        return expected.get(place, shown) == shown

    def agrees_with(self, places: Mapping[str, str]) -> bool:
        """Tell whether all places of a screen agree."""
        return all(self.agrees(place, shown) for place, shown in places.items())


class Navigator:
    """Finds the way to one goal, once.

    Args:
        menu: The menu.
        goal: What to reach.
        case: What must be shown.
        password: What is typed where a password is asked for.
        attempts_left: Password attempts left as the terminal's status says; where its screen says fewer, that counts.
    """

    def __init__(self, menu: Menu, goal: Goal, case: MenuCase, password: Secret, attempts_left: int) -> None:
        self.here = UNKNOWN_SCREEN
        """Name of the screen shown last."""
        self.committed = False
        """True once the key was given out that cannot be taken back."""
        self._menu = menu
        self._goal = goal
        self._case = case
        self._typing = FieldTyping({"merchant_number": Secret(case.merchant_number), "password": password})
        self._attempts_left = attempts_left
        self._steps = 0
        self._waits = 0
        self._settled = False  # True once a screen was seen that is not in the middle of somebody's unbinding
        self._confirmed = False
        self._pressed_on: int | None = None
        self._lost = False
        self._stopping: AgentError | None = None

    def next_action(self, display: Screen) -> Action:
        """Say what to do on the screen that the terminal shows now."""
        action = self._decide(display)
        if isinstance(action, Press):
            self._pressed_on, self._lost, self._waits = display.serial, False, 0
            self.committed = self.committed or action.commits
        if isinstance(action, Stop) and self.committed and not isinstance(action.error, TerminalRefused):
            # Whatever went wrong after the last confirmation, nobody here knows whether it was done (I3).
            return Stop(OutcomeUnknown("unbind-outcome-unknown", screen=self.here))
        return action

    def answer_lost(self) -> None:
        """Learn that the answer to the last keys was lost: nobody knows whether they were pressed (I3).

        The next display tells: with another serial they were; with the same serial they were not, and may be pressed
        on it, since the terminal refuses keys for a screen that it no longer shows.
        """
        self._lost = True

    def refused(self) -> None:
        """Learn that the terminal refused the last keys: they were not pressed."""
        self._pressed_on, self.committed = None, False
        self._typing.take_back()

    # ------------------------------------------------------------------ decisions
    def _decide(self, display: Screen) -> Action:
        self._steps += 1
        known = recognise(self._menu, display)
        self.here = known.screen.id if known is not None else UNKNOWN_SCREEN
        if self._stopping is not None:
            return Stop(self._stopping)
        if self._steps > MAX_STEPS:
            return Stop(PreconditionNotMet("menu-too-many-steps", steps=MAX_STEPS))
        if known is None:
            return self._wait_or(PreconditionNotMet("menu-unknown-screen"))
        if display.serial == self._pressed_on and not self._lost:
            return self._wait_or(PreconditionNotMet("menu-no-reaction", screen=self.here))
        screen = known.screen
        if screen.means is not None and (ending := self._ending(screen, known)) is not None:
            return ending
        if self.committed:
            return self._wait_or(OutcomeUnknown("unbind-outcome-unknown", screen=self.here))
        foreign = not self._case.agrees_with(known.places)
        if not self._settled and (screen.field is not None or screen.confirms is not None or foreign):
            # Left like this by somebody else: start from before it.
            return self._back_out(screen, PreconditionNotMet("menu-in-use", screen=screen.id))
        if foreign:
            return self._retreat(screen, PreconditionNotMet("menu-other-terminal", screen=screen.id))
        self._settled = self._settled or screen.means is None
        return self._fill(known, display) if screen.field is not None else self._go_on(known, display)

    def _ending(self, screen: MenuScreen, known: Recognised) -> Action | None:
        """Say what an end of the menu means; None where it is left over from before and has to be left."""
        if screen.means == "locked":
            return Stop(TerminalRefused("password-locked"))
        if not self._settled:
            return None
        if screen.means == "wrong-password":
            left = known.places.get("attempts_left")
            return Stop(TerminalRefused("wrong-password", **({} if left is None else {"attempts_left": int(left)})))
        if screen.means == "wrong-merchant":
            return Stop(TerminalRefused("wrong-merchant-number"))
        if screen.means == "unsettled":
            return Stop(PreconditionNotMet("unsettled-batch"))
        if screen.means == "not-bound":
            return Stop(PreconditionNotMet("terminal-not-bound"))
        if self.committed and screen.id == self._goal.reach and self._case.agrees_with(known.places):
            return Done()
        return Stop(OutcomeUnknown("unbind-outcome-unknown", screen=screen.id))

    def _fill(self, known: Recognised, display: Screen) -> Action:
        screen = known.screen
        assert screen.field is not None
        if screen.field.asks == "password":
            left = min(self._attempts_left, int(known.places.get("attempts_left", self._attempts_left)))
            if left <= LAST_ATTEMPTS:
                return self._retreat(screen, PreconditionNotMet("password-attempts-too-few", attempts_left=left))
        if screen.commits and not self._confirmed:
            return self._retreat(screen, PreconditionNotMet("menu-unconfirmed", screen=screen.id))
        not_taken = self._lost and display.serial == self._pressed_on
        if self._typing.was_submitted(screen) and not not_taken:
            # Ending a field leads away from it. Here it is again, so the terminal did not take what was typed (I6).
            return self._retreat(screen, TerminalRefused("menu-asked-again", screen=screen.id))
        return self._typing.next_press(screen, known.places)

    def _go_on(self, known: Recognised, display: Screen) -> Action:
        """Take the first step of the shortest way to the goal."""
        screen = known.screen
        target = first_hop(self._menu, screen.id, self._goal.reach)
        if target is None:
            return Stop(PreconditionNotMet("menu-no-way", screen=screen.id))
        rows = list(choices(self._menu, display))
        labels = [item.label for item in screen.items if item.leads == target]
        if labels:
            keys = [key for key, words in rows if words in labels]
            missing = PreconditionNotMet("menu-item-missing", screen=screen.id, item=labels[0])
            return Press((keys[0],)) if len(keys) == 1 else Stop(missing)
        entries = [compile_pattern(entry.pattern) for entry in screen.entries if entry.leads == target]
        if entries:
            matches = [(key, match) for key, words in rows for each in entries if (match := each.fullmatch(words))]
            ours = [key for key, match in matches if self._case.agrees_with(match.groupdict())]
            return Press((ours[0],)) if len(ours) == 1 else Stop(PreconditionNotMet("menu-terminal-not-listed"))
        edge = next(edge for edge in screen.keys if edge.leads == target)
        if Key.CONFIRM not in edge.press or screen.confirms is None:
            return Press(edge.press)
        if not all(place in known.places for place in screen.must_show):  # that they agree was checked before
            return self._retreat(screen, PreconditionNotMet("menu-other-terminal", screen=screen.id))
        self._confirmed = True
        return Press(edge.press, commits=screen.commits)

    # ------------------------------------------------------------------ ways out
    def _wait_or(self, error: AgentError) -> Action:
        if self._waits >= MAX_WAITS:
            return Stop(error)
        self._waits += 1
        return Wait(self._menu.patience_seconds)

    def _back_out(self, screen: MenuScreen, otherwise: AgentError) -> Action:
        """Press CANCEL where the profile says that it is safe, else stop."""
        safe = any(edge.press == (Key.CANCEL,) for edge in screen.keys)
        return Press((Key.CANCEL,)) if safe else Stop(otherwise)

    def _retreat(self, screen: MenuScreen, error: AgentError) -> Action:
        """Leave a screen on which a stray key could do harm, where that is safe, and stop."""
        self._stopping = error
        return self._back_out(screen, error)
