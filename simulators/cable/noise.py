"""What a bad line does to the bytes on it: chance, seeded, and the same however the bytes are handed in.

Bits are turned, single bytes come from nowhere or are lost, and chunks of 64 bytes, the packets of a USB adapter, are
dropped, doubled or swapped with the next. What happens is tied to the place in the stream, never to the time.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from math import log, log1p
from random import Random

CHUNK = 64


@dataclass(frozen=True)
class Impairments:
    """What is wrong with one direction of a line.

    Args:
        bit_error_rate: Chance that a bit is turned.
        latency: Seconds on the way, besides the time that the bits take.
        jitter: Most seconds that come on top of it, drawn anew each time; the order is kept.
        drop: Chance that a chunk of 64 bytes is lost.
        duplicate: Chance that a chunk comes twice.
        reorder: Chance that a chunk comes after the next one.
        insert: Chance that a byte is followed by one that nobody sent.
        lose: Chance that a byte is lost.
    """

    bit_error_rate: float = 0.0
    latency: float = 0.0
    jitter: float = 0.0
    drop: float = 0.0
    duplicate: float = 0.0
    reorder: float = 0.0
    insert: float = 0.0
    lose: float = 0.0


@dataclass
class Damage:
    """What was done so far to one direction."""

    flipped_bits: int = 0
    inserted_bytes: int = 0
    lost_bytes: int = 0
    dropped_chunks: int = 0
    duplicated_chunks: int = 0
    reordered_chunks: int = 0


class _Fate(Enum):
    PASS = "pass"
    DROP = "drop"
    DUPLICATE = "duplicate"
    REORDER = "reorder"


class Gaps:
    """Where chance strikes in a stream of units, by geometric gaps: the cost is per hit, not per unit.

    Args:
        rate: Chance of each unit, 0 to 1.
        random: Where chance comes from.
    """

    def __init__(self, rate: float, random: Random) -> None:
        self._rate = rate
        self._random = random
        self._left = self._draw() if rate else 0

    def hits(self, units: int) -> list[int]:
        """Return the places that are struck among the next so many units."""
        found: list[int] = []
        if not self._rate:
            return found
        at = self._left
        while at < units:
            found.append(at)
            at += 1 + self._draw()
        self._left = at - units
        return found

    def _draw(self) -> int:
        return 0 if self._rate >= 1 else int(log(1 - self._random.random()) / log1p(-self._rate))


class Noise:
    """What one direction of a bad line does.

    Args:
        impairments: What is wrong with it.
        seed: Gives all chance.
    """

    def __init__(self, impairments: Impairments, seed: str) -> None:
        self.damage = Damage()
        self._impairments = impairments
        self._clean = not (impairments.drop or impairments.duplicate or impairments.reorder)
        self._fates = Random(f"{seed}:chunks")
        self._values = Random(f"{seed}:values")
        self._bits = Gaps(impairments.bit_error_rate, Random(f"{seed}:bits"))
        self._inserts = Gaps(impairments.insert, Random(f"{seed}:insert"))
        self._losses = Gaps(impairments.lose, Random(f"{seed}:lose"))
        self._fate = _Fate.PASS
        self._left = 0
        self._copy = bytearray()
        self._held = bytearray()

    @property
    def holds(self) -> bool:
        """True while a chunk waits for the next one to go first."""
        return bool(self._held)

    def pass_on(self, data: bytes) -> Iterator[tuple[int, bytes]]:
        """Put bytes through the noise.

        Yields:
            For how many bytes the line is busy, and what comes out meanwhile.
        """
        if self._clean:
            yield self._garbled(data)
            return
        for occupied, piece in self._chunks(data):
            busy, out = self._garbled(piece)
            yield max(occupied, busy), out

    def release(self) -> tuple[int, bytes]:
        """Let go of the chunk that waits for a next one which does not come."""
        held, self._held = bytes(self._held), bytearray()
        if self._fate is _Fate.REORDER:  # the rest of it, if there is any, is a chunk of its own
            self._left = 0
            self._fate = _Fate.PASS
        return self._garbled(held)

    def _chunks(self, data: bytes) -> Iterator[tuple[int, bytes]]:
        while data:
            if not self._left:
                self._left = CHUNK
                self._fate = self._draw_fate()
            piece, data = data[: self._left], data[self._left :]
            self._left -= len(piece)
            if self._fate is _Fate.REORDER:
                self._held += piece
                continue
            yield len(piece), b"" if self._fate is _Fate.DROP else piece
            if self._fate is _Fate.DUPLICATE:
                self._copy += piece
            if not self._left:
                for late in (self._copy, self._held):
                    if late:
                        yield 0, bytes(late)
                        late.clear()

    def _draw_fate(self) -> _Fate:
        wrong, damage = self._impairments, self.damage
        drawn = self._fates.random()
        if drawn < wrong.drop:
            damage.dropped_chunks += 1
            return _Fate.DROP
        if drawn < wrong.drop + wrong.duplicate:
            damage.duplicated_chunks += 1
            return _Fate.DUPLICATE
        if drawn < wrong.drop + wrong.duplicate + wrong.reorder and not self._held:
            damage.reordered_chunks += 1
            return _Fate.REORDER
        return _Fate.PASS

    def _garbled(self, data: bytes) -> tuple[int, bytes]:
        """Lose, insert and turn; the line is busy for whichever is longer, what went in or what comes out."""
        busy = len(data)
        losses, inserts = self._losses.hits(busy), self._inserts.hits(busy)
        out = bytearray(data)
        if losses or inserts:
            out = bytearray()
            at = 0
            for place in sorted({*losses, *inserts}):
                out += data[at : place + 1]
                if place in losses:
                    out.pop()
                if place in inserts:
                    out.append(self._values.randrange(256))
                at = place + 1
            out += data[at:]
            self.damage.lost_bytes += len(losses)
            self.damage.inserted_bytes += len(inserts)
        flips = self._bits.hits(8 * len(out))
        for bit in flips:
            out[bit // 8] ^= 1 << bit % 8
        self.damage.flipped_bits += len(flips)
        return max(busy, len(out)), bytes(out)
