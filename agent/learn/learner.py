"""The learner: carries out what it is told, and keeps every screen it sees and every key that led from one to another.

It presses nothing by itself. What it keeps of a screen are patterns, not numbers; the drawings for the note are masked.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from dataclasses import field as made

from agent.drivers.base import TerminalDriver
from agent.errors import PreconditionNotMet, UsageFault
from agent.learn.instructions import Instruction
from agent.learn.rows import SHORT_SERIAL, TerminalFacts, field_pattern, item_form, items_of, pattern_of
from agent.menu.mask import masked_rows
from agent.secret import Secret
from protocols.errors import DeviceRefused
from protocols.menu import Asked, Ending
from protocols.pattern import places_of
from protocols.terminal import Identity, Screen
from protocols.words import Key

PATIENCE_SECONDS = 5.0
MAX_SCREENS = 200
MAX_SAMPLES = 4
NAMING_PLACES = frozenset({"tusn", "tusn_last8", "machine_number"})
DIGIT_KEYS = frozenset(Key[f"DIGIT_{digit}"] for digit in range(10))


@dataclass(eq=False)
class LearnedField:
    """A field that was typed into.

    Args:
        asks: What.
        masked: Whether the terminal hid it.
        place: Number of its row.
        leads: The screen that came after it, or None.
        submit: The key that ended it.
    """

    asks: Asked
    masked: bool
    place: int
    leads: LearnedScreen | None = None
    submit: Key = Key.CONFIRM


@dataclass(eq=False)
class LearnedScreen:
    """One screen as it is known so far.

    Args:
        id: Its name.
        rows: The pattern of each row; None where a row changes.
        masked: Whether a masked field has the cursor.
        drawing: Its rows as they may be kept.
        items: Items seen, by their words: the screen that each leads to, or None where nobody tried.
        entries: Entries of a list that name our terminal, by their pattern.
        keys: Keys that lead elsewhere.
        samples: Some of its displays, to try the draft on.
    """

    id: str
    rows: list[str | None]
    masked: bool
    drawing: tuple[str, ...]
    named: bool = False
    items: dict[str, LearnedScreen | None] = made(default_factory=dict)
    entries: dict[str, LearnedScreen | None] = made(default_factory=dict)
    keys: dict[tuple[Key, ...], LearnedScreen] = made(default_factory=dict)
    field: LearnedField | None = None
    confirms: bool = False
    means: Ending | None = None
    declared: bool = False
    samples: list[Screen] = made(default_factory=list, repr=False)

    def fits(self, rows: list[str | None], *, masked: bool) -> bool:
        """Tell whether a display is this screen: every row that does not change is the same, and one says something."""
        pairs = [(own, shown) for own, shown in zip(self.rows, rows, strict=False) if own is not None]
        return self.masked == masked and all(one == other for one, other in pairs) and any(one for one, _ in pairs)


class Learner:
    """Records one terminal.

    Args:
        driver: The terminal.
        answer: Says what is to be typed.
        report: Told of each screen that is shown, with whether it is new.
    """

    def __init__(
        self,
        driver: TerminalDriver,
        answer: Callable[[Asked], Secret],
        report: Callable[[LearnedScreen, bool], None] = lambda _screen, _new: None,
    ) -> None:
        self.identity: Identity = driver.identity()
        bound = next((each.value for each in driver.bindings() if each.name == "merchant_number"), "")
        self.facts = TerminalFacts(self.identity.tusn, self.identity.label_number, bound)
        self.screens: list[LearnedScreen] = []
        """Every screen, in the order in which they came up; the first is that of an idle terminal."""
        self.form: str | None = None
        """How this terminal writes its items, once that is known."""
        self._driver = driver
        self._answer = answer
        self._report = report
        self._count = 0
        try:
            self.display = driver.screen()
        except DeviceRefused as fault:
            raise PreconditionNotMet("learn-no-screen", meaning=fault.meaning) from None
        self.here = self._see(self.display)

    # ------------------------------------------------------------------ what it is told
    def follow(self, instruction: Instruction) -> None:
        """Carry out one instruction.

        Raises:
            UsageFault: It does not fit what is shown; nothing was pressed.
            ProtocolError: The line or the terminal failed.
        """
        if instruction.declare:
            self._declare(instruction)
            return
        if instruction.screen:
            self._name(instruction.screen)
        self.here.confirms = self.here.confirms or instruction.confirms is not None
        self.here.means = instruction.means or self.here.means
        if instruction.press:
            self.press(instruction.press)
        elif instruction.choose:
            self.choose(instruction.choose)
        elif instruction.own:
            self._choose_own()
        elif instruction.type is not None:
            self._type(instruction.type)

    def press(self, keys: tuple[Key, ...]) -> None:
        """Press keys together, and learn where they lead."""
        before = self.here
        chosen = self._item_at(keys)
        self._press(keys)
        self.here = self._see(self.display)
        if self.here is before:
            return
        if chosen is not None:
            self._lead(before, chosen, self.here)
        elif before.field is not None and len(keys) == 1 and keys[0] not in (Key.CANCEL, *DIGIT_KEYS):
            before.field.leads, before.field.submit = self.here, keys[0]
        else:
            before.keys[keys] = self.here

    def choose(self, words: str) -> None:
        """Choose an item by its words.

        Raises:
            UsageFault: ``learn-item-missing``.
        """
        digits = [digit for _, digit, name in self.offered() if name == words]
        if len(digits) != 1:
            raise UsageFault("learn-item-missing", screen=self.here.id, item=words)
        self.press((Key[f"DIGIT_{digits[0]}"],))

    def offered(self) -> list[tuple[int, str, str]]:
        """Return the items on the display as (row, digit, words)."""
        return items_of(self.display.lines, self.form) if self.form is not None else []

    def pattern(self, text: str) -> str | None:
        """Return the pattern of a text of the display."""
        return pattern_of(text, self.facts, masked=self.display.masked)

    # ------------------------------------------------------------------ how it does it
    def _choose_own(self) -> None:
        ours = [digit for _, digit, name in self.offered() if self._names_terminal(name)]
        if len(ours) != 1:
            raise UsageFault("learn-own-missing", screen=self.here.id)
        self.press((Key[f"DIGIT_{ours[0]}"],))

    def _type(self, asked: Asked) -> None:
        text = self._answer(asked).reveal()
        if not (text.isascii() and text.isdecimal()):
            raise UsageFault("learn-answer-form", asked=asked)
        screen = self.here
        for place, digit in enumerate(text):
            before = self.display
            self._press((Key[f"DIGIT_{digit}"],))
            if place == 0:
                found = field_pattern(before.lines, self.display.lines, masked=self.display.masked)
                if found is None:
                    raise UsageFault("learn-no-field", screen=screen.id)
                screen.field = LearnedField(asked, self.display.masked, found[0])
                screen.rows[found[0]] = found[1]
                screen.masked = self.display.masked
        if len(screen.samples) < MAX_SAMPLES:
            screen.samples.append(self.display)

    def _press(self, keys: tuple[Key, ...]) -> None:
        self._driver.press(keys, self.display)
        self.display = self._driver.next_screen(self.display, PATIENCE_SECONDS) or self._driver.screen()

    def _see(self, display: Screen) -> LearnedScreen:
        self.form = self.form or item_form(display.lines)
        rows = [pattern_of(line, self.facts, masked=display.masked) for line in display.lines]
        found = next((each for each in self.screens if each.fits(rows, masked=display.masked)), None)
        new = found is None
        if found is None:
            if len(self.screens) >= MAX_SCREENS:
                raise PreconditionNotMet("learn-too-many-screens", screens=MAX_SCREENS)
            self._count += 1
            secrets = (self.facts.tusn[-SHORT_SERIAL:], self.facts.merchant_number)
            drawing = masked_rows(display.lines, tusn="", masked=display.masked, secrets=secrets)
            found = LearnedScreen(f"screen-{self._count}", rows, display.masked, drawing)
            self.screens.append(found)
        self._note_items(found, display)
        if len(found.samples) < MAX_SAMPLES:
            found.samples.append(display)
        self._report(found, new)
        return found

    def _note_items(self, screen: LearnedScreen, display: Screen) -> None:
        for _, _, name in items_of(display.lines, self.form) if self.form is not None else []:
            pattern = pattern_of(name, self.facts, masked=False)
            if pattern is not None and places_of(pattern) & NAMING_PLACES:
                screen.entries.setdefault(pattern, None)
            elif pattern == name:
                screen.items.setdefault(name, None)

    def _item_at(self, keys: tuple[Key, ...]) -> str | None:
        """Return the words of the item or entry that a key chooses here, if it does."""
        if len(keys) != 1 or keys[0] not in DIGIT_KEYS or self.here.field is not None:
            return None
        names = [name for _, digit, name in self.offered() if keys[0] is Key[f"DIGIT_{digit}"]]
        return names[0] if len(names) == 1 else None

    def _lead(self, before: LearnedScreen, name: str, target: LearnedScreen) -> None:
        pattern = pattern_of(name, self.facts, masked=False)
        if pattern in before.entries:
            before.entries[pattern] = target
        elif name in before.items:
            before.items[name] = target
        # An entry of a list that names another device: no profile ever chooses it.

    def _names_terminal(self, name: str) -> bool:
        pattern = pattern_of(name, self.facts, masked=False)
        return pattern is not None and bool(places_of(pattern) & NAMING_PLACES)

    def _name(self, name: str) -> None:
        other = next((each for each in self.screens if each.id == name), None)
        if other is not None and other is not self.here:
            self._merge(self.here, other)
        self.here.id, self.here.named = name, True

    def _merge(self, screen: LearnedScreen, into: LearnedScreen) -> None:
        """Make one of two: what differs between them is what changes."""
        if screen.masked != into.masked:
            raise UsageFault("learn-name-taken", name=into.id)
        into.rows = [one if one == other else None for one, other in zip(into.rows, screen.rows, strict=False)]
        for name, target in screen.items.items():
            into.items[name] = into.items.get(name) or target
        for name, target in screen.entries.items():
            into.entries[name] = into.entries.get(name) or target
        into.keys = {**screen.keys, **into.keys}
        into.field = into.field or screen.field
        into.samples = (into.samples + screen.samples)[:MAX_SAMPLES]
        self.screens.remove(screen)
        for each in self.screens:
            each.items = {name: into if target is screen else target for name, target in each.items.items()}
            each.entries = {name: into if target is screen else target for name, target in each.entries.items()}
            each.keys = {keys: into if target is screen else target for keys, target in each.keys.items()}
            if each.field is not None and each.field.leads is screen:
                each.field.leads = into
        self.here = into

    def _declare(self, instruction: Instruction) -> None:
        after = next((each for each in self.screens if each.id == instruction.after), None)
        if after is None:
            raise UsageFault("learn-screen-missing", screen=instruction.after)
        screen = next((each for each in self.screens if each.id == instruction.declare), None)
        if screen is None:
            rows: list[str | None] = list(instruction.rows)
            screen = LearnedScreen(instruction.declare, rows, False, instruction.rows, named=True, declared=True)
            self.screens.append(screen)
        screen.confirms = screen.confirms or instruction.confirms is not None
        screen.means = instruction.means or screen.means
        if after.field is not None and len(instruction.press) < 2:
            after.field.leads = screen
            after.field.submit = instruction.press[0] if instruction.press else after.field.submit
        else:
            after.keys[instruction.press or (Key.CONFIRM,)] = screen


def safe_name(text: str) -> str:
    """Return a name for a folder and a model from what a terminal says, or nothing where it has no such name."""
    return text if re.fullmatch(r"[a-z0-9][a-z0-9-]{0,62}", text) else ""
