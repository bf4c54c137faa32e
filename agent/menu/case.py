"""The facts of a case that a terminal's screens must agree with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

TEST_AMOUNT = "0.01"
"""Amount of a test transaction as screens show it."""


@dataclass(frozen=True)
class MenuCase:
    """The facts that the terminal must show before anything is confirmed.

    Args:
        tusn: Serial number of the terminal of the case.
        merchant_number: Its merchant number, or the new one where it is bound; not shown in any text.
        label_number: The device number on its label, which some menus call machine number; empty where unknown.
        amount: Amount of a test transaction.
    """

    tusn: str
    merchant_number: str = field(repr=False)
    label_number: str = ""
    amount: str = TEST_AMOUNT

    def agrees(self, place: str, shown: str) -> bool:
        """Tell whether a named place of a screen shows what it must, or has nothing to do with the case."""
        expected = {
            "tusn": self.tusn,
            "tusn_last8": self.tusn[-8:],
            "merchant_number": self.merchant_number,
            "machine_number": self.label_number,
            "amount": self.amount,
        }
        return expected.get(place, shown) == shown

    def disagreeing(self, places: Mapping[str, str]) -> frozenset[str]:
        """Return the places of a screen that do not agree."""
        return frozenset(place for place, shown in places.items() if not self.agrees(place, shown))

    def agrees_with(self, places: Mapping[str, str]) -> bool:
        """Tell whether all places of a screen agree."""
        return not self.disagreeing(places)
