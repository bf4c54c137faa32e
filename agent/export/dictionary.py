"""Which data element of ISO 8583:1987 each field of an export is.

The edition matters: later ones (1993, 2003) use several of these numbers for something else, and terminals in China
still speak the first. Element 60 is reserved for national use; UnionPay keeps the batch number in its second part.
"""

from __future__ import annotations

from typing import Final

EDITION: Final = "ISO 8583:1987"

ELEMENTS: Final = {
    "number": (),
    "time": ("12", "13"),
    "kind": ("3",),
    "scheme": (),
    "entry_mode": ("22",),
    "amount": ("4",),
    "currency": ("49",),
    "account": ("2",),
    "trace": ("11",),
    "batch": ("60.2",),
    "reference": ("37",),
    "authorisation": ("38",),
    "response": ("39",),
    "original_trace": ("90",),
    "settled": (),
}
"""Data elements by the field of a transaction, in the order in which a person reads them."""

TERMINAL_ELEMENTS: Final = {"terminal_number": ("41",), "merchant_number": ("42",)}
"""The same of what the manifest says of the terminal."""


def element_text(field: str) -> str:
    """Return the data elements of a field as ``DE 12, 13``; ``-`` for one that the standard does not know.

    Args:
        field: Name of the field.
    """
    numbers = (ELEMENTS | TERMINAL_ELEMENTS)[field]
    return f"DE {', '.join(numbers)}" if numbers else "-"
