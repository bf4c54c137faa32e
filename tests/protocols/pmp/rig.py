"""Two links, a line between them that does its worst, and a clock turned by hand."""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from random import Random

from protocols.pmp.escape import FORBIDDEN
from protocols.pmp.fec import parity_length
from protocols.pmp.link import (
    Link,
    LinkClosed,
    LinkEvent,
    LinkOpened,
    LinkSettings,
    MessageReceived,
    Role,
    SpeedSettled,
)
from protocols.pmp.wire import CHECKSUM_BYTES, OVERHEAD_BYTES, Frame, FrameKind, FrameScanner, build_frame

SETTINGS = LinkSettings(frame_payload=64, window=8, initial_timeout=0.5)
SESSION = 0x3C71
BOOT = 0x5EED0007
STRAY_FLOW = 0.02
"""Chance of an XON or XOFF of the line's own in a piece."""


def agent(settings: LinkSettings = SETTINGS, session: int = SESSION) -> Link:
    """Make the agent's side."""
    return Link(Role.AGENT, settings, session=session)


def terminal(settings: LinkSettings = SETTINGS, boot_id: int = BOOT) -> Link:
    """Make the terminal's side."""
    return Link(Role.TERMINAL, settings, boot_id=boot_id)


def split_frames(data: bytes) -> Iterator[bytes]:
    """Cut bytes that a link sent, without any escaping, into its frames."""
    at = 0
    while at < len(data):
        length = int.from_bytes(data[at + 9 : at + 11], "big")
        end = at + OVERHEAD_BYTES + length + parity_length(length + CHECKSUM_BYTES, data[at + 2] >> 6)
        yield data[at:end]
        at = end


def frames(data: bytes) -> list[Frame]:
    """Read bytes that a link sent."""
    return FrameScanner().feed(data)


def kinds(data: bytes) -> list[FrameKind]:
    """Return the kinds of the frames that a link sent."""
    return [frame.kind for frame in frames(data)]


def events(link: Link) -> list[LinkEvent]:
    """Take all events."""
    return list(iter(link.next_event, None))


def messages(link: Link) -> list[bytes]:
    """Take all events and return the messages in them."""
    return [event.data for event in events(link) if isinstance(event, MessageReceived)]


def closed(link: Link) -> LinkClosed:
    """Take all events and return the end among them."""
    (end,) = [event for event in events(link) if isinstance(event, LinkClosed)]
    return end


def opened(
    settings: LinkSettings = SETTINGS, far_settings: LinkSettings | None = None, now: float = 0.0
) -> tuple[Link, Link]:
    """Return an agent and a terminal after their handshake."""
    near, far = agent(settings), terminal(far_settings or settings)
    near.start(now)
    exchange(near, far, now)
    assert isinstance(near.next_event(), LinkOpened)
    assert isinstance(far.next_event(), LinkOpened)
    return near, far


def exchange(near: Link, far: Link, now: float) -> None:
    """Carry bytes both ways until nothing moves any more."""
    while True:
        out, back = near.bytes_to_send(), far.bytes_to_send()
        if not out and not back:
            return
        far.receive_bytes(out, now)
        near.receive_bytes(back, now)


def data_frame(sequence: int, payload: bytes, *, acknowledged: int = 0, more: bool = False) -> bytes:
    """Build a DATA frame of the usual session by hand."""
    return build_frame(Frame(FrameKind.DATA, SESSION, sequence, acknowledged, payload, more))


def control(kind: FrameKind, acknowledged: int = 0, payload: bytes = b"", session: int = SESSION) -> bytes:
    """Build a frame without a message by hand."""
    return build_frame(Frame(kind, session, 0, acknowledged, payload))


