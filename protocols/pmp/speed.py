"""Agreeing on another speed of a serial line, trying it, and finding back where it fails (note pmp.md, section Speed).

Both sides of it under one clock that the caller turns, like the link around it. States and what moves them are the
tables `AGENT` and `TERMINAL`.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from enum import Enum, IntEnum

from construct import GreedyBytes, Int8ub, Int16ub, Int32ub, Prefixed, Struct

from protocols.errors import LocalProtocolError
from protocols.pmp.states import Role
from protocols.wire import Layout

MAX_PATTERN = 1024
TRIALS = 2
TRIES = 4
ANSWER_SECONDS = 0.5
PROPOSE_SECONDS = 1.0
TRIAL_SECONDS = 2.0
RETURN_SECONDS = 2.5
SILENCE_SECONDS = 3.0
LOWEST_BAUD = 1200

PATTERN = bytes(range(256)) + b"\x55\xaa" * 64 + b"\x00\xff" * 64
"""What is tried: every byte, the fastest change of level, and the slowest."""


class Step(IntEnum):
    """First byte of a SPEED frame's payload."""

    PROPOSE = 1
    AGREE = 2
    REFUSE = 3
    TRIAL = 4
    TRIED = 5
    KEEP = 6
    KEPT = 7


@dataclass(frozen=True)
class SpeedNote:
    """Payload of a SPEED frame.

    Args:
        step: What it says.
        baud: The speed it is about, bits per second.
        pattern: What a trial carries there and back, at most 1,024 bytes; else empty.
    """

    step: Step
    baud: int
    pattern: bytes = b""


SPEED = Layout(
    SpeedNote,
    Struct("step" / Int8ub, "baud" / Int32ub, "pattern" / Prefixed(Int16ub, GreedyBytes)),
    maximum=7 + MAX_PATTERN,
)


class SpeedState(Enum):
    """Where the agreement is."""

    STEADY = "steady"
    PROPOSED = "proposed"
    SWITCHING = "switching"
    TRYING = "trying"
    KEEPING = "keeping"
    RETURNING = "returning"
    FAST = "fast"


class SpeedTrigger(Enum):
    """What moves it."""

    PROPOSE = "propose"
    AGREE = "AGREE"
    REFUSE = "REFUSE"
    SWITCHED = "line switched"
    FAILED = "line cannot"
    TRIED = "trial came back"
    KEEP = "KEEP"
    KEPT = "KEPT"
    SILENCE = "silence"
    RETURNED = "time to return is over"
    OVER = "session over"


AGENT: dict[tuple[SpeedState, SpeedTrigger], SpeedState] = {
    (SpeedState.STEADY, SpeedTrigger.PROPOSE): SpeedState.PROPOSED,
    (SpeedState.PROPOSED, SpeedTrigger.AGREE): SpeedState.SWITCHING,
    (SpeedState.PROPOSED, SpeedTrigger.REFUSE): SpeedState.STEADY,
    (SpeedState.PROPOSED, SpeedTrigger.SILENCE): SpeedState.STEADY,
    (SpeedState.SWITCHING, SpeedTrigger.SWITCHED): SpeedState.TRYING,
    (SpeedState.SWITCHING, SpeedTrigger.FAILED): SpeedState.RETURNING,
    (SpeedState.TRYING, SpeedTrigger.TRIED): SpeedState.KEEPING,
    (SpeedState.TRYING, SpeedTrigger.SILENCE): SpeedState.RETURNING,
    (SpeedState.KEEPING, SpeedTrigger.KEPT): SpeedState.FAST,
    (SpeedState.KEEPING, SpeedTrigger.SILENCE): SpeedState.RETURNING,
    (SpeedState.RETURNING, SpeedTrigger.RETURNED): SpeedState.STEADY,
    (SpeedState.FAST, SpeedTrigger.SILENCE): SpeedState.STEADY,
}
"""The agent's states; whatever is not listed changes nothing."""

