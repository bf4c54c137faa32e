"""A pmp driver on a scripted peer, with datasets made by struct alone."""

from __future__ import annotations

import hashlib
import struct
from collections.abc import Callable

from agent.drivers.pmp import PmpDriver, open_driver
from tests.agent.raw_peer import RESPONSE, RawPeer, message, text
from tests.agent.virtual_time import Clock, MemoryLine

CARD = "4111111111111111"  # a card network's test number
TRACK = CARD + "D30121010000012300000"

OPEN, READ, TOTALS, CLOSE = 0x0301, 0x0302, 0x0303, 0x0304


def record(number: int, *, time: str = "20240229235959", card: str = CARD, **fields: bytes) -> bytes:
    """A journal record of 128 bytes."""
    parts = {
        "head": struct.pack(">IBBBBQH", number, 1, 2, 1, 1, 1234, 156),
        "time": bytes.fromhex(time),
        "numbers": struct.pack(">II", 77, 5),
        "reference": b"240229000001",
        "authorisation": b"A1B2C3",
        "response": b"00",
        "account": bytes.fromhex(card.ljust(20, "F")),
        "expiry": bytes.fromhex("3012"),
        "track2": bytes.fromhex(TRACK.ljust(40, "F")),
        "original": struct.pack(">I", 0),
        "reserved": bytes(39),
    }
    parts.update(fields)
    data = b"".join(parts.values())
    assert len(data) == 128
    return data


def parameter(name: str, value: bytes) -> bytes:
    """A named parameter."""
    return bytes([len(name)]) + name.encode() + struct.pack(">H", len(value)) + value


def receipt(number: int, text: bytes) -> bytes:
    """A receipt."""
    return struct.pack(">IIH", number, number + 500, len(text)) + text


class Datasets:
    """Answers the dataset commands from bytes in memory, and keeps the requests.

    Args:
        journal: Bytes of dataset 1.
        parameters: Bytes of dataset 2.
        records: Number of records of each, where it is not what the bytes say.
        receipts: Bytes of dataset 3.
        receipt_count: Number of records of that.
    """

    def __init__(
        self,
        journal: bytes = b"",
        parameters: bytes = b"",
        records: tuple[int, int] | None = None,
        receipts: bytes = b"",
        receipt_count: int = 0,
    ) -> None:
        self.data = {1: journal, 2: parameters, 3: receipts}
        self.records = dict(zip((1, 2), records or (len(journal) // 128, 0), strict=True)) | {3: receipt_count}
        self.closed: list[int] = []
        self.lengths: list[int] = []
        self.twist: Callable[[bytes], bytes] = lambda body: body

    def __call__(self, command: int, tag: int, body: bytes) -> list[bytes]:
        return [message(RESPONSE, command, tag, 0, self.twist(self._answer(command, body)))]

    def _answer(self, command: int, body: bytes) -> bytes:
        if command == OPEN:
            return struct.pack(">HIQ", body[0] + 100, self.records[body[0]], len(self.data[body[0]]))
        handle = struct.unpack(">H", body[:2])[0]
        data = self.data[handle - 100]
        if command == READ:
            offset, length = struct.unpack(">QI", body[2:])
            self.lengths.append(length)
            piece = data[offset : offset + length]
            return struct.pack(">QI", offset, len(piece)) + piece
        if command == TOTALS:
            rows = struct.pack(">BBBIQ", 1, 1, 2, len(data) // 128, 1234) if handle == 101 else b"\0"
            return struct.pack(">I", self.records[handle - 100]) + hashlib.sha256(data).digest() + rows
        assert command == CLOSE
        self.closed.append(handle)
        return b""


def driver_on(script: Callable[[int, int, bytes], list[bytes]], baud: int | None = None) -> tuple[PmpDriver, RawPeer]:
    """A driver whose terminal answers as the script says."""
    clock = Clock()
    peer = RawPeer(script, frame_payload=16_384)
    return open_driver(MemoryLine(clock, peer, baud), clock, 9), peer


def answers(*bodies: bytes) -> tuple[PmpDriver, RawPeer]:
    """A driver whose terminal gives these bodies, one a request."""
    left = list(bodies)
    return driver_on(lambda command, tag, _: [message(RESPONSE, command, tag, 0, left.pop(0))])


__all__ = ["CARD", "TRACK", "Datasets", "answers", "driver_on", "parameter", "record", "text"]
