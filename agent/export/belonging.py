"""Whether an export is of the terminal that is retired: journal and parameters held against what it says of itself.

A journal names no terminal. A terminal that sends another one's, with digest and totals that fit, gives itself away
only where the two halves, its state and its bindings do not fit each other. Who bends all of them alike is not found
out here (note ``liars.md``).
"""

from __future__ import annotations

from collections.abc import Iterable

from agent.errors import VerificationFailed
from agent.export.content import JournalContent, ParameterContent
from agent.export.receipts import ReceiptContent
from agent.parameters import shown_value
from protocols.terminal import Binding, Region, Status
from protocols.words import BindingState, RegionHolds

BATCH = "batch_number"
TERMINAL_NUMBER = "terminal_number"
BATCHES_APART = 1
"""The batch under way may have been counted on since the last transaction, or the transaction be of the next one."""


def check_fitting(size: int, regions: Iterable[Region], holds: RegionHolds = RegionHolds.JOURNAL) -> None:
    """Check that a dataset fits into the region that holds it: else the map is bent, or the dataset has no end.

    Args:
        size: Its bytes as the terminal announces them.
        regions: The terminal's memory map.
        holds: What the region holds.

    Raises:
        VerificationFailed: ``region-shrunk``.
    """
    for region in regions:
        if region.holds is holds and region.size < size:
            raise VerificationFailed("region-shrunk", region=region.name, size=region.size, least=size)


def check_belonging(
    journal: JournalContent,
    parameters: ParameterContent,
    status: Status,
    bindings: Iterable[Binding],
    receipts: ReceiptContent | None = None,
) -> None:
    """Check that what was read out fits what the terminal said of itself.

    Args:
        journal: The journal as it was read.
        parameters: The parameters as they were read.
        status: The terminal's state at its inspection.
        bindings: Its bindings then.
        receipts: The receipts as they were read, where it keeps any. The terminal number on the last of them must be
            the present one; those before may be of a former merchant.

    Raises:
        VerificationFailed: ``export-of-another``; ``what`` says where they differ, never what either says (I4).
    """
    if (journal.unsettled_count, journal.unsettled_amount) != (status.unsettled_count, status.unsettled_amount):
        raise VerificationFailed("export-of-another", what="unsettled")
    for each in bindings:
        read = parameters.values.get(each.name)
        if each.state is BindingState.BOUND and read is not None and read != shown_value(each.name, each.value):
            raise VerificationFailed("export-of-another", what=each.name)
    number = parameters.values.get(TERMINAL_NUMBER)
    if receipts is not None and receipts.newest_terminal and number and receipts.newest_terminal != number:
        raise VerificationFailed("export-of-another", what="receipts")
    batch = parameters.values.get(BATCH, "")
    if journal.newest_batch is None or not (batch.isascii() and batch.isdigit()):
        return
    if abs(journal.newest_batch - int(batch)) > BATCHES_APART:
        raise VerificationFailed("export-of-another", what=BATCH)
