"""Receipts in flash: kept to be printed again, beside those that were deleted and can still be read in the chip."""

from __future__ import annotations

import hashlib

from protocols.errors import RemoteProtocolError
from protocols.pmp.records import RECEIPT, ReceiptRecord
from protocols.terminal import KindTotal
from simulators.hardware.record_log import RecordLog

KIND = 1


class Receipts:
    """The receipts region.

    Args:
        log: The records of the region.
    """

    def __init__(self, log: RecordLog) -> None:
        self._log = log

    def append(self, receipt: ReceiptRecord, *, deleted: bool = False) -> None:
        """Write a receipt.

        Args:
            receipt: The receipt.
            deleted: Mark it deleted at once: one of the past.

        Raises:
            LogFull: There is no room.
        """
        self._log.append(KIND, RECEIPT.build(receipt), deleted=deleted)

    def view(self) -> ReceiptsView:
        """Freeze a view of the receipts that count, by the numbers of their transactions."""
        kept = {}
        for record in self._log.records():
            try:
                kept[RECEIPT.parse(record.body).number] = record.body
            except RemoteProtocolError:
                continue  # half erased by a wipe that was cut
        return ReceiptsView([kept[number] for number in sorted(kept)])


class ReceiptsView:
    """The receipts at one moment.

    Args:
        receipts: Each as the dataset has it.
    """

    def __init__(self, receipts: list[bytes]) -> None:
        self._data = b"".join(receipts)
        self.records = len(receipts)
        self.size = len(self._data)

    def read(self, offset: int, length: int) -> bytes:
        """Return bytes of the dataset, fewer where it ends."""
        return self._data[offset : offset + length]

    def digest(self) -> bytes:
        """Return the SHA-256 of the dataset."""
        return hashlib.sha256(self._data).digest()

    def totals(self) -> tuple[KindTotal, ...]:
        """Return nothing: receipts are no transactions."""
        return ()
