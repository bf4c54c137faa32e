"""The journal of a pmp terminal, read piece by piece; what must not be kept is dropped here (I4)."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from datetime import datetime

from agent.drivers.base import TerminalTotals
from agent.drivers.pmp_dataset import Dataset
from agent.transaction import Transaction, masked_account
from protocols.errors import LocalProtocolError, RemoteProtocolError
from protocols.pmp.records import JOURNAL_RECORD, RECORD_BYTES, JournalRecord

TIME_ZONE = "+08:00"
"""Terminals of this family keep the time of China, which has one zone and no summer time."""


class PmpJournal:
    """A frozen view of the journal; see `agent.drivers.base.JournalReading`.

    Args:
        dataset: The open dataset.

    Raises:
        RemoteProtocolError: Its size does not fit its number of records.
    """

    def __init__(self, dataset: Dataset) -> None:
        if dataset.size != dataset.records * RECORD_BYTES:
            raise RemoteProtocolError(f"journal of {dataset.records} records and {dataset.size} bytes")
        self.records = dataset.records
        self.size = dataset.size
        self._dataset = dataset
        self._hash = hashlib.sha256()
        self._bytes_read = 0

    def transactions(self) -> Iterator[Transaction]:
        """Read the whole journal once, in order.

        Yields:
            Transactions without track, expiry date and full card number.

        Raises:
            LocalProtocolError: It was read before.
            ProtocolError: The line or the data failed.
        """
        if self._bytes_read:
            raise LocalProtocolError("a journal is read once")
        for piece in self._dataset.pieces(RECORD_BYTES):
            self._hash.update(piece)
            self._bytes_read += len(piece)
            for at in range(0, len(piece), RECORD_BYTES):
                yield read_transaction(piece[at : at + RECORD_BYTES])

    @property
    def bytes_read(self) -> int:
        """Bytes read so far."""
        return self._bytes_read

    @property
    def digest(self) -> str:
        """SHA-256 of all bytes read so far, lower-case hex."""
        return self._hash.hexdigest()

    def terminal_totals(self) -> TerminalTotals:
        """Ask the terminal for its own digest, count and sums."""
        return self._dataset.totals()


def read_transaction(data: bytes) -> Transaction:
    """Turn a record into what may be kept of it.

    Args:
        data: 128 bytes.

    Returns:
        The transaction; expiry date and track stay behind, the card number is masked.

    Raises:
        RemoteProtocolError: A field does not hold what it must. The error carries no bytes of the record.
    """
    try:
        record = JOURNAL_RECORD.parse(data)
    except RemoteProtocolError as fault:
        raise RemoteProtocolError(fault.reason, offset=fault.offset) from None
    return Transaction(
        number=record.number,
        kind=record.kind,
        scheme=record.scheme,
        entry_mode=record.entry_mode,
        settled=record.settled,
        amount=record.amount,
        currency=record.currency,
        time=_field("time", _time, record.time),
        trace=record.trace,
        batch=record.batch,
        reference=_field("reference", _text, record.reference),
        authorisation=_field("authorisation", _text, record.authorisation),
        response=_field("response", _text, record.response),
        account=_field("account", _account, record.account),
        original_trace=record.original_trace,
    )


def _field(name: str, read: Callable[[bytes], str], data: bytes) -> str:
    try:
        return read(data)
    except ValueError:  # UnicodeError is one
        raise RemoteProtocolError(f"{JournalRecord.__name__}: {name} is not what it must be") from None


def _time(data: bytes) -> str:
    digits = data.hex()
    if not digits.isdecimal():
        raise ValueError
    # Also checks that there is such a day and hour. fromisoformat is eight times as fast as strptime.
    text = f"{digits[:4]}-{digits[4:6]}-{digits[6:8]}T{digits[8:10]}:{digits[10:12]}:{digits[12:]}"
    datetime.fromisoformat(text)
    return text + TIME_ZONE


def _text(data: bytes) -> str:
    text = data.decode("ascii").rstrip(" ")
    if not text.isprintable():
        raise ValueError
    return text


def _account(data: bytes) -> str:
    digits = data.hex().rstrip("f")
    if digits and not digits.isdecimal():
        raise ValueError
    return masked_account(digits)
