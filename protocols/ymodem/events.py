"""What the two ends of a transfer tell their owner."""

from __future__ import annotations

from dataclasses import dataclass

from protocols.errors import ProtocolError
from protocols.ymodem.header import FileHeader


class TransferCancelled(ProtocolError):
    """The peer gave the transfer up by CAN CAN (section 4.1)."""

    def __init__(self) -> None:
        super().__init__("the peer cancelled the transfer")


@dataclass(frozen=True)
class HeaderReceived:
    """Event of a receiver: block 0 came and was accepted.

    Args:
        header: What it says.
    """

    header: FileHeader


@dataclass(frozen=True)
class DataReceived:
    """Event of a receiver: the next bytes of the file, once and in order.

    Args:
        data: 1 to 1,024 bytes, without padding where the length is known.
    """

    data: bytes


@dataclass(frozen=True)
class TransferDone:
    """Event: the file is over, as both sides see it.

    Args:
        size: Bytes of the file.
    """

    size: int


@dataclass(frozen=True)
class TransferFailed:
    """Event: the transfer is over, and the file is not whole or not sure to be.

    Args:
        fault: `TransferCancelled`, `RemoteProtocolError`, `LinkLost` where the peer never spoke, or
            `DeadlineExceeded`; a receiver's also where the other side sends more, less or another length than it may.
    """

    fault: ProtocolError


ReceiverEvent = HeaderReceived | DataReceived | TransferDone | TransferFailed
SenderEvent = TransferDone | TransferFailed
