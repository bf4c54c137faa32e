"""Frames of pmp: 13 bytes of header with a checksum of their own, payload, CRC-32 (note pmp.md, section Link).

The header's own checksum is what keeps a broken length from stalling the line: a length is believed only when the
header around it is whole.
"""

from __future__ import annotations

import binascii
import struct
import zlib
from enum import IntEnum
from typing import NamedTuple

from construct import Const, Int8ub, Int16ub, Struct

from protocols.errors import LocalProtocolError
from protocols.flat import Flat

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


_HEADER = Flat(
    Struct(
        "start" / Const(START, Int8ub),
        "version" / Const(VERSION, Int8ub),
        "flags" / Int8ub,
        "session" / Int16ub,
        "sequence" / Int16ub,
        "acknowledged" / Int16ub,
        "length" / Int16ub,
    )
)
_CHECKSUM_AT = _HEADER.size


def header_checksum(header: bytes) -> int:
    """CRC-16/XMODEM over the first 11 bytes of a frame (polynomial 0x1021, start value 0, no reflection)."""
    return binascii.crc_hqx(header, 0)


def build_frame(frame: Frame) -> bytes:
    """Write a frame.

    Raises:
        LocalProtocolError: The payload is too long or a number does not fit its field.
    """
    kind, session, sequence, acknowledged, payload, more = frame
    if len(payload) > MAX_PAYLOAD:
        raise LocalProtocolError(f"payload of {len(payload)} bytes, at most {MAX_PAYLOAD}")
    try:
        header = _HEADER.pack((kind | _MORE if more else kind, session, sequence, acknowledged, len(payload)))
    except struct.error as fault:
        raise LocalProtocolError(f"frame cannot be built: {type(fault).__name__}") from None
    header += header_checksum(header).to_bytes(2, "big")
    checksum = zlib.crc32(payload, zlib.crc32(header))
    return b"".join((header, payload, checksum.to_bytes(TRAILER_BYTES, "big")))


class FrameScanner:
    """Finds frames in a stream of bytes, through garbage before, between and inside them.

    After `feed` it holds less than one largest frame.
    """

    def __init__(self) -> None:
        self._buffer = bytearray()
        self._wanted = HEADER_BYTES  # nothing can be found before so many bytes are there
        self.skipped_bytes = 0
        """How many bytes were thrown away because they belonged to no whole frame."""
        self.broken_frames = 0
        """How many frames had a whole header and a wrong CRC-32."""

    def feed(self, data: bytes) -> list[Frame]:
        """Take bytes and return each whole frame that they complete, in order.

        Args:
            data: Bytes as they came, split or joined in any way.
        """
        self._buffer += data
        if len(self._buffer) < self._wanted and self._buffer[:1] == START_BYTE:
            return []
        pending = bytes(self._buffer)
        frames: list[Frame] = []
        at = 0  # everything before is done with
        self._wanted = HEADER_BYTES
        while (start := pending.find(START_BYTE, at)) >= 0:
            self.skipped_bytes += start - at
            at = start
            body = at + HEADER_BYTES
            if len(pending) < body:
                break
            header = _read_header(pending[at:body])
            if header is not None:
                flags, session, sequence, acknowledged, length = header
                trailer = body + length
                end = trailer + TRAILER_BYTES
                if len(pending) < end:
                    self._wanted = end - at
                    break
                payload = pending[body:trailer]
                checksum = zlib.crc32(payload, zlib.crc32(pending[at:body]))
                if checksum == int.from_bytes(pending[trailer:end], "big"):
                    kind = _KINDS[flags & _KIND_MASK]
                    frames.append(Frame(kind, session, sequence, acknowledged, payload, flags & _MORE != 0))
                    at = end
                    continue
                self.broken_frames += 1
            at += 1  # whatever follows the start byte may hold the next frame
            self.skipped_bytes += 1
        else:
            self.skipped_bytes += len(pending) - at
            at = len(pending)
        del self._buffer[:at]
        return frames

    def give_up(self) -> None:
        """Stop waiting for the rest of a frame that began and never ended; the next `feed` looks behind its start."""
        if self._buffer:
            del self._buffer[:1]
            self.skipped_bytes += 1
            self._wanted = HEADER_BYTES


def _read_header(data: bytes) -> tuple[int, int, int, int, int] | None:
    """Return flags, session, sequence, acknowledged and length of a whole header of this version, or None."""
    if data[1] != VERSION or binascii.crc_hqx(data[:_CHECKSUM_AT], 0) != data[-2] << 8 | data[-1]:
        return None
    flags, session, sequence, acknowledged, length = _HEADER.unpack(data[:_CHECKSUM_AT])
    if flags & _RESERVED or flags & _KIND_MASK not in _KINDS or length > MAX_PAYLOAD:
        return None
    return flags, session, sequence, acknowledged, length
