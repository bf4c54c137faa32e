"""The journal in flash: a map of status bytes, and the records in blocks of their own behind it."""

from __future__ import annotations

import hashlib
import re
import struct
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Protocol

from protocols.pmp.records import RECORD_BYTES
from protocols.terminal import KindTotal
from protocols.words import Scheme, TransactionKind
from simulators.board.layout import JournalGeometry
from simulators.hardware.flash import BLANK, Flash
from simulators.hardware.record_log import DELETED, VALID

# The two fields of a record that totals are made of, its amount, and the byte that says whether it is settled.
_SUMMED = struct.Struct(">4xBBxBQ112x")
SETTLED_OFFSET = 7
_RUNS = re.compile(re.escape(bytes([VALID])) + b"+")


@dataclass(frozen=True)
class Unsettled:
    """The part of the journal that is not settled.

    Args:
        count: How many transactions.
        amount: Their sum in the smallest unit of the currency.
    """

    count: int
    amount: int


class Journal:
    """Transactions in flash.

    Args:
        flash: The chip.
        start: First byte of the region.
        geometry: How the region is divided.
    """

    def __init__(self, flash: Flash, start: int, geometry: JournalGeometry) -> None:
        self._flash = flash
        self._statuses_at = start
        self._bodies_at = start + geometry.bodies_offset
        self._geometry = geometry
        self._counted: tuple[bytes, Unsettled] | None = None

    def fill(self, records: Iterable[bytes], *, deleted: int) -> None:
        """Write the journal that the terminal's past has left; done once, in a blank region.

        Args:
            records: Records of 128 bytes, oldest first, at most as many as fit.
            deleted: How many of the first are deleted.
        """
        bodies = b"".join(records)
        count = len(bodies) // RECORD_BYTES
        self._flash.program(self._bodies_at, bodies)
        self._flash.program(self._statuses_at, bytes([VALID]) * count)
        self._flash.program(self._statuses_at, bytes([DELETED]) * min(deleted, count))

    def append(self, record: bytes) -> bool:
        """Write one more record.

        Args:
            record: 128 bytes.

        Returns:
            False where there is no room.
        """
        statuses = self._statuses()
        place = len(statuses.rstrip(bytes([BLANK])))
        if place == len(statuses) or self._body(place).strip(bytes([BLANK])):
            return False
        self._flash.program(self._bodies_at + place * RECORD_BYTES, record)
        self._flash.program(self._statuses_at + place, bytes([VALID]))
        return True

    def last(self) -> bytes | None:
        """Return the last live record, or None."""
        place = self._statuses().rfind(bytes([VALID]))
        return None if place < 0 else self._body(place)

    def settle(self) -> bool:
        """Settle the batch: its records are written anew as settled, because flash takes no bit back.

        Returns:
            False where there is no room for them; then nothing is changed.
        """
        statuses = self._statuses()
        live = [place for place, status in enumerate(statuses) if status == VALID]
        batch = [place for place in live if not self._body(place)[SETTLED_OFFSET]]
        if len(batch) > statuses.count(BLANK):
            return False
        for place in batch:
            record = bytearray(self._body(place))
            record[SETTLED_OFFSET] = 1
            if not self.append(bytes(record)):
                return False
            self._flash.program(self._statuses_at + place, bytes([DELETED]))
        return True

    def clear(self) -> None:
        """Mark every live record deleted. The records stay in the flash."""
        statuses = self._statuses()
        self._flash.program(self._statuses_at, statuses.replace(bytes([VALID]), bytes([DELETED])))

    def view(self, kind: type[JournalView] | None = None) -> JournalView:
        """Freeze a view of the live records.

        Args:
            kind: Another class of view, for a terminal that is not right.
        """
        runs = [match.span() for match in _RUNS.finditer(self._statuses())]
        return (kind or JournalView)(self._flash, self._bodies_at, runs)

    def unsettled(self) -> Unsettled:
        """Count what is not settled."""
        statuses = self._statuses()
        if self._counted is None or self._counted[0] != statuses:
            amounts = [amount for _, _, settled, amount in self.view().summed() if not settled]
            self._counted = statuses, Unsettled(len(amounts), sum(amounts))
        return self._counted[1]

    def _body(self, place: int) -> bytes:
        return self._flash.read(self._bodies_at + place * RECORD_BYTES, RECORD_BYTES)

    def _statuses(self) -> bytes:
        return self._flash.read(self._statuses_at, self._geometry.capacity)


class Readable(Protocol):
    """What records can be read from."""

    def read(self, offset: int, length: int) -> bytes:
        """Return ``length`` bytes from ``offset``."""


class JournalView:
    """The live records at one moment, served straight from the flash: nothing but a wipe changes them there.

    Args:
        flash: The chip.
        bodies_at: Where the records begin.
        runs: Runs of live records as (first, end), in their order.
    """

    def __init__(self, flash: Readable, bodies_at: int, runs: list[tuple[int, int]]) -> None:
        self._flash = flash
        self._runs = [(bodies_at + first * RECORD_BYTES, (end - first) * RECORD_BYTES) for first, end in runs]
        self.size = sum(length for _, length in self._runs)
        self.records = self.size // RECORD_BYTES
        self._digest: bytes | None = None
        self._totals: tuple[KindTotal, ...] | None = None

    def read(self, offset: int, length: int) -> bytes:
        """Return bytes of the records, fewer where they end."""
        pieces = []
        for start, size in self._runs:
            if offset < size:
                taken = min(length, size - offset)
                pieces.append(self._flash.read(start + offset, taken))
                offset += taken
                length -= taken
            if not length:
                break
            offset -= size
        return b"".join(pieces)

    def digest(self) -> bytes:
        """Return the SHA-256 of all records."""
        if self._digest is None:
            digest = hashlib.sha256()
            for start, size in self._runs:
                digest.update(self._flash.read(start, size))
            self._digest = digest.digest()
        return self._digest

    def totals(self) -> tuple[KindTotal, ...]:
        """Return count and sum per kind and scheme, in the order of their numbers."""
        if self._totals is None:
            counts: dict[tuple[int, int], int] = {}
            sums: dict[tuple[int, int], int] = {}
            for kind, scheme, _, amount in self.summed():
                pair = kind, scheme
                counts[pair] = counts.get(pair, 0) + 1
                sums[pair] = sums.get(pair, 0) + amount
            self._totals = tuple(
                KindTotal(TransactionKind(kind), Scheme(scheme), counts[kind, scheme], sums[kind, scheme])
                for kind, scheme in sorted(counts)
            )
        return self._totals

    def summed(self) -> Iterable[tuple[int, int, int, int]]:
        """Yield kind, scheme, settled and amount of each record."""
        for start, size in self._runs:
            yield from _SUMMED.iter_unpack(self._flash.read(start, size))


class MiscountedView(JournalView):
    """The journal of a terminal that cannot count: its totals are not those of its records."""

    def totals(self) -> tuple[KindTotal, ...]:
        """Return totals of which the first is one transaction and one unit too high."""
        totals = super().totals()
        return tuple(
            replace(each, count=each.count + (place == 0), amount=each.amount + (place == 0))
            for place, each in enumerate(totals)
        )
