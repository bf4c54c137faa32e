"""The menu at work: which screen is shown, what was typed, and what the keys of `screens` do.

What is typed stays in working memory and is forgotten when its field is left.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from protocols.terminal import Screen
from protocols.words import Key
from simulators.haike_h60.screens import (
    COLUMNS,
    DIGITS,
    MERCHANT_NUMBER_DIGITS,
    OPEN_MENU,
    ROWS,
    SCREENS,
    Act,
    Field,
    Name,
)

SHORT_DIGITS = 8


@dataclass(frozen=True)
class ListedDevice:
    """A device on the list of the terminal management.

    Args:
        number: Serial number, 16 digits.
        label: What it is, at most two Chinese characters.
    """

    number: str
    label: str


class Unbinding(Protocol):
    """What the menu needs of the terminal behind it."""

    @property
    def initialised(self) -> bool:
        """False once the terminal's memory was wiped."""

    @property
    def merchant_number(self) -> str | None:
        """The merchant number that the terminal is bound to, or None."""

    @property
    def attempts_left(self) -> int:
        """Tries left for the unbinding password."""

    @property
    def has_unsettled(self) -> bool:
        """True while a batch is not settled."""

    def try_password(self, password: str) -> bool:
        """Check a password; a wrong one costs an attempt."""

    def unbind(self) -> None:
        """Undo all bindings."""


class Menu:
    """The display and the keyboard.

    Args:
        unbinding: The terminal behind.
        devices: What the device list shows; the terminal itself comes first.
        version: Version of the firmware, for the screen that shows it.
    """

    def __init__(self, unbinding: Unbinding, devices: tuple[ListedDevice, ...], version: str) -> None:
        self._unbinding = unbinding
        self._devices = devices
        self._version = version
        self._chosen = devices[0]
        self._serial = 1
        self._typed = ""
        self._number = ""
        self.shown = Name.IDLE

    def restart(self) -> None:
        """Show the idle screen, as after a start; serials begin anew."""
        self._go(Name.IDLE)
        self._serial = 1

    def show_idle(self) -> None:
        """Leave whatever is shown for the idle screen."""
        self._go(Name.IDLE)
        self._serial += 1

    def screen(self) -> Screen:
        """Return what the display shows."""
        spec = SCREENS[self.shown]
        values = self._values(spec.entry)
        rows = [row.format_map(values).rstrip() for row in spec.rows]
        rows += [""] * (ROWS - len(rows))
        masked = spec.entry is not None and spec.entry.masked
        return Screen(self._serial, COLUMNS, ROWS, masked, tuple(rows))

    def press(self, keys: frozenset[Key]) -> None:
        """Take keys pressed together. A key that means nothing here still counts as a change of the display."""
        self._serial += 1
        if self.shown is Name.IDLE and keys == OPEN_MENU:
            self._go(Name.MAIN)
        elif len(keys) == 1:
            self._press_one(next(iter(keys)))

    def _press_one(self, key: Key) -> None:
        spec = SCREENS[self.shown]
        target = spec.keys.get(key)
        if isinstance(target, Name):
            self._go(target)
        elif target is not None:
            self._act(target, key)
        elif spec.entry is not None:
            self._type(key, spec.entry)

    def _type(self, key: Key, field: Field) -> None:
        if key is Key.CLEAR:
            self._typed = self._typed[:-1]
        elif key in DIGITS and len(self._typed) < field.limit:
            self._typed += DIGITS[key]

    def _act(self, act: Act, key: Key) -> None:
        if act is Act.PICK_DEVICE:
            place = key - Key.DIGIT_1
            if place < len(self._devices):
                self._chosen = self._devices[place]
                self._go(Name.DEVICE)
        elif act is Act.UNBIND:
            self._go(self._start_of_unbinding())
        elif act is Act.TAKE_NUMBER:
            if len(self._typed) == MERCHANT_NUMBER_DIGITS:
                number = self._typed
                self._go(Name.PASSWORD)
                self._number = number
        elif self._typed:
            self._go(self._after_password(act))

    def _start_of_unbinding(self) -> Name:
        if self._chosen is not self._devices[0]:
            return Name.UNAVAILABLE
        if self._unbinding.merchant_number is None:
            return Name.NOT_BOUND
        if self._unbinding.attempts_left == 0:
            return Name.LOCKED
        return Name.UNSETTLED if self._unbinding.has_unsettled else Name.MERCHANT

    def _after_password(self, act: Act) -> Name:
        if act is Act.CHECK_PASSWORD and self._number != self._unbinding.merchant_number:
            return Name.MISMATCH  # found out first, so that it costs no attempt
        if not self._unbinding.try_password(self._typed):
            return Name.WRONG if self._unbinding.attempts_left else Name.LOCKED
        if act is Act.CHECK_PASSWORD:
            return Name.CONFIRM
        self._unbinding.unbind()
        return Name.DONE

    def _go(self, name: Name) -> None:
        self.shown = name
        self._typed = ""
        self._number = ""

    def _values(self, field: Field | None) -> dict[str, str | int]:
        values: dict[str, str | int] = {f"device{place}": "" for place in range(1, 5)}
        for place, device in enumerate(self._devices, 1):
            values[f"device{place}"] = f"{place}.{device.number[-SHORT_DIGITS:]} {device.label}"
        entry = "*" * len(self._typed) if field is not None and field.masked else self._typed
        return values | {
            "greeting": "欢迎使用" if self._unbinding.initialised else "未初始化",
            "merchant": self._unbinding.merchant_number or "未绑定",
            "short": self._chosen.number[-SHORT_DIGITS:],
            "number": self._chosen.number,
            "version": self._version,
            "entry": f"{entry}_",
            "left": self._unbinding.attempts_left,
        }
