"""Which parameters of a terminal may leave it, in this one place: whatever is not listed is dropped unread (I4)."""

from __future__ import annotations

import re

from agent.transaction import masked_account

_KEPT = re.compile(
    r"merchant_number|terminal_number|merchant_name|acquirer_code|acquirer_host|merchant_credit_code"
    r"|settlement_account|deployment_address|currency|batch_number|operator\.[0-9]{2}\.name"
)
_ACCOUNTS = frozenset({"settlement_account"})
"""A settlement account is often a card number, so it is shown as one (PCI DSS 4.0.1, requirement 3.4.1)."""


def may_leave(name: str) -> bool:
    """Tell whether a parameter is on the whitelist.

    Args:
        name: Its name; passwords and names that nobody knows are not on it.
    """
    return _KEPT.fullmatch(name) is not None


def shown_value(name: str, value: str) -> str:
    """Return a whitelisted parameter's value as it may be kept: accounts with their middle masked."""
    return masked_account(value) if name in _ACCOUNTS else value
