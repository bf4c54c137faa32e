"""Two links over a line of a given speed, delay and bit error rate, all in virtual time.

What comes out is exact and the same in every run: how much a link carries of what the line could.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable
from dataclasses import dataclass, field
from math import inf, log
from random import Random

from protocols.pmp.channel import OpenChannel
from protocols.pmp.handshake import BITS_A_BYTE
from protocols.pmp.link import (
    Lane,
    Link,
    LinkClosed,
    LinkEvent,
    LinkSettings,
    LinkState,
    MessageReceived,
    Role,
    SpeedChange,
)
from tests.protocols.pmp.fake_channel import FakeChannel
from tests.protocols.pmp.rig import BOOT, SESSION

AHEAD = 512
"""Bytes that whoever serves the line hands over before the line needs them."""

TICK = 1e-9
OTHER = {Role.AGENT: Role.TERMINAL, Role.TERMINAL: Role.AGENT}


@dataclass
class Way:
    """One direction of the line.

    Args:
        random: Where chance comes from.
        latency: Seconds on the way.
        error_rate: Chance that a bit is turned.
        free_at: When the last of the bytes handed over has left.
    """

    random: Random
    latency: float = 0.0
    error_rate: float = 0.0
    free_at: float = 0.0
    _until_error: float = -1.0

    def room(self, now: float, baud: int) -> int:
        """Return how many bytes may be handed over now."""
        return AHEAD - int((self.free_at - now) * baud / BITS_A_BYTE)

    def carry(self, data: bytes, now: float, baud: int) -> tuple[float, bytes]:
        """Return when the bytes have come out at the other end, and as what."""
        start = max(now, self.free_at)
        self.free_at = start + len(data) * BITS_A_BYTE / baud
        return self.free_at + self.latency, self._garbled(data)

    def _garbled(self, data: bytes) -> bytes:
        if not self.error_rate:
            return data
        out = bytearray(data)
        at = self._until_error if self._until_error >= 0 else self._gap()
        while at < 8 * len(out):
            out[int(at) // 8] ^= 1 << int(at) % 8
            at += 1 + self._gap()
        self._until_error = at - 8 * len(out)
        return bytes(out)

    def _gap(self) -> float:
        """Draw how many bits are right until one is turned."""
        return float(int(log(1 - self.random.random()) / log(1 - self.error_rate)))


@dataclass
class Paced:
    """An agent and a terminal at the two ends of a paced line.

    Args:
        baud: Bits per second.
        latency: Seconds on the way.
        error_rate: Chance that a bit is turned.
        seed: Makes chance repeatable.
        near_settings: The agent's; those of the speed where None.
        far_settings: The terminal's; those of the speed where None.
        fastest: Bits per second over which the line carries garbage alone.
        private: Whether the session has a private channel.
        now: The present time in seconds.
        events: What each side's link told, and when.
    """

    baud: int = 115_200
    latency: float = 0.0
    error_rate: float = 0.0
    seed: int = 1
    near_settings: LinkSettings | None = None
    far_settings: LinkSettings | None = None
    fastest: float = inf
    private: bool = False
    now: float = 0.0
    events: dict[Role, list[tuple[float, LinkEvent]]] = field(default_factory=lambda: {role: [] for role in Role})

    def __post_init__(self) -> None:
        """Put two links to the ends of the line."""
        usual = LinkSettings.for_line(self.baud)
        self.links = {
            Role.AGENT: Link(
                Role.AGENT, self.near_settings or usual, session=SESSION, channel=self._channel(Role.AGENT)
            ),
            Role.TERMINAL: Link(
                Role.TERMINAL, self.far_settings or usual, boot_id=BOOT, channel=self._channel(Role.TERMINAL)
            ),
        }
        self.speeds = dict.fromkeys(Role, self.baud)
        random = Random(self.seed)
        self.ways = {role: Way(Random(random.random()), self.latency, self.error_rate) for role in Role}
        self._arriving: list[tuple[float, int, Role, bytes, int]] = []
        self._count = 0
        self._full = dict.fromkeys(Role, False)  # where a link may have more to send than the line takes now

    @property
    def near(self) -> Link:
        """The agent's link."""
        return self.links[Role.AGENT]

    @property
    def far(self) -> Link:
        """The terminal's link."""
        return self.links[Role.TERMINAL]

    def open(self) -> None:
        """Shake hands."""
        self.near.start(self.now)
        self.run(lambda: self.near.state is self.far.state is LinkState.OPEN)

    def run(self, until: Callable[[], bool], limit: float = inf) -> None:
        """Turn the clock until the condition holds, there is nothing left to wait for, or the limit is reached."""
        while not until() and self.now < limit and self.step():
            pass

    def step(self) -> bool:
        """Do the next thing that is to be done; False where there is nothing left to wait for."""
        for role, link in self.links.items():
            self._serve(role, link)
        times = [self._arriving[0][0]] if self._arriving else []
        for role, link in self.links.items():
            deadline = link.next_deadline()
            if deadline is not None:
                times.append(max(deadline, self.now))
            if self._full[role]:
                times.append(self.ways[role].free_at - AHEAD * BITS_A_BYTE / self.speeds[role])
        if not times:
            return False
        self.now = max(self.now, min(times)) + TICK
        while self._arriving and self._arriving[0][0] <= self.now:
            _, _, role, data, baud = heapq.heappop(self._arriving)
            if baud == self.speeds[role] and baud <= self.fastest:
                self.links[role].receive_bytes(data, self.now)
            else:  # only garbage is understood
                self.links[role].receive_bytes(Random(len(data)).randbytes(len(data)), self.now)
        for link in self.links.values():
            link.handle_timeout(self.now)
        return True

    def received(self, role: Role) -> list[tuple[float, bytes]]:
        """Return the messages that a side got, and when."""
        return [(at, event.data) for at, event in self.events[role] if isinstance(event, MessageReceived)]

    def closed(self) -> bool:
        """Tell whether a side has ended the session."""
        return any(isinstance(event, LinkClosed) for events in self.events.values() for _, event in events)

    def _channel(self, role: Role) -> OpenChannel | None:
        return (lambda: FakeChannel(client=role is Role.AGENT)) if self.private else None

    def _serve(self, role: Role, link: Link) -> None:
        """Hand over what the line takes now, and take what the link tells."""
        way, baud = self.ways[role], self.speeds[role]
        while (room := way.room(self.now, baud)) > 0 and (data := link.bytes_to_send(room)):
            self._carry(role, data)
        self._full[role] = room <= 0
        while (event := link.next_event()) is not None:
            self.events[role].append((self.now, event))
            if isinstance(event, SpeedChange):
                self._carry(role, link.bytes_to_send())  # said for the old speed, and so it leaves before
                self.now = max(self.now, way.free_at)
                self.speeds[role] = event.baud
                link.speed_changed(self.now)
                self._full[role] = True  # look again what it has to say at the new one

    def _carry(self, role: Role, data: bytes) -> None:
        at, out = self.ways[role].carry(data, self.now, self.speeds[role])
        self._count += 1
        heapq.heappush(self._arriving, (at, self._count, OTHER[role], out, self.speeds[role]))


