"""Two links, a line between them that does its worst, and a clock turned by hand."""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from random import Random

from protocols.pmp.fec import parity_length
from protocols.pmp.link import Link, LinkClosed, LinkEvent, LinkOpened, LinkSettings, MessageReceived, Role
from protocols.pmp.wire import CHECKSUM_BYTES, OVERHEAD_BYTES, Frame, FrameKind, FrameScanner, build_frame

SETTINGS = LinkSettings(frame_payload=64, window=8, initial_timeout=0.5)
SESSION = 0x3C71
BOOT = 0x5EED0007


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

    def carry(self, data: bytes, random: Random) -> Iterator[tuple[float, bytes]]:
        """Yield what comes out of the line, with the extra delay of each piece."""
        whole: Iterable[bytes] = split_frames(data)
        for frame in whole:
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


@dataclass
class Drive:
    """Moves the bytes of two links over noisy lines until nothing is left to do.

    Args:
        near: The agent.
        far: The terminal.
        random: Where chance comes from.
        noise: What the line does.
        latency: Seconds on the way.
    """

    near: Link
    far: Link
    random: Random
    noise: Noise = field(default_factory=Noise)
    latency: float = 0.01
    now: float = 0.0
    received: dict[Role, list[bytes]] = field(default_factory=lambda: {Role.AGENT: [], Role.TERMINAL: []})
    ends: list[LinkClosed] = field(default_factory=list)
    opened: list[LinkOpened] = field(default_factory=list)
    most_held: int = 0

    def run(self, until: Callable[[], bool], limit: float = 600.0) -> None:
        """Turn the clock until the condition holds, nothing can happen any more, or the limit (seconds) is reached."""
        heap: list[tuple[float, int, Link, bytes]] = []
        count = 0
        pairs = ((self.near, self.far), (self.far, self.near))
        while self.now < limit:
            for link, other in pairs:
                for delay, piece in self.noise.carry(link.bytes_to_send(), self.random):
                    count += 1
                    heapq.heappush(heap, (self.now + self.latency + delay, count, other, piece))
            if until():
                return
            times = [link.next_deadline() for link, _ in pairs] + ([heap[0][0]] if heap else [])
            due = min((each for each in times if each is not None), default=None)
            if due is None:
                return
            self.now = max(self.now, due)
            while heap and heap[0][0] <= self.now:
                _, _, link, piece = heapq.heappop(heap)
                link.receive_bytes(piece, self.now)
            for link, _ in pairs:
                link.handle_timeout(self.now)
                self._take(link)
                self.most_held = max(self.most_held, link.scanner.held_bytes)

    def _take(self, link: Link) -> None:
        for event in events(link):
            if isinstance(event, MessageReceived):
                self.received[link.role].append(event.data)
            elif isinstance(event, LinkClosed):
                self.ends.append(event)
            else:
                self.opened.append(event)
