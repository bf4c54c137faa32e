"""A merchant number taken apart, so that a mistyped one is noticed before it is bound.

Domestic merchant numbers have 15 digits: three of the acquirer, four of the region, four of the merchant category (MCC,
ISO 18245) and four that count. That division is common practice, not a standard: what it says is a warning sign and
never a proof.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

DIGITS = 15
REGIONS = range(1000, 8000)
"""Region codes in use begin with 1 to 7."""
CATEGORIES = (range(700, 3000), range(3000, 4000), range(4000, 10000))
"""ISO 18245: agriculture to contracts, airlines to lodging, transport to government."""


@dataclass(frozen=True, repr=False)
class MerchantNumber:
    """The parts of a merchant number.

    Args:
        acquirer: Three digits.
        region: Four digits.
        category: Merchant category code, four digits.
        serial: Four digits.
    """

    acquirer: str
    region: str
    category: str
    serial: str


def parts_of(number: str) -> MerchantNumber | None:
    """Take a merchant number apart; None where it is not of 15 digits."""
    if not re.fullmatch(rf"[0-9]{{{DIGITS}}}", number):
        return None
    return MerchantNumber(number[:3], number[3:7], number[7:11], number[11:])


def implausible_part(number: str) -> str:
    """Name the first part of a merchant number that cannot be right.

    Args:
        number: As typed.

    Returns:
        ``form``, ``region``, ``category``, or empty where nothing stands out.
    """
    parts = parts_of(number)
    if parts is None:
        return "form"
    if int(parts.region) not in REGIONS:
        return "region"
    if not any(int(parts.category) in each for each in CATEGORIES):
        return "category"
    return ""
