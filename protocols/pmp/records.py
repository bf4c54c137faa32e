"""Records inside pmp's datasets: transaction of the journal, named parameter, receipt (note pmp.md, Datasets).

A journal record holds what the terminal kept, which may include the full card number, the expiry date and the track;
and so may a receipt. Whoever reads records drops these at once (I4).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from construct import Const, Flag, GreedyBytes, Int8ub, Int16ub, Int32ub, Int64ub, PascalString, Prefixed, Struct

from protocols.errors import RemoteProtocolError
from protocols.wire import Layout, Octets
from protocols.words import EntryMode, Scheme, TransactionKind

RECORD_BYTES = 128
MAX_PARAMETER_BYTES = 1024
MAX_RECEIPT_BYTES = 4096
RECEIPT_HEAD_BYTES = 10
"""What stands before the text of a receipt: two numbers and the length."""


@dataclass(frozen=True)
class JournalRecord:
    """One transaction as the terminal stored it, 128 bytes.

    Args:
        number: Counts the transactions of this terminal.
        kind: Kind of transaction.
        scheme: Scheme.
        entry_mode: How the card or code was read.
        settled: Whether its batch was settled.
        amount: In the smallest unit of the currency.
        currency: ISO 4217 number, 156 for CNY.
        time: Local time as BCD ``YYYYMMDDhhmmss``, 7 bytes.
        trace: System trace number.
        batch: Batch number.
        reference: Retrieval reference number, 12 ASCII characters.
        authorisation: Authorisation code, 6 ASCII characters, blanks where there is none.
        response: Response code of the host, 2 ASCII characters.
        account: Card number as BCD padded with F, 10 bytes; F throughout for wallets.
        expiry: Expiry date as BCD ``YYMM``, 2 bytes, F where there is none.
        track2: Track 2 equivalent as BCD padded with F, 20 bytes.
        original_trace: Trace number of the transaction that this one voids, refunds or completes, or 0.
    """

    number: int
    kind: TransactionKind
    scheme: Scheme
    entry_mode: EntryMode
    settled: bool
    amount: int
    currency: int
    time: bytes
    trace: int
    batch: int
    reference: bytes
    authorisation: bytes
    response: bytes
    account: bytes
    expiry: bytes
    track2: bytes
    original_trace: int


@dataclass(frozen=True)
class Parameter:
    """One named value of the terminal's configuration.

    Args:
        name: ASCII name, as ``merchant_number``.
        value: GB 18030 text as bytes; secret values are in here too, so a whitelist decides what is kept.
    """

    name: str
    value: bytes


@dataclass(frozen=True)
class ReceiptRecord:
    """One receipt as the terminal keeps it, to print it again.

    Args:
        number: Number of its transaction, as in the journal.
        trace: System trace number of that.
        text: GB 18030 text as bytes, its lines apart by a newline; may show what nobody may keep.
    """

    number: int
    trace: int
    text: bytes


JOURNAL_RECORD = Layout(
    JournalRecord,
    Struct(
        "number" / Int32ub,
        "kind" / Int8ub,
        "scheme" / Int8ub,
        "entry_mode" / Int8ub,
        "settled" / Flag,
        "amount" / Int64ub,
        "currency" / Int16ub,
        "time" / Octets(7),
        "trace" / Int32ub,
        "batch" / Int32ub,
        "reference" / Octets(12),
        "authorisation" / Octets(6),
        "response" / Octets(2),
        "account" / Octets(10),
        "expiry" / Octets(2),
        "track2" / Octets(20),
        "original_trace" / Int32ub,
        "reserved" / Const(bytes(39)),
    ),
    maximum=RECORD_BYTES,
)
PARAMETER = Layout(
    Parameter,
    Struct("name" / PascalString(Int8ub, "ascii"), "value" / Prefixed(Int16ub, GreedyBytes)),
    maximum=MAX_PARAMETER_BYTES,
)
RECEIPT = Layout(
    ReceiptRecord,
    Struct("number" / Int32ub, "trace" / Int32ub, "text" / Prefixed(Int16ub, GreedyBytes)),
    maximum=MAX_RECEIPT_BYTES,
)


def parse_parameters(data: bytes) -> Iterator[Parameter]:
    """Yield the parameters of a whole parameter dataset.

    Args:
        data: All its bytes.

    Raises:
        RemoteProtocolError: A parameter is cut short or too long.
    """
    at = 0
    while at < len(data):
        value_at = at + 1 + data[at]
        if value_at + 2 > len(data):
            raise RemoteProtocolError("Parameter: cut short", offset=at)
        end = value_at + 2 + int.from_bytes(data[value_at : value_at + 2], "big")
        if end > len(data):
            raise RemoteProtocolError("Parameter: cut short", offset=at)
        yield PARAMETER.parse(data[at:end])
        at = end


class ReceiptCutter:
    """Cuts the receipts dataset into its receipts while it comes in; holds no more than one of them."""

    def __init__(self) -> None:
        self._rest = bytearray()
        self._at = 0

    def feed(self, data: bytes) -> Iterator[ReceiptRecord]:
        """Take the next bytes and yield the receipts that are whole with them.

        Raises:
            RemoteProtocolError: A receipt is too long.
        """
        self._rest += data
        begin = 0
        while len(self._rest) - begin >= RECEIPT_HEAD_BYTES:
            length = int.from_bytes(self._rest[begin + RECEIPT_HEAD_BYTES - 2 : begin + RECEIPT_HEAD_BYTES], "big")
            end = begin + RECEIPT_HEAD_BYTES + length
            if RECEIPT_HEAD_BYTES + length > MAX_RECEIPT_BYTES:
                raise RemoteProtocolError("Receipt: too long", offset=self._at + begin)
            if end > len(self._rest):
                break
            yield RECEIPT.parse(bytes(self._rest[begin:end]))
            begin = end
        del self._rest[:begin]
        self._at += begin

    def end(self) -> None:
        """Say that nothing more comes.

        Raises:
            RemoteProtocolError: The last receipt is cut short.
        """
        if self._rest:
            raise RemoteProtocolError("Receipt: cut short", offset=self._at)
