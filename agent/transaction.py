"""A transaction as it may leave the terminal: the whitelist of fields that an export holds (I4)."""

from __future__ import annotations

from dataclasses import dataclass

from protocols.words import EntryMode, Scheme, TransactionKind


@dataclass(frozen=True, slots=True)
class Transaction:
    """One transaction without anything that must not be kept: no track, no expiry date, no full card number.

    Args:
        number: Counts the transactions of this terminal.
        kind: Kind of transaction.
        scheme: Scheme.
        entry_mode: How the card or code was read.
        settled: Whether its batch was settled.
        amount: In the smallest unit of the currency.
        currency: ISO 4217 number.
        time: Local time of the terminal, RFC 3339 with its offset.
        trace: System trace number.
        batch: Batch number.
        reference: Retrieval reference number.
        authorisation: Authorisation code or empty.
        response: Response code of the host.
        account: Card number with BIN and last four only, as ``621234******1234``; empty for wallets.
        original_trace: Trace number of the transaction that this one voids, refunds or completes, or 0.
    """

    number: int
    kind: TransactionKind
    scheme: Scheme
    entry_mode: EntryMode
    settled: bool
    amount: int
    currency: int
    time: str
    trace: int
    batch: int
    reference: str
    authorisation: str
    response: str
    account: str
    original_trace: int


def masked_account(digits: str) -> str:
    """Show a card number as its first six and last four digits (PCI DSS 4.0.1, requirement 3.4.1).

    Args:
        digits: The card number, or empty.

    Returns:
        The masked number; a number of fewer than 13 digits is masked throughout, since it is no card number.
    """
    if len(digits) < 13:
        return "*" * len(digits)
    return digits[:6] + "*" * (len(digits) - 10) + digits[-4:]
