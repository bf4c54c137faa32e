"""What there is to know of a simulated terminal, for whoever starts it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Facts:
    """What whoever starts a simulated terminal has to know of it. All of it is test data.

    Args:
        tusn: Hardware serial number.
        merchant_number: The merchant number that it was made with.
        terminal_number: The terminal number that it was made with.
        password: Its unbinding password.
        maker_root: The maker's test root, PEM.
        maker: The maker's identifier.
        answers: What else its menu may ask for, by the names that `simulators.board` lists.
    """

    tusn: str
    merchant_number: str
    terminal_number: str
    password: str
    maker_root: bytes
    maker: str
    answers: Mapping[str, str]
