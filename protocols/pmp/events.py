"""What a pmp link tells its owner."""

from __future__ import annotations

from dataclasses import dataclass

from protocols.machine import SpeedChange
from protocols.pmp.handshake import LinkSettings


@dataclass(frozen=True)
class LinkOpened:
    """Event: the handshake is done, that of the private channel too.

    Args:
        session: The session's number.
        settings: What both sides agreed on.
        boot_id: The number the terminal drew at its last start; another one later means that it restarted.
        binding: 32 bytes that only the two ends of this private channel know; empty on a plain link.
    """

    session: int
    settings: LinkSettings
    boot_id: int
    binding: bytes = b""


@dataclass(frozen=True)
class MessageReceived:
    """Event: a whole message arrived, once and in the order of its lane."""

    data: bytes


@dataclass(frozen=True)
class SpeedSettled:
    """Event: the agreement on a speed is over.

    Args:
        baud: Bits per second that both sides have now.
    """

    baud: int


@dataclass(frozen=True)
class LinkClosed:
    """Event: the link is over.

    Args:
        reason: Why, in English, for logs.
        answered: False where the peer never sent one whole frame.
        noise: Bytes that belonged to no frame.
        refusal: Code of the `ChannelRefused` that ended it, or empty.
    """

    reason: str
    answered: bool
    noise: int
    refusal: str = ""


__all__ = [
    "LinkClosed",
    "LinkEvent",
    "LinkOpened",
    "LinkStatistics",
    "MessageReceived",
    "SpeedChange",
    "SpeedSettled",
]

LinkEvent = LinkOpened | MessageReceived | SpeedChange | SpeedSettled | LinkClosed


@dataclass(frozen=True)
class LinkStatistics:
    """What a link has seen so far.

    Args:
        taken_bytes: Bytes of the line that were looked at.
        wrong_bytes: How many of them were wrong, as far as can be told.
        corrected_bytes: How many of these were put right without sending again.
        skipped_bytes: Bytes that belonged to no whole frame.
        broken_frames: Frames with a whole header and wrong content.
        retransmissions: DATA frames that this side sent again.
        round_trip: Seconds of a round trip besides the time of the bytes on the line; None before one was measured.
        frame: Payload in bytes and level of error correction that this side would use now.
    """

    taken_bytes: int
    wrong_bytes: int
    corrected_bytes: int
    skipped_bytes: int
    broken_frames: int
    retransmissions: int
    round_trip: float | None
    frame: tuple[int, int]
