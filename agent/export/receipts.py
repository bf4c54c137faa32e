"""The receipts of an export: one text file each in the archive, and one digest over the list of them.

They wait in a sealed spool like the transactions, since the manifest with their digest stands before them. The digest
is that of what ``sha256sum receipts/*.txt`` prints, so stock tools come to it as well.
"""

from __future__ import annotations

import hashlib
import re
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from agent.drivers.base import ReceiptReading, TerminalTotals
from agent.export.archive import RECEIPTS, Member
from agent.export.spool import SealedSpool
from agent.receipt import Receipt
from protocols.errors import LocalProtocolError, RemoteProtocolError

MAX_RECEIPT_BYTES: Final = 8192
"""Most bytes of a receipt's text: the terminal's 4 KiB of GB 18030, in UTF-8."""

RECEIPT_NAME: Final = re.compile(r"receipts/([0-9]{10})-([0-9]{10})\.txt")
"""Number of the transaction and its trace number."""

_HEAD = struct.Struct(">IIH")
_FULL_NUMBER = re.compile(r"(?:[0-9][ -]?){16,}")


@dataclass(frozen=True)
class ReceiptContent:
    """The receipts as they were read, and what the terminal says of them.

    Args:
        records: How many.
        size: Bytes of the dataset.
        digest: SHA-256 of these bytes, lower-case hex.
        terminal: What the terminal says of it.
        listing: SHA-256 of the list of the files with their digests; see `listed`.
        text_size: Bytes of all the files.
        dropped: Items of the receipts that were left out.
        newest_terminal: Terminal number on the last of them, or empty.
    """

    records: int
    size: int
    digest: str
    terminal: TerminalTotals
    listing: str
    text_size: int
    dropped: int
    newest_terminal: str = ""


def receipt_name(number: int, trace: int) -> str:
    """Return the name of a receipt in the archive.

    Args:
        number: Number of the transaction.
        trace: Its trace number.
    """
    return f"{RECEIPTS}{number:010}-{trace:010}.txt"


def listed(name: str, sha256: str) -> bytes:
    """Return the line of a receipt in the list that the manifest has the digest of, as ``sha256sum`` prints it."""
    return f"{sha256}  {name}\n".encode("ascii")


def spool_receipts(reading: ReceiptReading, spool: SealedSpool) -> ReceiptContent:
    """Stream the receipts into a spool, and ask the terminal what it says of them.

    Args:
        reading: The receipts, opened.
        spool: Takes them.

    Raises:
        ProtocolError: The line or the data failed.
        PreconditionNotMet: ``disk-full`` or ``destination-unwritable``.
        LocalProtocolError: The driver let a card number through (I4). It is not shown.
    """
    listing = hashlib.sha256()
    records = text_size = dropped = 0
    newest = ""
    for receipt in reading.receipts():
        data = _as_bytes(receipt)
        listing.update(listed(receipt_name(receipt.number, receipt.trace), hashlib.sha256(data).hexdigest()))
        spool.write(_HEAD.pack(receipt.number, receipt.trace, len(data)) + data)
        records += 1
        text_size += len(data)
        dropped += receipt.dropped
        newest = receipt.terminal_number
    return ReceiptContent(
        records,
        reading.bytes_read,
        reading.digest,
        reading.terminal_totals(),
        listing.hexdigest(),
        text_size,
        dropped,
        newest,
    )


def receipt_members(spool: SealedSpool) -> Iterator[Member]:
    """Yield the receipts as members of the archive, in their order.

    Args:
        spool: What `spool_receipts` filled.

    Raises:
        PreconditionNotMet: ``spool-damaged``.
    """
    rest = bytearray()
    for chunk in spool.chunks():
        rest += chunk
        begin = 0
        while len(rest) - begin >= _HEAD.size:
            number, trace, length = _HEAD.unpack_from(rest, begin)
            end = begin + _HEAD.size + length
            if end > len(rest):
                break
            yield _member(receipt_name(number, trace), bytes(rest[begin + _HEAD.size : end]))
            begin = end
        del rest[:begin]


def _member(name: str, data: bytes) -> Member:
    return Member(name, len(data), hashlib.sha256(data).hexdigest(), lambda: (data,))


def _as_bytes(receipt: Receipt) -> bytes:
    # Applied again because this is where data leaves for good; a driver's whitelist lets nothing of this kind through.
    if _FULL_NUMBER.search(receipt.text):
        raise LocalProtocolError("a receipt reached the export with a card number that is not masked")
    try:
        data = receipt.text.encode()
    except UnicodeError:
        raise RemoteProtocolError("receipt: a text is no Unicode") from None
    if len(data) > MAX_RECEIPT_BYTES:
        raise RemoteProtocolError(f"receipt: more than {MAX_RECEIPT_BYTES} bytes")
    return data
