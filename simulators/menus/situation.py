"""What the acts of a menu can see and change: what was typed, what was chosen, and the terminal behind."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, Protocol

SHORT_DIGITS = 8
CodeAnswer = Literal["right", "wrong", "expired"]

WIDEST: Mapping[str, str | int] = {
    "greeting": "欢迎使用",
    "merchant": "9" * 15,
    "number": "9" * 16,
    "short": "9" * SHORT_DIGITS,
    "version": "99.9.9",
    "entry": "9" * 15 + "_",
    "left": 3,
    "trace": "999999",
    "page": 9,
    "pages": 9,
    "typed_merchant_number": "9" * 15,
    "typed_new_merchant": "9" * 15,
    "typed_machine_number": "X" * 12,
    "typed_phone": "9" * 11,
    "typed_operator": "99",
}
"""Every place that a row may have, with the widest that it can become; a model's own fields are to be added."""


@dataclass(frozen=True)
class ListedDevice:
    """A device on the list of the terminal management.

    Args:
        number: Serial number, 16 digits.
        label: What it is, at most two Chinese characters.
        is_terminal: Whether it is a payment terminal, and so can be unbound in the menu.
    """

    number: str
    label: str
    is_terminal: bool = False


class MenuTerminal(Protocol):
    """The terminal behind its menu. What it holds it keeps in its memory, so that a wipe takes it away."""

    @property
    def initialised(self) -> bool:
        """False once the terminal's memory was wiped."""

    @property
    def merchant_number(self) -> str | None:
        """The merchant number that the terminal is bound to or waits to be freed from, or None."""

    @property
    def pending(self) -> bool:
        """True while the platform has to agree to an unbinding."""

    @property
    def attempts_left(self) -> int:
        """Tries left for passwords and codes."""

    @property
    def has_unsettled(self) -> bool:
        """True while a batch is not settled."""

    @property
    def has_keys(self) -> bool:
        """True while the keys that a transaction needs are there."""

    @property
    def signed_on(self) -> bool:
        """True from sign-on (签到) to sign-off (签退)."""

    @property
    def last_trace(self) -> int | None:
        """Trace number of the last test transaction since the start, or None."""

    def matches(self, name: str, text: str) -> bool:
        """Compare a text with a parameter that is no password, as ``contact.phone``; it costs no attempt."""

    def try_password(self, password: str, name: str) -> bool:
        """Check a password by the name of its parameter; a wrong one costs an attempt."""

    def send_code(self, now: float) -> None:
        """Have a verification code sent to the merchant's phone."""

    def try_code(self, code: str, now: float) -> CodeAnswer:
        """Check a verification code; a wrong one costs an attempt."""

    def unbind(self, number: str, *, pending: bool) -> None:
        """Undo all bindings of the terminal with a serial number, or ask the platform to undo those of the merchant."""

    def bind(self, merchant_number: str) -> None:
        """Bind the terminal to a merchant."""

    def sign_on(self) -> None:
        """Sign on."""

    def sign_off(self) -> None:
        """Sign off."""

    def settle(self) -> bool:
        """Settle the batch; False where the terminal cannot."""

    def clear_journal(self) -> None:
        """Delete all transactions."""

    def sign(self) -> None:
        """Keep that the merchant signed on the display."""

    def sell(self) -> bool:
        """Make a test sale of 0.01; False where there is no room for it."""

    def void(self) -> bool:
        """Void the test sale; False where there is none, or no room."""


@dataclass
class Situation:
    """Where a person at the menu is.

    Args:
        terminal: The terminal behind.
        devices: The list of devices.
        own: The terminal itself among them.
        version: Version of the firmware.
        options: What the model was set up with, as ``second`` = ``code``.
        now: The present time in seconds.
        answers: What was typed, by the name of its field, as long as it is remembered.
        chosen: The device that was chosen last.
    """

    terminal: MenuTerminal
    devices: tuple[ListedDevice, ...]
    own: ListedDevice
    version: str
    options: Mapping[str, str] = field(default_factory=dict)
    now: float = 0.0
    answers: dict[str, str] = field(default_factory=dict)
    chosen: ListedDevice = field(init=False)

    def __post_init__(self) -> None:
        self.chosen = self.own

    def places(self) -> dict[str, str | int]:
        """Return what fills the places in the rows, but for ``{entry}``, and ``{page}`` of ``{pages}`` of a list.

        ``greeting`` 欢迎使用 or 未初始化 once wiped; ``merchant`` the merchant number or 未绑定; ``number`` and
        ``short`` the chosen device's TUSN and the last eight digits of it; ``left`` attempts; ``version``; ``trace``
        of the last test transaction; ``typed_NAME`` for each field that is remembered.
        """
        trace = self.terminal.last_trace
        return {
            "greeting": "欢迎使用" if self.terminal.initialised else "未初始化",
            "merchant": self.terminal.merchant_number or "未绑定",
            "short": self.chosen.number[-SHORT_DIGITS:],
            "number": self.chosen.number,
            "version": self.version,
            "left": self.terminal.attempts_left,
            "trace": "" if trace is None else f"{trace:06d}",
            **{f"typed_{name}": text for name, text in self.answers.items()},
        }
