"""Frames of pmp: 13 bytes of header with a checksum of their own, payload, CRC-32, parity (note pmp.md, section Link).

The header's own checksum is what keeps a broken length from stalling the line: a length is believed only when the
header around it is whole, or can be made whole by turning one bit.
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
from protocols.pmp.fec import PARITY, STRONGEST, correct, parity, parity_length

START = 0xA5
START_BYTE = bytes([START])
VERSION = 1
HEADER_BYTES = 13
CHECKSUM_BYTES = 4
OVERHEAD_BYTES = HEADER_BYTES + CHECKSUM_BYTES
MAX_PAYLOAD = 16_384
MIN_PAYLOAD = 64
MAX_WINDOW = 128
SEQUENCE_MODULUS = 1 << 16
MAX_FRAME = OVERHEAD_BYTES + MAX_PAYLOAD + parity_length(MAX_PAYLOAD + CHECKSUM_BYTES, STRONGEST)

_KIND_MASK = 0x0F
_MORE = 0x10
_URGENT = 0x20
_LEVEL_SHIFT = 6


class FrameKind(IntEnum):
    """What a frame is for: the low four bits of its flags."""

    ACK = 0
    DATA = 1
    HELLO = 2
    ACCEPT = 3
    RESET = 4
    PING = 5
    SPEED = 6


_KINDS = {kind.value: kind for kind in FrameKind}


class Frame(NamedTuple):
    """One frame. A named tuple, because building a frozen dataclass costs more than reading the frame.

    Args:
        kind: What it is for.
        session: Number of the session, chosen by the agent, 0 to 65,535.
        sequence: Number of a DATA frame, or the next number to be sent in all others.
        acknowledged: The next DATA sequence number its sender waits for.
        payload: 0 to 16,384 bytes.
        more: True where the message goes on in the next DATA frame of its lane.
        urgent: True where a DATA frame belongs to the urgent lane.
    """

    kind: FrameKind
    session: int
    sequence: int
    acknowledged: int
    payload: bytes = b""
    more: bool = False
    urgent: bool = False


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


def _single_bit_syndromes() -> dict[int, tuple[int, int]]:
    """Return, for each bit of a header that may be turned, how its checksum then differs, and where the bit is."""
    found = {}
    for place in range(HEADER_BYTES):
        for bit in range(8):
            blank = bytearray(HEADER_BYTES)
            blank[place] ^= 1 << bit
            found[header_checksum(bytes(blank[:_CHECKSUM_AT])) ^ int.from_bytes(blank[_CHECKSUM_AT:], "big")] = (
                place,
                bit,
            )
    return found


# CRC-16/XMODEM tells all single and double errors of so few bytes apart, so that turning one bit never hides two.
_ONE_BIT = _single_bit_syndromes()


def build_frame(frame: Frame, level: int = 0) -> bytes:
    """Write a frame.

    Args:
        frame: What it says.
        level: Level of its error correction, 0 to 3; see `protocols.pmp.fec.PARITY`.

    Raises:
        LocalProtocolError: The payload is too long or a number does not fit its field.
    """
    kind, session, sequence, acknowledged, payload, more, urgent = frame
    if len(payload) > MAX_PAYLOAD:
        raise LocalProtocolError(f"payload of {len(payload)} bytes, at most {MAX_PAYLOAD}")
    flags = kind | _MORE * more | _URGENT * urgent | level << _LEVEL_SHIFT
    try:
        header = _HEADER.pack((flags, session, sequence, acknowledged, len(payload)))
    except struct.error as fault:
        raise LocalProtocolError(f"frame cannot be built: {type(fault).__name__}") from None
    header += header_checksum(header).to_bytes(2, "big")
    checksum = zlib.crc32(payload, zlib.crc32(header)).to_bytes(CHECKSUM_BYTES, "big")
    if level:
        body = payload + checksum
        return b"".join((header, body, parity(body, level)))
    return b"".join((header, payload, checksum))


class FrameScanner:
    """Finds frames in a stream of bytes, through garbage before, between and inside them.

    After `feed` it holds less than one largest frame.
    """

    def __init__(self) -> None:
        self._buffer = bytearray()
        self._wanted = HEADER_BYTES  # nothing can be found before so many bytes are there
        self._in_step = False  # the buffer begins where a frame ended, so a frame should begin there
        self.skipped_bytes = 0
        """How many bytes were thrown away because they belonged to no whole frame."""
        self.broken_frames = 0
        """How many frames had a whole header and a wrong CRC-32."""
        self.taken_bytes = 0
        """How many bytes were looked at and are done with."""
        self.errors = 0
        """How many wrong bytes there were among them, as far as can be told; what no parity counts is one a frame."""
        self.corrected = 0
        """How many wrong bytes were put right."""

    def feed(self, data: bytes) -> list[Frame]:
        """Take bytes and return each whole frame that they complete, in order.

        Args:
            data: Bytes as they came, split or joined in any way.
        """
        self._buffer += data
        if len(self._buffer) < self._wanted and (self._in_step or self._buffer[:1] == START_BYTE):
            return []
        pending = bytes(self._buffer)
        frames: list[Frame] = []
        at = 0  # everything before is done with
        self._wanted = HEADER_BYTES
        while True:
            if not self._in_step:
                start = pending.find(START_BYTE, at)
                if start < 0:
                    self.skipped_bytes += len(pending) - at
                    at = len(pending)
                    break
                self.skipped_bytes += start - at
                at = start
            body = at + HEADER_BYTES
            if len(pending) < body:
                break
            header = pending[at:body]
            fields = _read_header(header)
            mended = fields is None and self._in_step
            if mended:
                header, fields = _mended(header)
            if fields is not None:
                flags, session, sequence, acknowledged, length = fields
                level = flags >> _LEVEL_SHIFT
                trailer = body + length
                end = trailer + CHECKSUM_BYTES + parity_length(length + CHECKSUM_BYTES, level)
                if len(pending) < end:
                    self._wanted = end - at
                    break
                self.errors += mended
                self.corrected += mended
                payload = self._payload(pending, header, body, trailer, end, level)
                if payload is not None:
                    kind = _KINDS[flags & _KIND_MASK]
                    more, urgent = flags & _MORE != 0, flags & _URGENT != 0
                    frames.append(Frame(kind, session, sequence, acknowledged, payload, more, urgent))
                    at = end
                    self._in_step = True
                    continue
                self.broken_frames += 1
                self.errors += PARITY[level] // 2 + 1
            elif self._in_step:
                self.errors += 1
            self._in_step = False
            at += 1  # whatever follows the start byte may hold the next frame
            self.skipped_bytes += 1
        self.taken_bytes += at
        del self._buffer[:at]
        return frames

    @property
    def held_bytes(self) -> int:
        """How many bytes wait for the rest of their frame."""
        return len(self._buffer)

    def give_up(self) -> None:
        """Stop waiting for the rest of a frame that began and never ended; the next `feed` looks behind its start."""
        if self._buffer:
            del self._buffer[:1]
            self.skipped_bytes += 1
            self.taken_bytes += 1
            self._wanted = HEADER_BYTES
            self._in_step = False

    def _payload(self, pending: bytes, header: bytes, body: int, trailer: int, end: int, level: int) -> bytes | None:
        """Return the payload of a frame that has all its bytes, corrected if need be, or None where it is broken."""
        payload = pending[body:trailer]
        checked = trailer + CHECKSUM_BYTES
        if zlib.crc32(payload, zlib.crc32(header)) == int.from_bytes(pending[trailer:checked], "big"):
            return payload
        repaired = correct(pending[body:checked], pending[checked:end], level) if level else None
        if repaired is None:
            return None
        data, wrong = repaired
        payload = data[:-CHECKSUM_BYTES]
        if zlib.crc32(payload, zlib.crc32(header)) != int.from_bytes(data[-CHECKSUM_BYTES:], "big"):
            return None
        self.errors += wrong
        self.corrected += wrong
        return payload


def _read_header(data: bytes) -> tuple[int, int, int, int, int] | None:
    """Return flags, session, sequence, acknowledged and length of a whole header of this version, or None."""
    if data[1] != VERSION or binascii.crc_hqx(data[:_CHECKSUM_AT], 0) != data[-2] << 8 | data[-1]:
        return None
    if data[0] != START:
        return None
    flags, session, sequence, acknowledged, length = _HEADER.unpack(data[:_CHECKSUM_AT])
    if flags & _KIND_MASK not in _KINDS or length > MAX_PAYLOAD:
        return None
    return flags, session, sequence, acknowledged, length


def _mended(header: bytes) -> tuple[bytes, tuple[int, int, int, int, int] | None]:
    """Turn the one bit that makes a header whole, where it stands where a header must."""
    syndrome = header_checksum(header[:_CHECKSUM_AT]) ^ int.from_bytes(header[_CHECKSUM_AT:], "big")
    found = _ONE_BIT.get(syndrome)
    if found is None:
        return header, None
    whole = bytearray(header)
    whole[found[0]] ^= 1 << found[1]
    header = bytes(whole)
    return header, _read_header(header)