TERMINAL: dict[tuple[SpeedState, SpeedTrigger], SpeedState] = {
    (SpeedState.STEADY, SpeedTrigger.PROPOSE): SpeedState.SWITCHING,
    (SpeedState.SWITCHING, SpeedTrigger.SWITCHED): SpeedState.TRYING,
    (SpeedState.SWITCHING, SpeedTrigger.FAILED): SpeedState.STEADY,
    (SpeedState.SWITCHING, SpeedTrigger.OVER): SpeedState.STEADY,
    (SpeedState.TRYING, SpeedTrigger.KEEP): SpeedState.FAST,
    (SpeedState.TRYING, SpeedTrigger.SILENCE): SpeedState.STEADY,
    (SpeedState.TRYING, SpeedTrigger.OVER): SpeedState.STEADY,
    (SpeedState.FAST, SpeedTrigger.SILENCE): SpeedState.STEADY,
    (SpeedState.FAST, SpeedTrigger.OVER): SpeedState.STEADY,
}
"""The terminal's states; whatever is not listed changes nothing."""

SETTLED = (SpeedState.STEADY, SpeedState.FAST)
"""States in which messages flow; in all others only the agreement itself does."""


class SpeedControl:
    """One side of the agreement.

    Args:
        role: Which side.
        baud: Speed of the line now, which both sides come back to.
        highest_baud: A terminal refuses what is over this.
    """

    def __init__(self, role: Role, baud: int, highest_baud: int = 0) -> None:
        self.state = SpeedState.STEADY
        self.base = baud
        self.baud = baud
        self._role = role
        self._table = AGENT if role is Role.AGENT else TERMINAL
        self._highest = highest_baud
        self._wanted = baud
        self._tries = 0
        self._trials = 0
        self._deadline: float | None = None
        self._notes: deque[SpeedNote] = deque()
        self._change: int | None = None
        self._changing = False  # the line was asked to have another speed, and has not said that it does
        self._announced = True

    @property
    def settled(self) -> bool:
        """True where messages may flow."""
        return self.state in SETTLED and not self._changing

    def take_settled(self) -> bool:
        """Tell once that an agreement, or the way back from one, is over."""
        news = self.settled and not self._announced
        self._announced = self._announced or news
        return news

    def propose(self, baud: int, now: float) -> None:
        """Ask the terminal for another speed (agent only).

        Raises:
            LocalProtocolError: An agreement is under way or reached already, or this is a terminal's.
        """
        if self._role is not Role.AGENT or not self._move(SpeedTrigger.PROPOSE):
            raise LocalProtocolError("no speed can be proposed now")
        self._wanted = baud
        self._tries = 0
        self._ask(Step.PROPOSE, now, PROPOSE_SECONDS)

    def receive(self, note: SpeedNote, now: float) -> None:
        """Take what the other side says about the speed."""
        if self._role is Role.AGENT:
            self._on_answer(note, now)
        else:
            self._on_request(note, now)

    def switched(self, now: float) -> None:
        """Take note that the line has the speed that `take_change` asked for."""
        self._changing = self._change is not None
        if self.state is SpeedState.SWITCHING and self._move(SpeedTrigger.SWITCHED):
            self.baud = self._wanted
            self._tries = self._trials = 0
            if self._role is Role.AGENT:
                self._ask(Step.TRIAL, now, ANSWER_SECONDS)
            else:
                self._deadline = now + TRIAL_SECONDS
        else:
            self.baud = self.base

    def failed(self, now: float) -> None:
        """Take note that the line cannot have that speed; it has the old one."""
        self._changing = self._change is not None
        if self._move(SpeedTrigger.FAILED):
            self._deadline = now + RETURN_SECONDS if self._role is Role.AGENT else None

    def heard(self, now: float) -> None:
        """Take note that a whole frame has come."""
        if self.state is SpeedState.FAST and self._role is Role.TERMINAL:
            self._deadline = now + SILENCE_SECONDS

    def fall_back(self) -> None:
        """Go back to the first speed: nothing is heard at this one (agent), or the session is over (terminal)."""
        trigger = SpeedTrigger.SILENCE if self._role is Role.AGENT else SpeedTrigger.OVER
        if self.state is SpeedState.FAST or self._role is Role.TERMINAL:
            self._retreat(trigger, None)

    def take_note(self) -> SpeedNote | None:
        """Return the next thing to say to the other side, or None."""
        return self._notes.popleft() if self._notes else None

    def take_change(self) -> int | None:
        """Return once the speed that the line has to be switched to, after what was said has left it; or None."""
        change, self._change = self._change, None
        return change

    def next_deadline(self) -> float | None:
        """Return when `handle_timeout` is wanted, or None."""
        return self._deadline

    def handle_timeout(self, now: float) -> None:
        """Ask again, or go back."""
        if self._deadline is None or now < self._deadline:
            return
        self._deadline = None
        if self.state is SpeedState.RETURNING:
            self._move(SpeedTrigger.RETURNED)
        elif self._role is Role.TERMINAL:
            self._retreat(SpeedTrigger.SILENCE, None)
        elif self._tries < TRIES:
            step = {SpeedState.PROPOSED: Step.PROPOSE, SpeedState.TRYING: Step.TRIAL, SpeedState.KEEPING: Step.KEEP}
            wait = PROPOSE_SECONDS if self.state is SpeedState.PROPOSED else ANSWER_SECONDS
            self._ask(step[self.state], now, wait)
        elif self.state is SpeedState.PROPOSED:
            self._move(SpeedTrigger.SILENCE)
        else:
            self._retreat(SpeedTrigger.SILENCE, now + RETURN_SECONDS)

    # ------------------------------------------------------------------ helpers
    def _on_answer(self, note: SpeedNote, now: float) -> None:
        if note.baud != self._wanted:
            return
        if note.step is Step.AGREE and self._move(SpeedTrigger.AGREE):
            self._deadline = None
            self._switch(self._wanted)
        elif note.step is Step.REFUSE and self._move(SpeedTrigger.REFUSE):
            self._deadline = None
        elif note.step is Step.TRIED and self.state is SpeedState.TRYING and note.pattern == self._pattern():
            self._trials += 1
            self._tries = 0
            if self._trials < TRIALS:
                self._ask(Step.TRIAL, now, ANSWER_SECONDS)
            elif self._move(SpeedTrigger.TRIED):
                self._ask(Step.KEEP, now, ANSWER_SECONDS)
        elif note.step is Step.KEPT and self._move(SpeedTrigger.KEPT):
            self._deadline = None

    def _on_request(self, note: SpeedNote, now: float) -> None:
        if note.step is Step.PROPOSE:
            if not LOWEST_BAUD <= note.baud <= self._highest:
                self._notes.append(SpeedNote(Step.REFUSE, note.baud))
            elif self._move(SpeedTrigger.PROPOSE):
                self._wanted = note.baud
                self._notes.append(SpeedNote(Step.AGREE, note.baud))
                self._switch(note.baud)
        elif note.baud != self._wanted:
            return
        elif note.step is Step.TRIAL and self.state is SpeedState.TRYING:
            self._deadline = now + TRIAL_SECONDS
            self._notes.append(SpeedNote(Step.TRIED, note.baud, note.pattern))
        elif note.step is Step.KEEP and (self._move(SpeedTrigger.KEEP) or self.state is SpeedState.FAST):
            self._deadline = now + SILENCE_SECONDS
            self._notes.append(SpeedNote(Step.KEPT, note.baud))

    def _retreat(self, trigger: SpeedTrigger, until: float | None) -> None:
        if self._move(trigger):
            self._deadline = until
            self._notes.clear()
            self._switch(self.base)

    def _switch(self, baud: int) -> None:
        self._change = baud
        self._changing = True

    def _ask(self, step: Step, now: float, wait: float) -> None:
        self._tries += 1
        self._deadline = now + wait
        self._notes.append(SpeedNote(step, self._wanted, self._pattern() if step is Step.TRIAL else b""))

    def _pattern(self) -> bytes:
        """Return another pattern for each trial, so that a late answer is not taken for the next one's."""
        return PATTERN[self._trials :] + PATTERN[: self._trials]

    def _move(self, trigger: SpeedTrigger) -> bool:
        target = self._table.get((self.state, trigger))
        if target is None:
            return False
        self.state = target
        self._announced = False
        return True
