"""The test transaction of a terminal that was bound anew, and its void, with a card published for testing."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from random import Random

from protocols.words import EntryMode, Scheme, TransactionKind
from simulators.data.cards import PUBLISHED, make_card
from simulators.data.journal import CURRENCY, LARGEST_TRACE, RECORD

FIRST_MOMENT = "20250301080000"
GAP = timedelta(minutes=1)

_NUMBER, _SETTLED, _TIME, _TRACE, _BATCH, _REFERENCE = 0, 4, 7, 8, 9, 10


def sale_after(last: bytes | None, amount: int) -> bytes:
    """Pack the record of a test sale.

    Args:
        last: The journal's last record, or None where it is empty.
        amount: In the smallest unit of the currency.
    """
    return _after(last, TransactionKind.SALE, amount, 0)


def void_after(last: bytes | None, sale: bytes) -> bytes:
    """Pack the record of the void of a test sale.

    Args:
        last: The journal's last record.
        sale: The record of the sale.
    """
    fields = RECORD.unpack(sale)
    return _after(last, TransactionKind.VOID, fields[5], fields[_TRACE])


def trace_of(record: bytes) -> int:
    """Return the trace number of a record."""
    return int(RECORD.unpack(record)[_TRACE])


def _moment(digits: str) -> datetime:
    """Read the terminal's local time; which zone it is in does not matter for counting on."""
    return datetime.strptime(digits, "%Y%m%d%H%M%S").replace(tzinfo=UTC)


def _after(last: bytes | None, kind: TransactionKind, amount: int, original: int) -> bytes:
    number, trace, batch, reference, moment = 1, 1, 1, 1, _moment(FIRST_MOMENT)
    if last is not None:
        fields = RECORD.unpack(last)
        number = fields[_NUMBER] + 1
        trace = fields[_TRACE] % LARGEST_TRACE + 1
        batch = fields[_BATCH] + fields[_SETTLED]
        reference = (int(fields[_REFERENCE]) + 1) % 10**12
        moment = _moment(fields[_TIME].hex()) + GAP
    card = make_card(PUBLISHED[Scheme.UNIONPAY][0], Random("card for testing"))
    return RECORD.pack(
        number,
        kind,
        Scheme.UNIONPAY,
        EntryMode.CHIP,
        False,
        amount,
        CURRENCY,
        bytes.fromhex(f"{moment:%Y%m%d%H%M%S}"),
        trace,
        batch,
        b"%012d" % reference,
        b"000000",
        b"00",
        card.account,
        card.expiry,
        card.track2,
        original,
    )
