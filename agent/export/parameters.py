"""The terminal's parameters as an export may hold them (I4): on the whitelist, and without a card number inside."""

from __future__ import annotations

import re
from collections.abc import Mapping

from agent.parameters import may_leave, shown_value

_RUN_OF_DIGITS = re.compile(r"[0-9](?:[ -]?[0-9]){12,}")
_MIN_CARD_DIGITS = 13
_MAX_CARD_DIGITS = 19

_NUMBERS_BY_NATURE = {"merchant_number": 15, "merchant_credit_code": 18}
"""Long numbers that may pass Luhn's check by chance, with the most characters that each can have."""


def exported_parameters(values: Mapping[str, str]) -> tuple[dict[str, str], tuple[str, ...]]:
    """Choose what is exported of the parameters that a driver read.

    Drivers keep to the whitelist already; it is applied again here because this is where data leaves for good.

    Args:
        values: Name and text of each.

    Returns:
        What is exported by name, and the names of whitelisted parameters that are withheld as a whole because a card
        number stands in them, and who knows what beside it.
    """
    exported = {}
    withheld = []
    for name, value in sorted(values.items()):
        if not may_leave(name):
            continue
        shown = shown_value(name, value)
        if _may_be_exported(name, shown):
            exported[name] = shown
        else:
            withheld.append(name)
    return exported, tuple(withheld)


def _may_be_exported(name: str, value: str) -> bool:
    longest = _NUMBERS_BY_NATURE.get(name)
    if longest is not None:
        return len(value) <= longest
    return not holds_card_number(value)


def holds_card_number(text: str) -> bool:
    """Tell whether 13 to 19 digits in a row pass Luhn's check (ISO/IEC 7812-1, annex B), blanks and hyphens between.

    Args:
        text: Any text. Longer rows of digits are searched at every place.
    """
    for run in _RUN_OF_DIGITS.findall(text):
        digits = [int(character) for character in run if character.isdigit()]
        for length in range(_MIN_CARD_DIGITS, min(_MAX_CARD_DIGITS, len(digits)) + 1):
            if any(_passes_luhn(digits[at : at + length]) for at in range(len(digits) - length + 1)):
                return True
    return False


def _passes_luhn(digits: list[int]) -> bool:
    doubled = (digit * 2 - 9 * (digit > 4) for digit in digits[-2::-2])
    return any(digits) and (sum(doubled) + sum(digits[-1::-2])) % 10 == 0