@dataclass(frozen=True)
class Goodput:
    """How a transfer went.

    Args:
        ratio: Share of the line's bytes that were the data's.
        line: The line and the two links after it.
    """

    ratio: float
    line: Paced


def goodput(
    size: int = 1 << 20,
    *,
    piece: int = 65_536,
    latency: float = 0.0,
    error_rate: float = 0.0,
    seed: int = 1,
    settings: LinkSettings | None = None,
) -> Goodput:
    """Let the terminal send random data over a line of 115,200 bits per second.

    Args:
        size: Bytes in all.
        piece: Bytes of a message.
        latency: Seconds on the way.
        error_rate: Chance that a bit is turned.
        seed: Makes chance repeatable.
        settings: Of both sides; those of the speed where None.

    Raises:
        AssertionError: Something else arrived than was sent.
    """
    line = Paced(latency=latency, error_rate=error_rate, seed=seed, near_settings=settings, far_settings=settings)
    line.open()
    started, data = line.now, Random(seed).randbytes(size)
    for at in range(0, size, piece):
        line.far.send_message(data[at : at + piece], started, Lane.BULK)
    messages = -(-size // piece)
    line.run(lambda: len(line.received(Role.AGENT)) == messages or line.closed())
    assert b"".join(message for _, message in line.received(Role.AGENT)) == data
    return Goodput(size * BITS_A_BYTE / line.baud / (line.now - started), line)
