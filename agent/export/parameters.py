"""The terminal's parameters as an export may hold them (I4): on the whitelist, and without a card number inside."""

from __future__ import annotations

import re
from collections.abc import Mapping

from agent.parameters import may_leave, shown_value

_LIKE_A_CARD_NUMBER = re.compile(
    r"\d{13}"  # ISO/IEC 7812-1: up to 19, and no shorter ones are in use
    r"|\d{4}(?:[ -]\d{4}){2}[ -]\d"  # as printed on most cards
    r"|\d{4}[ -]\d{6}[ -]\d{5}"  # as printed on American Express
)

_NUMBERS_BY_NATURE = {"merchant_number": 15, "merchant_credit_code": 18}
"""Numbers that are long themselves, with the most characters that each can have."""


def exported_parameters(values: Mapping[str, str]) -> tuple[dict[str, str], tuple[str, ...]]:
    """Choose what is exported of the parameters that a driver read.

    Drivers keep to the whitelist already; it is applied again here because this is where data leaves for good.

    Args:
        values: Name and text of each.

    Returns:
        What is exported by name, and the names of whitelisted parameters that are withheld as a whole because a
        card number may stand in them, and who knows what beside it.
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
    return not may_hold_card_number(value)


def may_hold_card_number(text: str) -> bool:
    """Tell whether digits stand in a text as in a card number; to be on the safe side, Luhn's check is not asked.

    Args:
        text: Any text; digits of all scripts count.
    """
    return _LIKE_A_CARD_NUMBER.search(text) is not None
