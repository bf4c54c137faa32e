"""Frames of pmp: 13 bytes of header with a checksum of their own, payload, CRC-32 (note pmp.md, section Link).

The header's own checksum is what keeps a broken length from stalling the line: a length is believed only when the
header around it is whole.
"""

from __future__ import annotations

import binascii
import struct
import zlib
from collections.abc import Iterator
from enum import IntEnum
from typing import Any, NamedTuple

from construct import Const, ConstructError, Int8ub, Int16ub, Struct

from protocols.errors import LocalProtocolError

START = 0xA5
START_BYTE = bytes([START])
VERSION = 1
HEADER_BYTES = 13
TRAILER_BYTES = 4
OVERHEAD_BYTES = HEADER_BYTES + TRAILER_BYTES
MAX_PAYLOAD = 16_384
MIN_PAYLOAD = 64
MAX_WINDOW = 32
SEQUENCE_MODULUS = 1 << 16

_KIND_MASK = 0x0F
_MORE = 0x10
_RESERVED = 0xFF & ~(_KIND_MASK | _MORE)


class FrameKind(IntEnum):
    """What a frame is for: the low four bits of its flags."""

    ACK = 0
    DATA = 1
    HELLO = 2
    ACCEPT = 3
    RESET = 4
    PING = 5


_KINDS = {kind.value: kind for kind in FrameKind}


class Frame(NamedTuple):
    """One frame. A named tuple, because building a frozen dataclass costs more than reading the frame.

    Args:
        kind: What it is for.
        session: Number of the session, chosen by the agent, 0 to 65,535.
        sequence: Number of a DATA frame, or the next number to be sent in all others.
        acknowledged: The next DATA sequence number its sender waits for.
        payload: 0 to 16,384 bytes.
        more: True where the message goes on in the next DATA frame.
    """

    kind: FrameKind
    session: int
    sequence: int
    acknowledged: int
    payload: bytes = b""
    more: bool = False


_HEADER = Struct(
    "start" / Const(START, Int8ub),
    "version" / Const(VERSION, Int8ub),
    "flags" / Int8ub,
    "session" / Int16ub,
    "sequence" / Int16ub,
    "acknowledged" / Int16ub,
    "length" / Int16ub,
).compile()


def header_checksum(header: bytes) -> int:
    """CRC-16/XMODEM over the first 11 bytes of a frame (polynomial 0x1021, start value 0, no reflection)."""
    return binascii.crc_hqx(header, 0)


def build_frame(frame: Frame) -> bytes:
    """Write a frame.

    Raises:
        LocalProtocolError: The payload is too long or a number does not fit its field.
    """
    if len(frame.payload) > MAX_PAYLOAD:
        raise LocalProtocolError(f"payload of {len(frame.payload)} bytes, at most {MAX_PAYLOAD}")
    try:
        header: bytes = _HEADER.build(
            {
                "flags": frame.kind | (_MORE if frame.more else 0),
                "session": frame.session,
                "sequence": frame.sequence,
                "acknowledged": frame.acknowledged,
                "length": len(frame.payload),
            }
        )
    except (ConstructError, struct.error) as fault:
        raise LocalProtocolError(f"frame cannot be built: {type(fault).__name__}") from None
    header += header_checksum(header).to_bytes(2, "big")
    checksum = zlib.crc32(frame.payload, zlib.crc32(header))
    return header + frame.payload + checksum.to_bytes(TRAILER_BYTES, "big")


class FrameScanner:
    """Finds frames in a stream of bytes, through garbage before, between and inside them.

    It never holds more than one largest frame of unread bytes plus the last chunk it was given.
    """

    def __init__(self) -> None:
        self._buffer = bytearray()
        self.skipped_bytes = 0
        """How many bytes were thrown away because they belonged to no whole frame."""
        self.broken_frames = 0
        """How many frames had a whole header and a wrong CRC-32."""

    def feed(self, data: bytes) -> Iterator[Frame]:
        """Take bytes and yield each whole frame in them, in order.

        Args:
            data: Bytes as they came, split or joined in any way.
        """
        self._buffer += data
        pending = bytes(self._buffer)
        at = 0
        while (start := pending.find(START_BYTE, at)) >= 0:
            self.skipped_bytes += start - at
            at = start
            if len(pending) - at < HEADER_BYTES:
                break
            header = _read_header(pending[at : at + HEADER_BYTES])
            if header is None:
                at += 1
                self.skipped_bytes += 1
                continue
            body = at + HEADER_BYTES
            trailer = body + header.length
            end = trailer + TRAILER_BYTES
            if len(pending) < end:
                break
            if zlib.crc32(pending[at:trailer]) != int.from_bytes(pending[trailer:end], "big"):
                self.broken_frames += 1
                at += 1
                self.skipped_bytes += 1
                continue
            at = end
            flags = header.flags
            yield Frame(
                _KINDS[flags & _KIND_MASK],
                header.session,
                header.sequence,
                header.acknowledged,
                pending[body:trailer],
                bool(flags & _MORE),
            )
        else:
            self.skipped_bytes += len(pending) - at
            at = len(pending)
        del self._buffer[:at]


def _read_header(data: bytes) -> Any:
    """Return the fields of a header that is whole and means something in this version, or None."""
    if binascii.crc_hqx(data[:-2], 0) != (data[-2] << 8 | data[-1]) or data[1] != VERSION:
        return None
    header = _HEADER.parse(data)
    flags = header.flags
    if flags & _RESERVED or flags & _KIND_MASK not in _KINDS or header.length > MAX_PAYLOAD:
        return None
    return header
