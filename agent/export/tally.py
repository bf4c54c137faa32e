"""Counting transactions and adding up their amounts per kind and scheme, to be held against the terminal's totals."""

from __future__ import annotations

from collections.abc import Iterable

from protocols.terminal import KindTotal
from protocols.words import Scheme, TransactionKind


class Tally:
    """Counts and sums, collected one transaction at a time."""

    def __init__(self) -> None:
        self._sums: dict[tuple[TransactionKind, Scheme], list[int]] = {}
        self.records = 0

    def add(self, kind: TransactionKind, scheme: Scheme, amount: int) -> None:
        """Count one transaction.

        Args:
            kind: Its kind.
            scheme: Its scheme.
            amount: In the smallest unit of the currency.
        """
        self.records += 1
        row = self._sums.get((kind, scheme))
        if row is None:
            self._sums[kind, scheme] = [1, amount]
        else:
            row[0] += 1
            row[1] += amount

    def totals(self) -> tuple[KindTotal, ...]:
        """Return count and sum per kind and scheme, in the order of their numbers."""
        return comparable(KindTotal(kind, scheme, *row) for (kind, scheme), row in self._sums.items())


def comparable(totals: Iterable[KindTotal]) -> tuple[KindTotal, ...]:
    """Bring totals into the one form in which equal means the same: sorted, without rows that count nothing.

    A row given twice stays twice, since a terminal that says so is wrong.
    """
    rows = (row for row in totals if row.count or row.amount)
    return tuple(sorted(rows, key=lambda row: (row.kind, row.scheme, row.count, row.amount)))


def first_difference(one: Iterable[KindTotal], other: Iterable[KindTotal]) -> tuple[TransactionKind, Scheme] | None:
    """Name the first kind and scheme in which two lists of totals differ, or None where they are equal."""
    mine, theirs = comparable(one), comparable(other)
    differing = [*(row for row in mine if mine.count(row) != theirs.count(row))]
    differing += [row for row in theirs if mine.count(row) != theirs.count(row)]
    return min(((row.kind, row.scheme) for row in differing), default=None)
