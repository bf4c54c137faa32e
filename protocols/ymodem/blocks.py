"""Blocks of XMODEM and YMODEM: how they are built, and what is found where one should begin (sections 4.1 to 8.1)."""

from __future__ import annotations

import binascii
from dataclasses import dataclass

from protocols.errors import LocalProtocolError
from protocols.ymodem.codes import BLOCK_NUMBERS, CAN, EOT, LONG_BLOCK, SHORT_BLOCK, SOH, STX

LEAD_BYTES = 3
"""First byte, block number and its complement."""

_SIZES = {SOH: SHORT_BLOCK, STX: LONG_BLOCK}
_LEADS = {size: lead for lead, size in _SIZES.items()}


@dataclass(frozen=True)
class Block:
    """A block whose check is right.

    Args:
        number: 0 to 255.
        data: 128 or 1,024 bytes.
    """

    number: int
    data: bytes


@dataclass(frozen=True)
class Ended:
    """EOT: the file is over."""


@dataclass(frozen=True)
class Cancelled:
    """Two CAN in a row: the peer gives up (4.1)."""


@dataclass(frozen=True)
class Broken:
    """Bytes that are no block.

    Args:
        reason: Why, in English, without any of the bytes.
        whole: A block in its full length: whoever sent it has stopped, and the line is clear soon.
    """

    reason: str
    whole: bool = False


@dataclass(frozen=True)
class Stray:
    """A byte that nothing begins with."""


Found = Block | Ended | Cancelled | Broken | Stray


def check_of(data: bytes, crc: bool) -> bytes:
    """Return the check of a block's data.

    Args:
        data: The data alone.
        crc: CRC-16 (8.1: X¹⁶+X¹²+X⁵+1, beginning with 0, high byte first), else the sum in one byte (7.2).
    """
    if crc:
        return binascii.crc_hqx(data, 0).to_bytes(2, "big")
    return bytes([sum(data) & 0xFF])


def build_block(number: int, data: bytes, crc: bool) -> bytes:
    """Build a block.

    Args:
        number: Any number from 0; it goes out modulo 256.
        data: 128 or 1,024 bytes.
        crc: Whether the check is the CRC-16.

    Raises:
        LocalProtocolError: Another length.
    """
    if len(data) not in _LEADS:
        raise LocalProtocolError(f"a block of {len(data)} bytes")
    low = number % BLOCK_NUMBERS
    return bytes([_LEADS[len(data)], low, 0xFF - low]) + data + check_of(data, crc)


class BlockReader:
    """Takes apart what arrives; it holds one unfinished block at most besides what it was fed last.

    Args:
        crc: Whether the check of a block is the CRC-16; may be set anew between blocks.
    """

    def __init__(self, crc: bool) -> None:
        self.crc = crc
        self._buffer = bytearray()

    @property
    def inside(self) -> bool:
        """True where a block has begun and is not whole yet."""
        return bool(self._buffer) and self._buffer[0] in _SIZES

    def feed(self, data: bytes) -> None:
        """Take bytes from the line."""
        self._buffer += data

    def drop(self) -> None:
        """Forget what is there."""
        self._buffer.clear()

    def find(self) -> Found | None:
        """Return what comes next, or None where more bytes are needed to tell."""
        buffer = self._buffer
        if not buffer:
            return None
        if buffer[0] in _SIZES:
            return self._find_block(_SIZES[buffer[0]])
        if buffer[0] == EOT and not buffer.strip(bytes([EOT])):
            # A sender that means it waits for the answer; an EOT with more behind it is a byte of something else.
            buffer.clear()
            return Ended()
        if buffer[0] == CAN:
            if len(buffer) == 1:
                return None
            if buffer[1] == CAN:
                return Cancelled()
        del buffer[0]
        return Stray()

    def _find_block(self, size: int) -> Found | None:
        buffer = self._buffer
        if len(buffer) < LEAD_BYTES:
            return None
        if buffer[1] ^ buffer[2] != 0xFF:
            buffer.clear()
            return Broken("block number and complement do not fit")
        end = LEAD_BYTES + size
        whole = end + (2 if self.crc else 1)
        if len(buffer) < whole:
            return None
        number, data, check = buffer[1], bytes(buffer[LEAD_BYTES:end]), bytes(buffer[end:whole])
        del buffer[:whole]
        if check != check_of(data, self.crc):
            return Broken("wrong check of a block", whole=True)
        return Block(number, data)
