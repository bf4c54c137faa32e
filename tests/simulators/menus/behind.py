"""A terminal behind a menu that only remembers what the menu did to it, and fingers for the keyboard."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from protocols.terminal import Screen
from protocols.words import Key
from simulators.menus.machine import Menu
from simulators.menus.situation import CodeAnswer
from simulators.menus.tables import DIGITS

KEYS = {digit: key for key, digit in DIGITS.items()}
MERCHANT = "999100054110001"
PASSWORD = "271828"
CODE = "314159"


@dataclass
class FakeTerminal:
    """The terminal behind (`simulators.menus.situation.MenuTerminal`)."""

    initialised: bool = True
    merchant_number: str | None = MERCHANT
    pending: bool = False
    attempts_left: int = 3
    has_unsettled: bool = False
    has_keys: bool = True
    signed_on: bool = True
    last_trace: int | None = None
    room: bool = True
    code_expired: bool = False
    parameters: dict[str, str] = field(default_factory=dict)
    passwords: dict[str, str] = field(default_factory=lambda: {"unbind.password": PASSWORD})
    tried: list[str] = field(default_factory=list)
    done: list[Any] = field(default_factory=list)

    def matches(self, name: str, text: str) -> bool:
        return self.parameters.get(name) == text

    def try_password(self, password: str, name: str) -> bool:
        self.tried.append(password)
        return self._count(self.passwords.get(name) == password)

    def send_code(self, now: float) -> None:
        self.done.append(("code", now))

    def try_code(self, code: str, now: float) -> CodeAnswer:
        if self.code_expired:
            return "expired"
        return "right" if self._count(code == CODE) else "wrong"

    def unbind(self, number: str, *, pending: bool) -> None:
        self.done.append(("submit" if pending else "unbind", number))
        self.pending = pending
        if not pending:
            self.merchant_number = None

    def bind(self, merchant_number: str) -> None:
        self.done.append(("bind", merchant_number))
        self.merchant_number = merchant_number

    def sign_on(self) -> None:
        self.signed_on = True

    def sign_off(self) -> None:
        self.signed_on = False

    def settle(self) -> bool:
        self.has_unsettled = self.has_unsettled and not self.room
        return self.room

    def clear_journal(self) -> None:
        self.done.append("clear")

    def sign(self) -> None:
        self.done.append(("signed",))

    def sell(self) -> bool:
        self.last_trace = 41
        return self.room

    def void(self) -> bool:
        self.last_trace = 42
        return self.room

    def _count(self, right: bool) -> bool:
        self.attempts_left = 3 if right else self.attempts_left - 1
        return right


def press(menu: Menu, *keys: Key) -> Screen:
    """Press one key after the other."""
    for key in keys:
        menu.press(frozenset({key}))
    return menu.screen()


def chord(menu: Menu, keys: Iterable[Key]) -> Screen:
    """Press keys together."""
    menu.press(frozenset(keys))
    return menu.screen()


def type_in(menu: Menu, text: str) -> Screen:
    """Press one digit after the other."""
    return press(menu, *(KEYS[digit] for digit in text))
