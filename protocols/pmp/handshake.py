"""What the two sides of a pmp link offer and settle on (note pmp.md, section Handshake)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import IntFlag

from construct import Int8ub, Int16ub, Int32ub, Struct

from protocols.errors import LocalProtocolError, RemoteProtocolError
from protocols.pmp.escape import is_clean
from protocols.pmp.wire import MAX_PAYLOAD, MAX_WINDOW, MIN_PAYLOAD, OVERHEAD_BYTES, VERSION
from protocols.wire import Layout

LONGEST_SERIAL_PAYLOAD = 8192
SERIAL_WINDOW = 64
TCP_WINDOW = 32
BITS_A_BYTE = 10


class Capability(IntFlag):
    """What a link can do besides: the bits of HELLO, and of ACCEPT those that are then in use."""

    CORRECTION = 1
    """Reed-Solomon parity in DATA frames."""
    PACKING = 2
    """The command DATASET_PACKED."""
    SPEED = 4
    """Another speed of the serial line may be agreed."""
    PRIVATE = 8
    """TLS 1.3 over the link."""
    ESCAPED = 32
    """XON, XOFF and the escape byte never appear in what is sent."""


# Bit 16 stays free: a byte without it is none of those that a line with flow control eats, and HELLO must have none.
ALL_CAPABILITIES = Capability(47)
USUAL = Capability.CORRECTION | Capability.PACKING | Capability.SPEED


@dataclass(frozen=True)
class LinkSettings:
    """What one side of a link is ready to do; the handshake settles on the smaller of both sides.

    Args:
        frame_payload: Largest payload of a frame, 64 to 16,384 bytes.
        window: Most DATA frames under way at once, 1 to 128.
        initial_timeout: Seconds until the first retransmission, before a round trip was measured.
        capabilities: What it can do besides.
        baud: Bits per second of the line, where they are known; else 0.
        highest_baud: Most that it may be raised to.
    """

    frame_payload: int = 1024
    window: int = 8
    initial_timeout: float = 1.0
    capabilities: Capability = USUAL
    baud: int = 0
    highest_baud: int = 0

    def __post_init__(self) -> None:
        """Refuse settings that the wire format cannot carry."""
        if not MIN_PAYLOAD <= self.frame_payload <= MAX_PAYLOAD or not 1 <= self.window <= MAX_WINDOW:
            raise LocalProtocolError("frame_payload is 64 to 16,384 and window 1 to 128")

    @property
    def byte_seconds(self) -> float:
        """Seconds that the line takes for a byte; 0 where its speed is not known."""
        return BITS_A_BYTE / self.baud if self.baud else 0.0

    @classmethod
    def for_line(cls, baud: int | None, *, highest_baud: int = 0, escaped: bool = False) -> LinkSettings:
        """Return settings for a line: at most about a second a frame on serial, large frames on TCP.

        Args:
            baud: Bits per second of a serial line, or None for TCP.
            highest_baud: Most that it may be raised to, as far as this side knows.
            escaped: Whether XON and XOFF may not appear in what is sent.
        """
        capabilities = USUAL | (Capability.ESCAPED if escaped else Capability(0))
        if baud is None:
            usual = capabilities & ~Capability.SPEED
            return cls(frame_payload=MAX_PAYLOAD, window=TCP_WINDOW, initial_timeout=1.0, capabilities=usual)
        payload = max(MIN_PAYLOAD, min(LONGEST_SERIAL_PAYLOAD, baud // BITS_A_BYTE))
        # Until round trips are known: the peer may be in the middle of a frame of its own before it answers.
        patience = 0.5 + (payload + OVERHEAD_BYTES) * BITS_A_BYTE / baud
        return cls(payload, SERIAL_WINDOW, patience, capabilities, baud, max(baud, highest_baud))


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


def hello_of(offer: LinkSettings) -> Hello:
    """Return what an agent says that is ready to do so much.

    Sizes are made a little smaller where they have a byte that a line with flow control eats.
    """
    payload, window = _clean(offer.frame_payload), _clean(offer.window)
    return Hello(VERSION, VERSION, payload, window, int(offer.capabilities))


def _clean(size: int) -> int:
    while not is_clean(size.to_bytes(2, "big")):
        size -= 1
    return size


def granted(offer: LinkSettings, hello: Hello) -> LinkSettings | None:
    """Return what a terminal settles on.

    Args:
        offer: What the terminal is ready to do.
        hello: What the agent offers.

    Returns:
        The smaller of both, or None where the offer makes no sense.
    """
    if not MIN_PAYLOAD <= hello.frame_payload <= MAX_PAYLOAD or not 1 <= hello.window <= MAX_WINDOW:
        return None
    return replace(
        offer,
        frame_payload=min(hello.frame_payload, offer.frame_payload),
        window=min(hello.window, offer.window),
        capabilities=Capability(hello.capabilities & ALL_CAPABILITIES) & offer.capabilities,
    )


def accepted(settings: LinkSettings, boot_id: int) -> Accept:
    """Return what a terminal says that has settled on so much."""
    return Accept(VERSION, settings.frame_payload, settings.window, int(settings.capabilities), boot_id)


def agreed_by(offer: LinkSettings, accept: Accept) -> LinkSettings:
    """Return what an agent takes from a terminal's ACCEPT.

    Args:
        offer: What the agent offered.
        accept: What the terminal settled on.

    Raises:
        RemoteProtocolError: It makes no sense, grants what was not offered, or withholds what the line cannot do
            without.
    """
    fits = accept.frame_payload <= offer.frame_payload and accept.window <= offer.window
    if accept.version != VERSION or accept.capabilities & ~int(offer.capabilities) or not fits:
        raise RemoteProtocolError("the terminal accepted what was not offered")
    capabilities = Capability(accept.capabilities)
    if Capability.ESCAPED in offer.capabilities and Capability.ESCAPED not in capabilities:
        raise RemoteProtocolError("the terminal cannot keep XON and XOFF out of what it sends")
    try:
        return replace(offer, frame_payload=accept.frame_payload, window=accept.window, capabilities=capabilities)
    except LocalProtocolError:
        raise RemoteProtocolError("the terminal's ACCEPT makes no sense") from None
