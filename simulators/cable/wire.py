"""One direction of a serial line under a clock that the caller turns: bytes go in, and come out in their time.

Ten bits a byte: start, eight, stop. The line takes at most 512 bytes ahead of itself, as a UART with its driver does;
beyond that its owner has to wait, and the sender with it.
"""

from __future__ import annotations

from collections import deque
from dataclasses import asdict, dataclass
from random import Random

from simulators.cable.noise import Impairments, Noise

AHEAD = 512
BITS = 10
CATCH_UP = 0.25
REORDER_PATIENCE = 0.05
PAD_BYTES = 4093
EPSILON = 1e-9


@dataclass
class _Run:
    """Bytes that come out evenly: the first of them ``step`` seconds after ``begin``."""

    begin: float
    step: float
    data: bytes
    baud: int
    at: int = 0

    @property
    def next_out(self) -> float:
        return self.begin + (self.at + 1) * self.step


class Wire:
    """One direction of a line.

    Args:
        impairments: What is wrong with it.
        seed: Gives all chance.
        ahead: Bytes that it takes ahead of itself.
    """

    def __init__(self, impairments: Impairments, seed: str, ahead: int = AHEAD) -> None:
        self.taken_bytes = 0
        self.given_bytes = 0
        self.cut_bytes = 0
        self.misread_bytes = 0
        self._impairments = impairments
        self._noise = Noise(impairments, seed)
        self._delays = Random(f"{seed}:jitter")
        self._pad = Random(f"{seed}:misread").randbytes(PAD_BYTES)
        self._pad_at = 0
        self._share = 0.0
        self._ahead = ahead
        self._runs: deque[_Run] = deque()
        self._free_at = 0.0
        self._last_out = 0.0
        self._waiting = False  # the sender had more than the line took
        self._cut = False
        self._baud = 0

    # ------------------------------------------------------------------ bytes in
    def room(self, now: float, baud: int) -> int:
        """Return how many bytes the line takes now.

        A line whose sender always had more is never idle, however late its owner comes: the room grows by what could
        have gone out since, at most a quarter of a second's worth. So coarse ticks do not slow it down.

        Args:
            now: The present time in seconds.
            baud: Bits per second of the sender.
        """
        return max(0, int(self._ahead - (self._begin(now) - now) * baud / BITS + EPSILON))

    def put(self, data: bytes, now: float, baud: int, line_baud: int | None = None) -> None:
        """Take bytes from the sender; they may be more than there is room for.

        Args:
            data: The bytes; none where the sender was asked and had none.
            now: The present time in seconds.
            baud: Bits per second of the sender.
            line_baud: Bits per second that the line is good for, or None; at others nothing is understood.
        """
        self._baud = baud
        full = len(data) >= self.room(now, baud) > 0
        self._free_at = self._begin(now)
        self._waiting = full
        self.taken_bytes += len(data)
        if self._cut:
            self.cut_bytes += len(data)
            self._free_at += len(data) * BITS / baud
            return
        understood = baud if line_baud in (None, baud) else 0
        delay = self._delay()
        if data:
            for busy, out in self._noise.pass_on(data):
                self._append(busy, out, baud, understood, delay)

    def _begin(self, now: float) -> float:
        """Return when the next byte's start bit begins."""
        return self._free_at if self._waiting and self._free_at > now - CATCH_UP else max(self._free_at, now)

    def _delay(self) -> float:
        jitter = self._impairments.jitter
        return self._impairments.latency + (self._delays.random() * jitter if jitter else 0.0)

    def _append(self, busy: int, out: bytes, baud: int, understood: int, delay: float) -> None:
        took = busy * BITS / baud
        if out:
            begin = max(self._free_at + delay, self._last_out)
            self._runs.append(_Run(begin, took / len(out), out, understood))
            self._last_out = begin + took
        self._free_at += took

    # ------------------------------------------------------------------ bytes out
    def take(self, now: float, baud: int) -> bytes:
        """Return what has come out until now, as the receiver understands it.

        Args:
            now: The present time in seconds.
            baud: Bits per second of the receiver; what was sent at another speed comes out as garbage.
        """
        if self._noise.holds and now >= self._free_at + REORDER_PATIENCE:
            self._free_at = max(self._free_at, now)
            self._append(*self._noise.release(), self._baud, self._baud, self._delay())
        out = bytearray()
        runs = self._runs
        while runs:
            run = runs[0]
            ended = run.begin + len(run.data) * run.step <= now + EPSILON
            until = len(run.data) if ended else int((now - run.begin + EPSILON) / run.step)
            if until > run.at:
                part = run.data[run.at : until]
                run.at = until
                out += part if run.baud == baud else self._misread(len(part), run.baud, baud)
            if not ended:
                break
            runs.popleft()
        self.given_bytes += len(out)
        return bytes(out)

    def _misread(self, count: int, sent_at: int, read_at: int) -> bytes:
        """Return what a UART makes of bytes that were sent at another speed; a slower one sees fewer of them."""
        self.misread_bytes += count
        self._share += count * min(1.0, read_at / sent_at if sent_at else 1.0)
        whole = int(self._share)
        self._share -= whole
        out = bytes(self._pad[(self._pad_at + place) % PAD_BYTES] for place in range(whole))
        self._pad_at = (self._pad_at + whole) % PAD_BYTES
        return out

    def next_deadline(self) -> float | None:
        """Return when the next byte comes out, or None."""
        if self._runs:
            return self._runs[0].next_out
        return self._free_at + REORDER_PATIENCE if self._noise.holds else None

    # ------------------------------------------------------------------ the line as a thing
    @property
    def drained(self) -> bool:
        """True where everything has come out."""
        return not self._runs and not self._noise.holds

    @property
    def under_way(self) -> int:
        """Bytes that are on the line."""
        return sum(len(run.data) - run.at for run in self._runs)

    def cut(self) -> None:
        """Cut the line: what is on it is lost, and so is all that comes until it is healed."""
        self._cut = True
        self.clear()

    def heal(self) -> None:
        """Put the line together again."""
        self._cut = False

    def clear(self) -> None:
        """Lose what is on the line."""
        self.cut_bytes += self.under_way
        self._runs.clear()
        if self._noise.holds:
            self.cut_bytes += len(self._noise.release()[1])
        self._last_out = 0.0

    def statistics(self) -> dict[str, int]:
        """Return what has happened so far, by name."""
        return {
            "taken_bytes": self.taken_bytes,
            "given_bytes": self.given_bytes,
            "cut_bytes": self.cut_bytes,
            "misread_bytes": self.misread_bytes,
            **asdict(self._noise.damage),
        }
