"""Records of any length one after another in flash, each with a status that only ever loses bits.

A record is 4 bytes of header (status, kind, length big-endian) and its body. It is written with its bits for "being
written" first, so that a power cut leaves a record that does not count. Deleting clears one more bit: the body stays
readable in the chip until its block is erased, as in the terminals of the field.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from simulators.hardware.flash import BLANK, Flash

WRITING = 0xFE
VALID = 0xFC
DELETED = 0xF8
HEADER_BYTES = 4
MAX_BODY = 0xFFFF


class LogFull(Exception):
    """There is no room for the record before the log is erased."""


class LogRecord(NamedTuple):
    """A record that counts.

    Args:
        at: Where its header stands, from the start of the chip.
        kind: What it is; the owner's number.
        body: Its bytes.
    """

    at: int
    kind: int
    body: bytes


class RecordLog:
    """A log of records in a part of the flash.

    Args:
        flash: The chip.
        start: First byte.
        size: Bytes.
    """

    def __init__(self, flash: Flash, start: int, size: int) -> None:
        self._flash = flash
        self._start = start
        self._end = start + size

    def records(self) -> Iterator[LogRecord]:
        """Yield the records that count, oldest first."""
        for at, status, kind, length in self._headers():
            if status == VALID:
                yield LogRecord(at, kind, self._flash.read(at + HEADER_BYTES, length))

    def append(self, kind: int, body: bytes, *, deleted: bool = False) -> None:
        """Write a record.

        Args:
            kind: What it is, 0 to 255.
            body: 0 to 65,535 bytes.
            deleted: Mark it deleted at once, as the past of the terminal would have.

        Raises:
            LogFull: It does not fit behind the last one.
        """
        at = self._free_at()
        size = HEADER_BYTES + len(body)
        if len(body) > MAX_BODY or at + size > self._end:
            raise LogFull
        if self._flash.read(at, size).count(BLANK) != size:
            raise LogFull  # what stands there is no record: half an erased block
        self._flash.program(at, bytes([WRITING, kind]) + len(body).to_bytes(2, "big"))
        self._flash.program(at + HEADER_BYTES, body)
        self._flash.program(at, bytes([DELETED if deleted else VALID]))

    def delete(self, record: LogRecord) -> None:
        """Mark a record deleted; its body stays in the chip."""
        self._flash.program(record.at, bytes([DELETED]))

    def _headers(self) -> Iterator[tuple[int, int, int, int]]:
        """Yield place, status, kind and length of each record, up to the first free byte."""
        at = self._start
        while at + HEADER_BYTES <= self._end:
            status, kind, high, low = self._flash.read(at, HEADER_BYTES)
            length = high << 8 | low
            if status == BLANK or at + HEADER_BYTES + length > self._end:
                return
            yield at, status, kind, length
            at += HEADER_BYTES + length

    def _free_at(self) -> int:
        at = self._start
        for place, _, _, length in self._headers():
            at = place + HEADER_BYTES + length
        return at
