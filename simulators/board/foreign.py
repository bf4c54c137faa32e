"""What a terminal gives out in the place of its data: another one's journal and parameters, or one without an end."""

from __future__ import annotations

from collections.abc import Iterable

from protocols.pmp.records import RECORD_BYTES, Parameter
from protocols.terminal import KindTotal
from simulators.board.factory import OTHER
from simulators.board.journal import JournalView
from simulators.board.parameters import ENCODING, ParametersView
from simulators.data.journal import transactions
from simulators.data.merchant import Merchant
from simulators.state import Blueprint

ENDLESS_RECORDS = 1 << 24


class _Image:
    """Bytes that are read as a chip is."""

    def __init__(self, data: bytes) -> None:
        self._data = data

    def read(self, offset: int, length: int) -> bytes:
        """Return ``length`` bytes from ``offset``."""
        return self._data[offset : offset + length]


def foreign_journal(blueprint: Blueprint) -> JournalView:
    """Return the journal of another terminal with as many transactions; digest and totals are its own.

    Args:
        blueprint: Of the terminal that sends it.
    """
    records = b"".join(transactions(blueprint.seed + OTHER, blueprint.transactions, blueprint.unsettled))
    return JournalView(_Image(records), 0, [(0, len(records) // RECORD_BYTES)])


class EndlessJournal:
    """A journal over and over.

    Args:
        view: What is repeated; at least one record.
    """

    def __init__(self, view: JournalView) -> None:
        self._view = view
        self.records = ENDLESS_RECORDS
        self.size = ENDLESS_RECORDS * RECORD_BYTES

    def read(self, offset: int, length: int) -> bytes:
        """Return bytes of it."""
        begin = offset % self._view.size
        whole = self._view.read(0, self._view.size)
        return (whole * (2 + length // len(whole)))[begin : begin + length]

    def digest(self) -> bytes:
        """Return a digest; nobody lives to see that it is wrong."""
        return self._view.digest()

    def totals(self) -> tuple[KindTotal, ...]:
        """Return totals; as the digest."""
        return self._view.totals()


def foreign_parameters(own: Iterable[Parameter], other: Merchant) -> ParametersView:
    """Return the parameters of a terminal of another merchant.

    Args:
        own: Those of the terminal that sends them.
        other: The other merchant.
    """
    values = {name: value for _, name, value in other.bindings}
    values |= {"terminal_number": other.terminal_number, "merchant_name": other.merchant_name}
    return ParametersView(
        [Parameter(each.name, values[each.name].encode(ENCODING)) if each.name in values else each for each in own]
    )
