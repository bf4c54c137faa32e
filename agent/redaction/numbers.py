"""What makes a row of digits a card number: its length, its issuer's prefix, and its check digit (ISO/IEC 7812-1).

``verify.sh`` has the same table. A prefix counts with the lengths that cards under it have, so that other long numbers
(serial numbers, times, references) are seldom taken for one: of random 16-digit numbers about one in thirty is.
"""

from __future__ import annotations

SHORTEST, LONGEST = 13, 19

ISSUERS: tuple[tuple[int, int, frozenset[int]], ...] = tuple(
    (first, last, frozenset(lengths))
    for first, last, lengths in (
        (4, 4, (13, 16, 19)),  # Visa
        (51, 55, (16,)),  # Mastercard
        (2221, 2720, (16,)),  # Mastercard
        (34, 34, (15,)),  # American Express
        (37, 37, (15,)),
        (300, 305, range(14, 20)),  # Diners Club
        (3095, 3095, range(14, 20)),
        (36, 36, range(14, 20)),
        (38, 39, range(14, 20)),
        (3528, 3589, range(16, 20)),  # JCB
        (6011, 6011, range(16, 20)),  # Discover
        (644, 649, range(16, 20)),
        (65, 65, range(16, 20)),
        (62, 62, range(16, 20)),  # UnionPay
        (81, 81, range(16, 20)),
        (2200, 2204, range(16, 20)),  # Mir
        (5018, 5018, range(13, 20)),  # Maestro
        (5020, 5020, range(13, 20)),
        (5038, 5038, range(13, 20)),
        (5893, 5893, range(13, 20)),
        (6304, 6304, range(13, 20)),
        (6759, 6759, range(13, 20)),
        (6761, 6763, range(13, 20)),
    )
)
"""First and last prefix of an issuer's range, and the lengths of its numbers."""


def luhn_valid(digits: str) -> bool:
    """Tell whether the last digit is the check digit of those before it (ISO/IEC 7812-1, annex B)."""
    total = 0
    for place, digit in enumerate(reversed(digits)):
        number = int(digit) * (1 + place % 2)
        total += number - 9 if number > 9 else number
    return total % 10 == 0


def is_card_number(digits: str) -> bool:
    """Tell whether digits are a card number as far as they themselves tell.

    Args:
        digits: ASCII digits and nothing else.
    """
    if not SHORTEST <= len(digits) <= LONGEST:
        return False
    known = any(
        first <= int(digits[: len(str(first))]) <= last and len(digits) in lengths for first, last, lengths in ISSUERS
    )
    return known and luhn_valid(digits)