@dataclass
class Noise:
    """What a line does to the pieces it carries; chances are per piece.

    Args:
        lost: Chance that a piece vanishes.
        doubled: Chance that it comes twice.
        flipped: Chance that one of its bits is turned.
        delay: Longest extra time on the way in seconds; pieces overtake each other.
        piece: Longest piece in bytes; 0 keeps frames whole.
        garbage: Chance that garbage comes before it.
    """

    lost: float = 0.0
    doubled: float = 0.0
    flipped: float = 0.0
    delay: float = 0.0
    piece: int = 0
    garbage: float = 0.0

    @classmethod
    def drawn(cls, random: Random) -> Noise:
        """Draw a line: some are clean in some respects, none in all."""

        def some(most: float) -> float:
            return random.choice((0.0, random.uniform(0.0, most)))

        return cls(some(0.15), some(0.2), some(0.1), some(0.3), random.choice((0, 1, 7, 40)), some(0.1))

    def carry(self, frame: bytes, random: Random) -> Iterator[tuple[float, bytes]]:
        """Yield what comes out of the line for a frame, with the extra delay of each piece."""
        # Pieces of one frame travel together and in order, or the frame is lost to begin with.
        hold = random.uniform(0, self.delay)
        size = self.piece or len(frame)
        # A single byte is lost far less often than a frame, or nothing would ever arrive.
        share = min(1.0, size / len(frame))
        for at in range(0, len(frame), size):
            piece = bytearray(frame[at : at + size])
            if random.random() < self.garbage * share:
                yield hold, random.randbytes(random.randrange(1, 30))
            if random.random() < self.lost * share:
                continue
            if random.random() < self.flipped * share:
                bit = random.randrange(8 * len(piece))
                piece[bit // 8] ^= 1 << bit % 8
            yield hold, bytes(piece)
            if random.random() < self.doubled * share:
                yield hold, bytes(piece)


def frames_to_send(link: Link) -> Iterator[bytes]:
    """Yield what a link has to send, frame by frame (an ACK and the DATA behind it may come together)."""
    while frame := link.bytes_to_send(1):
        yield frame


@dataclass
class Owner:
    """What the owner of one side of a line does for its link, besides moving bytes.

    Args:
        switches: False where its line cannot have another speed.
        diligence: Chance that it takes what its link tells at each opportunity.
    """

    switches: bool = True
    diligence: float = 1.0


@dataclass
class Drive:
    """Moves the bytes of two links over noisy lines until nothing is left to do.

    Args:
        near: The agent.
        far: The terminal.
        random: Where chance comes from.
        noise: What the line does.
        latency: Seconds on the way.
        fastest: Bits per second over which the line carries garbage alone.
        owners: What the owners of the two sides do.
        flow: Whether the line eats XON and XOFF, and puts in some of its own.
    """

    near: Link
    far: Link
    random: Random
    noise: Noise = field(default_factory=Noise)
    latency: float = 0.01
    now: float = 0.0
    fastest: int = 1 << 32
    flow: bool = False
    owners: dict[Role, Owner] = field(default_factory=lambda: {role: Owner() for role in Role})
    received: dict[Role, list[bytes]] = field(default_factory=lambda: {role: [] for role in Role})
    ends: list[LinkClosed] = field(default_factory=list)
    opened: list[LinkOpened] = field(default_factory=list)
    latest: dict[Role, LinkOpened] = field(default_factory=dict)
    settled: dict[Role, list[int]] = field(default_factory=lambda: {role: [] for role in Role})
    most_held: int = 0
    _speeds: dict[Role, int] = field(default_factory=dict)
    _under_way: list[tuple[float, int, Role, int, bytes]] = field(default_factory=list)
    _count: int = 0

    def __post_init__(self) -> None:
        """Set the line to the speed that both sides know it to have."""
        self._speeds = {link.role: link.baud for link in (self.near, self.far)}

    def run(self, until: Callable[[], bool], limit: float = 600.0) -> None:
        """Turn the clock until the condition holds, nothing can happen any more, or the limit (seconds) is reached."""
        while self.now < limit:
            links = (self.near, self.far)
            for link in links:
                self._send(link)
            if until():
                return
            times = [link.next_deadline() for link in links] + [piece[0] for piece in self._under_way[:1]]
            due = min((each for each in times if each is not None), default=None)
            if due is None:
                # All wait for their owners, or for nothing.
                if not sum(self.take(link) for link in links):
                    return
                continue
            if due > limit:
                self.now = limit
                return
            self.now = max(self.now, due)
            while self._under_way and self._under_way[0][0] <= self.now:
                _, _, role, baud, piece = heapq.heappop(self._under_way)
                (self.near if role is Role.AGENT else self.far).receive_bytes(self._heard(piece, role, baud), self.now)
            for link in links:
                link.handle_timeout(self.now)
                if self.random.random() < self.owners[link.role].diligence:
                    self.take(link)
                self.most_held = max(self.most_held, link.scanner.held_bytes)

    def take(self, link: Link) -> int:
        """Take a link's events as its owner does, and return how many there were."""
        count = 0
        for event in iter(link.next_event, None):
            count += 1
            if isinstance(event, MessageReceived):
                self.received[link.role].append(event.data)
            elif isinstance(event, LinkClosed):
                self.ends.append(event)
            elif isinstance(event, LinkOpened):
                self.opened.append(event)
                self.latest[link.role] = event
            elif isinstance(event, SpeedSettled):
                self.settled[link.role].append(event.baud)
            elif self.owners[link.role].switches:
                self._send(link)
                self._speeds[link.role] = event.baud
                link.speed_changed(self.now)
            else:
                link.speed_refused(self.now)
        return count

    def _send(self, link: Link) -> None:
        other = Role.TERMINAL if link.role is Role.AGENT else Role.AGENT
        for frame in frames_to_send(link):
            assert not (self.flow and set(frame) & set(FORBIDDEN)), "a byte that the line acts on"
            for delay, piece in self.noise.carry(frame, self.random):
                self._count += 1
                at = self.now + self.latency + delay
                heapq.heappush(self._under_way, (at, self._count, other, self._speeds[link.role], piece))

    def _heard(self, piece: bytes, role: Role, baud: int) -> bytes:
        """Return what a piece sounds like at the speed that its receiver has."""
        if baud != self._speeds[role] or baud > self.fastest:
            return self.random.randbytes(max(1, len(piece) // 2))
        if self.flow:
            kept = bytes(byte for byte in piece if byte not in FORBIDDEN)
            if self.random.random() > STRAY_FLOW:
                return kept
            at = self.random.randrange(len(kept) + 1)
            return kept[:at] + bytes([self.random.choice(FORBIDDEN)]) + kept[at:]
        return piece
