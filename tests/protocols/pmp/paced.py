"""Two links over a line of a given speed, delay and bit error rate, all in virtual time.

What comes out is exact and the same in every run: how much a link carries of what the line could.
"""

from __future__ import annotations

import heapq
from dataclasses import dataclass, field
from math import log
from random import Random

from protocols.pmp.link import (
    Lane,
    Link,
    LinkClosed,
    LinkEvent,
    LinkOpened,
    LinkSettings,
    MessageReceived,
    Role,
    SpeedChange,
)

AHEAD = 512
BITS = 10


@dataclass
class Way:
    """One direction of the line.

    Args:
        random: Where chance comes from.
        latency: Seconds on the way.
        error_rate: Chance that a bit is turned.
    """

    random: Random
    latency: float = 0.0
    error_rate: float = 0.0
    free_at: float = 0.0
    _until_error: float = -1.0

    def carry(self, data: bytes, now: float, baud: int) -> tuple[float, bytes]:
        """Return when the bytes have come out at the other end, and as what."""
        start = max(now, self.free_at)
        self.free_at = start + len(data) * BITS / baud
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
        return float(int(log(1 - self.random.random()) / log(1 - self.error_rate)))


@dataclass
class Paced:
    """A terminal and an agent at the two ends of a paced line.

    Args:
        baud: Bits per second.
        latency: Seconds on the way.
        error_rate: Chance that a bit is turned.
        seed: Makes chance repeatable.
        near_settings: The agent's; those of the speed where None.
        far_settings: The terminal's; those of the speed where None.
    """

    baud: int = 115_200
    latency: float = 0.0
    error_rate: float = 0.0
    seed: int = 1
    near_settings: LinkSettings | None = None
    far_settings: LinkSettings | None = None
    now: float = 0.0
    events: dict[Role, list[tuple[float, LinkEvent]]] = field(
        default_factory=lambda: {Role.AGENT: [], Role.TERMINAL: []}
    )

    def __post_init__(self) -> None:
        usual = LinkSettings.for_line(self.baud)
        self.links = {
            Role.AGENT: Link(Role.AGENT, self.near_settings or usual, session=0x3C71),
            Role.TERMINAL: Link(Role.TERMINAL, self.far_settings or usual, boot_id=7),
        }
        self.speeds = {Role.AGENT: self.baud, Role.TERMINAL: self.baud}
        random = Random(self.seed)
        self.ways = {
            role: Way(Random(random.random()), self.latency, self.error_rate) for role in (Role.AGENT, Role.TERMINAL)
        }
        self._arriving: list[tuple[float, int, Role, bytes, int]] = []
        self._count = 0

    @property
    def near(self) -> Link:
        return self.links[Role.AGENT]

    @property
    def far(self) -> Link:
        return self.links[Role.TERMINAL]

    def open(self) -> None:
        """Shake hands."""
        self.near.start(self.now)
        while not any(isinstance(event, LinkOpened) for _, event in self.events[Role.AGENT]):
            self.step()

    def step(self) -> bool:
        """Do the next thing that is to be done; False where there is nothing left to wait for."""
        for role, link in self.links.items():
            self._serve(role, link)
        times = [self._arriving[0][0]] if self._arriving else []
        for role, link in self.links.items():
            deadline = link.next_deadline()
            if deadline is not None:
                times.append(max(deadline, self.now))
            if self._wants_room(role):
                times.append(self.ways[role].free_at - AHEAD * BITS / self.speeds[role])
        if not times:
            return False
        self.now = max(self.now, min(times)) + 1e-9
        while self._arriving and self._arriving[0][0] <= self.now:
            _, _, role, data, baud = heapq.heappop(self._arriving)
            if baud == self.speeds[role]:
                self.links[role].receive_bytes(data, self.now)
            else:  # at another speed only garbage is understood
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

    def _wants_room(self, role: Role) -> bool:
        return self._full[role]

    @property
    def _full(self) -> dict[Role, bool]:
        return self.__dict__.setdefault("_fullness", {Role.AGENT: False, Role.TERMINAL: False})

    def _serve(self, role: Role, link: Link) -> None:
        way, baud = self.ways[role], self.speeds[role]
        self._full[role] = False
        while True:
            room = AHEAD - int((way.free_at - self.now) * baud / BITS)
            if room <= 0:
                self._full[role] = True
                break
            data = link.bytes_to_send(room)
            if not data:
                break
            at, out = way.carry(data, self.now, baud)
            other = Role.TERMINAL if role is Role.AGENT else Role.AGENT
            self._count += 1
            heapq.heappush(self._arriving, (at, self._count, other, out, baud))
        while (event := link.next_event()) is not None:
            self.events[role].append((self.now, event))
            if isinstance(event, SpeedChange):
                self.now = max(self.now, way.free_at)
                self.speeds[role] = event.baud
                link.speed_changed(self.now)


def goodput(size: int = 1 << 20, piece: int = 65_536, **line: float) -> tuple[float, Paced]:
    """Return the share of the line that so much random data gets, sent by the terminal in messages."""
    paced = Paced(**line)  # type: ignore[arg-type]
    paced.open()
    started = paced.now
    data = Random(paced.seed).randbytes(size)
    for at in range(0, size, piece):
        paced.far.send_message(data[at : at + piece], paced.now, Lane.BULK)
    while sum(len(message) for _, message in paced.received(Role.AGENT)) < size and not paced.closed():
        paced.step()
    assert b"".join(message for _, message in paced.received(Role.AGENT)) == data
    return size * BITS / paced.baud / (paced.now - started), paced
