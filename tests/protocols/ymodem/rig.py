"""A sender and a receiver, a line between them that does its worst, and a clock turned by hand."""

from __future__ import annotations

import heapq
from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random

from protocols.errors import ProtocolError
from protocols.ymodem.codes import Variant
from protocols.ymodem.events import DataReceived, HeaderReceived, TransferDone, TransferFailed
from protocols.ymodem.receiver import Receiver
from protocols.ymodem.sender import Sender

LIMIT = 1 << 20
Spoil = Callable[[bytes], bytes]


def content(size: int) -> bytes:
    """Make a file that has every byte in it, CAN and EOT too."""
    return Random(f"file {size}").randbytes(size)


def sender_of(variant: Variant, data: bytes, name: bytes = b"dataset") -> Sender:
    """Make a sender of a file."""
    return Sender(variant, name, len(data), lambda offset, length: data[offset : offset + length])


def keep(data: bytes) -> bytes:
    """Change nothing."""
    return data


def flips(random: Random, rate: float) -> Spoil:
    """Turn bits at a rate."""

    def spoil(data: bytes) -> bytes:
        spoilt = bytearray(data)
        for at in range(len(spoilt)):
            if random.random() < rate * 8:
                spoilt[at] ^= 1 << random.randrange(8)
        return bytes(spoilt)

    return spoil


def losses(random: Random, rate: float) -> Spoil:
    """Drop and insert bytes at a rate."""

    def spoil(data: bytes) -> bytes:
        spoilt = bytearray()
        for each in data:
            if random.random() >= rate:
                spoilt.append(each)
            if random.random() < rate:
                spoilt.append(random.randrange(256))
        return bytes(spoilt)

    return spoil


@dataclass
class Result:
    """How a transfer ended."""

    data: bytes = b""
    headers: list[HeaderReceived] = field(default_factory=list)
    received: int | None = None
    sent: int | None = None
    receiver_fault: ProtocolError | None = None
    sender_fault: ProtocolError | None = None
    seconds: float = 0.0


def transfer(
    sender: Sender,
    receiver: Receiver,
    there: Spoil = keep,
    back: Spoil = keep,
    latency: float = 0.01,
    limit: int | None = None,
) -> Result:
    """Let the two talk until both are over, or until nothing moves any more."""
    result, now, order = Result(), 0.0, 0
    chunks: list[tuple[float, int, bool, bytes]] = []
    sender.start(now)
    receiver.start(now)
    while True:
        for machine, spoil, to_receiver in ((sender, there, True), (receiver, back, False)):
            while data := machine.bytes_to_send(limit):
                order += 1
                heapq.heappush(chunks, (now + latency, order, to_receiver, spoil(data)))
        _collect(sender, receiver, result)
        times = [each for each in (sender.next_deadline(), receiver.next_deadline()) if each is not None]
        times += [chunks[0][0]] if chunks else []
        if not times:
            result.seconds = now
            return result
        now = max(now, min(times))
        while chunks and chunks[0][0] <= now:
            _, _, to_receiver, data = heapq.heappop(chunks)
            (receiver if to_receiver else sender).receive_bytes(data, now)
            _collect(sender, receiver, result)
        sender.handle_timeout(now)
        receiver.handle_timeout(now)


def _collect(sender: Sender, receiver: Receiver, result: Result) -> None:
    while (event := receiver.next_event()) is not None:
        match event:
            case HeaderReceived():
                result.headers.append(event)
            case DataReceived():
                assert 1 <= len(event.data) <= 1024
                result.data += event.data
            case TransferDone():
                result.received = event.size
            case TransferFailed():
                result.receiver_fault = event.fault
    while (done := sender.next_event()) is not None:
        if isinstance(done, TransferDone):
            result.sent = done.size
        else:
            result.sender_fault = done.fault
