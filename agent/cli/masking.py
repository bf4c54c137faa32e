"""Bindings as a page or a report may show them: enough to recognise, not enough to use (I4)."""

from __future__ import annotations

from protocols.terminal import Binding
from protocols.words import BindingKind

SHOWN: dict[str, tuple[int, int]] = {
    "merchant_number": (3, 4),
    "merchant_credit_code": (2, 4),
    "settlement_account": (0, 4),
    "deployment_address": (3, 0),
}
"""How many characters of a value are shown at its start and at its end."""


def masked(value: str, first: int, last: int) -> str:
    """Hide the middle of a value, and at least half of it.

    Args:
        value: The value.
        first: Characters shown at the start.
        last: Characters shown at the end.
    """
    if first + last > len(value) // 2:
        return "*" * len(value)
    return value[:first] + "*" * (len(value) - first - last) + value[len(value) - last :]


def masked_binding(binding: Binding) -> str:
    """Show what a binding is tied to."""
    if binding.name == "acquirer_code" and len(binding.value) <= 8:
        # The acquirer's public institution code tells nothing of the merchant.
        return binding.value
    if binding.kind is BindingKind.DEVICE:
        return masked(binding.value, 0, 4)
    first, last = SHOWN.get(binding.name, (0, 0))
    return masked(binding.value, first, last)


def masked_merchant_number(number: str) -> str:
    """Show a merchant number as its first three and last four digits."""
    return masked(number, 3, 4)
