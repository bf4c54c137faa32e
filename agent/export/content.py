"""What goes into an export: the journal streamed into a sealed spool, and the small members beside it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from agent.drivers.base import JournalReading, TerminalDriver, TerminalTotals
from agent.export.lines import transaction_line
from agent.export.parameters import exported_parameters
from agent.export.spool import SealedSpool
from agent.export.tally import Tally
from agent.version import VERSION
from protocols.errors import RemoteProtocolError
from protocols.terminal import KindTotal

BATCH_LINES = 512

Progress = Callable[[int, int], None]
"""Called with the bytes of the journal read so far, and how many there are."""


@dataclass(frozen=True)
class ExportDetails:
    """What the manifest says besides what the terminal gives.

    Args:
        case: Number of the case.
        tusn: Serial number of the terminal.
        binding_key: Key of the keyed hashes that stand for the case's bindings, so that the owner can open them.
        time: When the export was made, RFC 3339 in UTC.
        merchant_number: The merchant number; the terminal's own parameter where empty.
        terminal_number: The terminal number; the terminal's own parameter where empty.
        retention_until: Until when the export is kept, as a date, or empty (PIPL, article 19).
        retention_basis: On what basis, or empty.
        tool: Name of the tool.
        version: Its version.
    """

    case: str
    tusn: str
    binding_key: bytes = field(repr=False)
    time: str
    merchant_number: str = ""
    terminal_number: str = ""
    retention_until: str = ""
    retention_basis: str = ""
    tool: str = "posretire"
    version: str = VERSION


@dataclass(frozen=True)
class JournalContent:
    """The journal as it was read, and what the terminal says of it.

    Args:
        announced_records: Records that the terminal announced before.
        announced_size: Bytes that it announced before.
        records: Transactions read.
        size: Bytes read.
        digest: SHA-256 of the bytes read, lower-case hex.
        totals: Count and sum per kind and scheme of what was read.
        terminal: What the terminal says of all of these.
        unsettled_count: Transactions read that are not settled.
        unsettled_amount: Their sum in the smallest unit of the currency.
        newest_batch: Batch of the last transaction read, or None where there is none.
    """

    announced_records: int
    announced_size: int
    records: int
    size: int
    digest: str
    totals: tuple[KindTotal, ...]
    terminal: TerminalTotals
    unsettled_count: int = 0
    unsettled_amount: int = 0
    newest_batch: int | None = None


@dataclass(frozen=True)
class ParameterContent:
    """The parameters as they are exported, and the digests of the whole dataset.

    Args:
        values: Name and text.
        withheld: Names of those that are left out because a card number may stand in them.
        digest: SHA-256 of the dataset's bytes as read.
        terminal_digest: The same as the terminal says.
    """

    values: Mapping[str, str] = field(repr=False)
    withheld: tuple[str, ...]
    digest: str
    terminal_digest: str


def read_parameters(driver: TerminalDriver) -> ParameterContent:
    """Read what may be exported of the parameters.

    Raises:
        ProtocolError: The line or the data failed.
    """
    reading = driver.read_parameters()
    values, withheld = exported_parameters(reading.values)
    return ParameterContent(values, withheld, reading.digest, reading.totals.digest)


def read_journal(reading: JournalReading, spool: SealedSpool, progress: Progress) -> JournalContent:
    """Stream the journal into the spool as JSON Lines, and ask the terminal what it says of it.

    Args:
        reading: The journal, opened.
        spool: Takes the lines.
        progress: Called now and then, and at the end.

    Raises:
        ProtocolError: The line or the data failed, or there are more transactions than announced.
        PreconditionNotMet: ``disk-full`` or ``destination-unwritable``.
    """
    tally = Tally()
    batch: list[str] = []
    unsettled_count = unsettled_amount = 0
    newest: int | None = None
    for transaction in reading.transactions():
        if tally.records == reading.records:
            # Otherwise a terminal that never ends would fill the disk (I10).
            raise RemoteProtocolError(f"more transactions than the {reading.records} announced")
        tally.add(transaction.kind, transaction.scheme, transaction.amount)
        newest = transaction.batch
        if not transaction.settled:
            unsettled_count += 1
            unsettled_amount += transaction.amount
        batch.append(transaction_line(transaction))
        if len(batch) == BATCH_LINES:
            _spool_lines(batch, spool)
            progress(reading.bytes_read, reading.size)
    _spool_lines(batch, spool)
    progress(reading.bytes_read, reading.size)
    return JournalContent(
        announced_records=reading.records,
        announced_size=reading.size,
        records=tally.records,
        size=reading.bytes_read,
        digest=reading.digest,
        totals=tally.totals(),
        terminal=reading.terminal_totals(),
        unsettled_count=unsettled_count,
        unsettled_amount=unsettled_amount,
        newest_batch=newest,
    )


def _spool_lines(batch: list[str], spool: SealedSpool) -> None:
    if not batch:
        return
    batch.append("")  # so that the last line ends in a newline too
    try:
        data = "\n".join(batch).encode()
    except UnicodeError:
        raise RemoteProtocolError("transaction: a text is no Unicode") from None
    batch.clear()
    spool.write(data)
