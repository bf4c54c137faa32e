"""Typing into a field, one key at a time, and only as long as the screen shows what was typed."""

from __future__ import annotations

from collections.abc import Mapping

from agent.errors import UsageFault
from agent.menu.actions import Press
from agent.menu.answers import Answers
from agent.menu.case import MenuCase
from agent.secret import Secret
from protocols.menu import PASSWORDS, Asked, Field, MenuScreen
from protocols.multitap import CHARACTERS, TAPS, next_tap
from protocols.words import Key

MAX_TYPED = 32
MAX_TIMES = 3
"""How often in one walk a field is ended whose content was right each time."""


class FieldTyping:
    """Decides the next key of a field from what the field shows.

    An open field is compared with what it should hold. Of a masked one only the number of characters is seen: where it
    is not the number that we typed, somebody else typed too, and everything is deleted and typed anew.

    Args:
        case: Knows merchant number and machine number.
        answers: Knows the rest.
    """

    def __init__(self, case: MenuCase, answers: Answers) -> None:
        self._case = case
        self._answers = answers
        self._known: dict[Asked, Secret] = {}
        self._ended: dict[str, int] = {}
        self._unproven: set[str] = set()
        self._last_ended = ""
        self._begin("")

    def _begin(self, screen: str) -> None:
        self._screen = screen
        self._typed = 0
        self._pending = False
        self._erasing = False
        self._open_key: Key | None = None  # key of the last letter, while more taps would change it
        self._open_before: Key | None = None  # the same before the last key

    def may_end(self, screen: MenuScreen) -> bool:
        """Tell whether a field may be typed and ended: not if it was, and the terminal did not take that (I6)."""
        return screen.id not in self._unproven and self._ended.get(screen.id, 0) < MAX_TIMES

    def was_right(self, screen: str) -> None:
        """Learn that the terminal took what a field was ended with."""
        self._unproven.discard(screen)
        self._known.pop("code", None)  # good for once; another is asked for when it is needed

    def was_interrupted(self, screen: MenuScreen) -> None:
        """Learn that something came between when a field was ended: it may not have been taken.

        A number may be typed again then; a password or a code may not, since a second try could cost an attempt (I6).
        """
        if screen.field is not None and screen.field.asks not in PASSWORDS | {"code"}:
            self._unproven.discard(screen.id)

    def take_back(self) -> None:
        """Learn that the last key was not pressed."""
        if self._last_ended:
            self._unproven.discard(self._last_ended)
            self._ended[self._last_ended] -= 1
        self._last_ended = ""
        self._pending, self._open_key = False, self._open_before

    def next_press(self, screen: MenuScreen, places: Mapping[str, str]) -> Press:
        """Return the next key: a digit, the key that deletes one, or the key that ends the field.

        Args:
            screen: A screen with a field.
            places: What its named places show.

        Raises:
            UsageFault: ``answer-missing``, ``answer-form``, ``password-form``: what is asked for cannot be typed.
        """
        field = screen.field
        assert field is not None
        if screen.id != self._screen:
            self._begin(screen.id)
        self._last_ended = ""
        text = self.text(field)
        if field.letters == "multitap":
            return self._tap(screen, field, text, places["typed"])
        if not self._in_order(text, places, masked=field.masked):
            return Press((field.erase,), kind="type")
        if self._typed == len(text):
            return self._end(screen, field)
        self._pending = True
        return Press((Key[f"DIGIT_{text[self._typed]}"],), typing=field.asks, kind="type")

    def text(self, field: Field) -> str:
        """Return what belongs into a field; a person may be asked for it now, once.

        Raises:
            UsageFault: It is not known, or cannot be typed.
        """
        if field.fixed:
            return field.fixed
        if field.asks not in self._known:
            self._known[field.asks] = self._look_up(field)
        text = self._known[field.asks].reveal()
        allowed = CHARACTERS if field.letters == "multitap" else frozenset("0123456789")
        if not 1 <= len(text) <= MAX_TYPED or not allowed.issuperset(text):
            raise (
                UsageFault("password-form") if field.asks in PASSWORDS else UsageFault("answer-form", asked=field.asks)
            )
        return text

    def _look_up(self, field: Field) -> Secret:
        if field.asks == "merchant_number":
            return Secret(self._case.merchant_number)
        if field.asks == "machine_number" and self._case.label_number:
            label = self._case.label_number
            return Secret(label if field.letters == "multitap" else "".join(filter(str.isdecimal, label)))
        return self._answers.answer(field.asks)

    def _end(self, screen: MenuScreen, field: Field) -> Press:
        self._unproven.add(screen.id)
        self._ended[screen.id] = self._ended.get(screen.id, 0) + 1
        self._last_ended = screen.id
        return Press((field.submit,), commits=screen.commits, kind="submit")

    def _tap(self, screen: MenuScreen, field: Field, text: str, shown: str) -> Press:
        if shown == text:
            return self._end(screen, field)
        self._open_before = self._open_key
        key = next_tap(shown, text, self._open_key)
        if key is None:
            self._open_key = None
            return Press((field.erase,), kind="type")
        self._open_key = key if key in TAPS else None
        return Press((key,), typing=field.asks, kind="type")

    def _in_order(self, text: str, places: Mapping[str, str], *, masked: bool) -> bool:
        """Compare the field with what we typed, and learn how much of it is there."""
        if masked:
            shown = len(places["hidden"])
            self._typed += self._pending and shown == self._typed + 1
            right = shown == self._typed
        else:
            shown = len(places["typed"])
            right = text.startswith(places["typed"])
            self._typed = shown if right else self._typed
        self._pending = False
        if shown == 0:
            self._typed, self._erasing = 0, False
            return True
        self._erasing = self._erasing or not right
        return not self._erasing
