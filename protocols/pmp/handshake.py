"""What the two sides of a pmp link offer and settle on (note pmp.md, section Link)."""

from __future__ import annotations

from dataclasses import dataclass

from construct import Int8ub, Int16ub, Int32ub, Struct

from protocols.errors import LocalProtocolError
from protocols.pmp.wire import MAX_PAYLOAD, MAX_WINDOW, MIN_PAYLOAD
from protocols.wire import Layout


@dataclass(frozen=True)
class LinkSettings:
    """What one side of a link is ready to do; the handshake settles on the smaller of both sides.

    Args:
        frame_payload: Largest payload of a frame, 64 to 16,384 bytes.
        window: Most DATA frames under way at once, 1 to 32.
        initial_timeout: Seconds until the first retransmission, before a round trip was measured.
    """

    frame_payload: int = 1024
    window: int = 8
    initial_timeout: float = 1.0

    def __post_init__(self) -> None:
        """Refuse settings that the wire format cannot carry."""
        if not MIN_PAYLOAD <= self.frame_payload <= MAX_PAYLOAD or not 1 <= self.window <= MAX_WINDOW:
            raise LocalProtocolError("frame_payload is 64 to 16,384 and window 1 to 32")

    @classmethod
    def for_line(cls, baud: int | None) -> LinkSettings:
        """Return settings for a line: about a fifth of a second a frame on serial, large frames on TCP.

        Args:
            baud: Bits per second of a serial line, or None for TCP.
        """
        if baud is None:
            return cls(frame_payload=MAX_PAYLOAD, window=16, initial_timeout=1.0)
        payload = max(MIN_PAYLOAD, min(2048, baud // 50))
        window = 8
        return cls(payload, window, initial_timeout=0.5 + 2 * window * (payload + 17) * 10 / baud)


@dataclass(frozen=True)
class Hello:
    """Payload of HELLO: what the agent offers."""

    lowest_version: int
    highest_version: int
    frame_payload: int
    window: int
    capabilities: int


@dataclass(frozen=True)
class Accept:
    """Payload of ACCEPT: what the terminal settled on, and the number it drew at its last start."""

    version: int
    frame_payload: int
    window: int
    capabilities: int
    boot_id: int


HELLO = Layout(
    Hello,
    Struct(
        "lowest_version" / Int8ub,
        "highest_version" / Int8ub,
        "frame_payload" / Int16ub,
        "window" / Int8ub,
        "capabilities" / Int32ub,
    ),
    maximum=9,
)
ACCEPT = Layout(
    Accept,
    Struct(
        "version" / Int8ub,
        "frame_payload" / Int16ub,
        "window" / Int8ub,
        "capabilities" / Int32ub,
        "boot_id" / Int32ub,
    ),
    maximum=12,
)
