"""What a cable wants of each of its ends, and what all of them share."""

from __future__ import annotations

from typing import Protocol

from simulators.lines.line import Outbox

MOST_UNREAD = 65_536


class End(Protocol):
    """One end of a cable. Nothing here blocks, and nobody at the other side is no error."""

    @property
    def target(self) -> str:
        """How the program at this end is told to reach it, or what we have opened ourselves."""

    @property
    def present(self) -> bool:
        """True while somebody is there."""

    @property
    def overrun_bytes(self) -> int:
        """Bytes that came out here and that nobody took."""

    def speed(self) -> int | None:
        """Return bits per second that the program at this end has set, or None where it sets none."""

    def follow(self, baud: int) -> None:
        """Take the speed of the line, where this end is a port of ours."""

    def watched(self) -> tuple[int, ...]:
        """Return the descriptors whose readiness to read means that `read` may have something."""

    def next_poll(self, now: float) -> float | None:
        """Return when `read` is wanted without any readiness, or None."""

    def read(self, limit: int, now: float) -> bytes:
        """Return what this end has sent, at most so many bytes; also notices who comes and goes."""

    def write(self, data: bytes) -> None:
        """Hand over what has come out; with no data, what was not taken before."""

    def unplug(self) -> None:
        """Vanish, until `plug`."""

    def plug(self, now: float) -> None:
        """Be there again."""

    def close(self) -> None:
        """Let go of everything; twice is once."""


class Unread:
    """What came out at an end and is not taken yet: a real line does not wait, so beyond 64 KiB it is lost."""

    def __init__(self) -> None:
        self.lost_bytes = 0
        self._outbox = Outbox()
        self._size = 0

    def put(self, data: bytes) -> None:
        """Add bytes, as far as there is room."""
        kept = data[: MOST_UNREAD - self._size]
        self.lost_bytes += len(data) - len(kept)
        self._size += len(kept)
        self._outbox.put(kept)

    def lose(self, data: bytes = b"") -> None:
        """Lose these bytes and all that wait."""
        self.lost_bytes += self._size + len(data)
        self._size = 0
        self._outbox.clear()

    def send(self, write: Writer) -> None:
        """Write as much as is taken.

        Raises:
            OSError: The other side is gone.
        """

        def counted(data: memoryview) -> int:
            taken = write(data)
            self._size -= taken
            return taken

        if self._outbox:
            self._outbox.send(counted)


class Writer(Protocol):
    """Takes bytes and says how many."""

    def __call__(self, data: memoryview, /) -> int:
        """Write some of the data."""
