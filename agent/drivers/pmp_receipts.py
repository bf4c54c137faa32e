"""The receipts of a pmp terminal, read piece by piece; what must not be kept is dropped here (I4)."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

from agent.drivers.base import TerminalTotals
from agent.drivers.pmp_dataset import Dataset
from agent.receipt import Receipt, kept_of_receipt
from protocols.errors import LocalProtocolError, RemoteProtocolError
from protocols.pmp.layouts import TEXT_ENCODING
from protocols.pmp.records import RECEIPT_HEAD_BYTES, ReceiptCutter, ReceiptRecord

MAX_RECEIPTS = 1_000_000


class PmpReceipts:
    """A frozen view of the receipts; see `agent.drivers.base.ReceiptReading`.

    Args:
        dataset: The open dataset.

    Raises:
        RemoteProtocolError: There are more than a terminal has, or they cannot fit into so many bytes.
    """

    def __init__(self, dataset: Dataset) -> None:
        if dataset.records > MAX_RECEIPTS or dataset.size < dataset.records * RECEIPT_HEAD_BYTES:
            raise RemoteProtocolError(f"{dataset.records} receipts of {dataset.size} bytes")
        self.records = dataset.records
        self.size = dataset.size
        self._dataset = dataset
        self._hash = hashlib.sha256()
        self._begun = False
        self._bytes_read = 0

    def receipts(self) -> Iterator[Receipt]:
        """Read all of them once, by the numbers of their transactions.

        Yields:
            What may be kept of each.

        Raises:
            LocalProtocolError: They were read before.
            ProtocolError: The line or the data failed; more or fewer came than were announced.
        """
        if self._begun:
            raise LocalProtocolError("receipts are read once")
        self._begun = True
        cutter = ReceiptCutter()
        count, last = 0, -1
        try:
            for piece in self._dataset.pieces():
                self._hash.update(piece)
                self._bytes_read += len(piece)
                for record in cutter.feed(piece):
                    count += 1
                    if count > self.records:
                        raise RemoteProtocolError(f"more receipts than the {self.records} announced")
                    if record.number <= last:
                        raise RemoteProtocolError("Receipt: out of order")
                    last = record.number
                    yield _read(record)
            cutter.end()
        except RemoteProtocolError as fault:
            # Without the bytes around it, which may be a card number's.
            raise RemoteProtocolError(fault.reason, offset=fault.offset) from None
        if count != self.records:
            raise RemoteProtocolError(f"{count} receipts, {self.records} announced")

    @property
    def bytes_read(self) -> int:
        """Bytes read so far."""
        return self._bytes_read

    @property
    def digest(self) -> str:
        """SHA-256 of all bytes read so far, lower-case hex."""
        return self._hash.hexdigest()

    def terminal_totals(self) -> TerminalTotals:
        """Ask the terminal for its own digest and count."""
        return self._dataset.totals()


def _read(record: ReceiptRecord) -> Receipt:
    try:
        text = record.text.decode(TEXT_ENCODING)
    except UnicodeError:
        raise RemoteProtocolError("Receipt: text is not in its character set") from None
    return kept_of_receipt(record.number, record.trace, text)
