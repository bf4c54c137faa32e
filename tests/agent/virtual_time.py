"""A clock turned by hand, and a line between an agent's pump and a peer that lives under this clock."""

from __future__ import annotations

from typing import Protocol

from protocols.errors import LinkLost


class Clock:
    """Seconds that grow only when told to."""

    def __init__(self) -> None:
        self.time = 1000.0

    def __call__(self) -> float:
        return self.time

    def advance(self, seconds: float) -> None:
        self.time += seconds


class Peer(Protocol):
    """The other end of a line."""

    def feed(self, data: bytes) -> None: ...

    def take(self) -> bytes: ...


class MemoryLine:
    """A transport whose other end is an object. Reading passes the time of the virtual clock."""

    description = "memory"
    descriptor: int | None = None
    escaped = False

    def __init__(self, clock: Clock, peer: Peer, baud: int | None = None, highest_baud: int = 0) -> None:
        self.clock = clock
        self.peer = peer
        self.baud = baud
        self.highest_baud = highest_baud
        self.closed = False
        self.cut = False
        self.reads: list[int] = []

    def read(self, max_bytes: int, timeout_seconds: float) -> bytes:
        self.reads.append(max_bytes)
        if self.cut:
            raise LinkLost("cut by the test")
        data = self.peer.take()
        if not data:
            self.clock.advance(timeout_seconds)
            data = self.peer.take()
        self.clock.advance(0.001)
        assert len(data) <= max_bytes
        return data

    def write(self, data: bytes) -> None:
        if self.cut:
            raise LinkLost("cut by the test")
        self.peer.feed(data)

    def read_now(self, max_bytes: int) -> bytes:
        return self.read(max_bytes, 0)

    def write_now(self, data: bytes) -> int:
        self.write(data)
        return len(data)

    def set_baud(self, baud: int) -> bool:
        if self.cut:
            raise LinkLost("cut by the test")
        if self.baud is None or baud > self.highest_baud:
            return False
        self.baud = baud
        return True

    def close(self) -> None:
        self.closed = True
