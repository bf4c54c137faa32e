"""Whether an export is of the terminal that is retired: journal and parameters held against what it says of itself.

A journal names no terminal. A terminal that sends another one's, with digest and totals that fit, gives itself away
only where the two halves, its state and its bindings do not fit each other. Who bends all of them alike is not found
out here (note ``liars.md``).
"""

from __future__ import annotations

from collections.abc import Iterable

from agent.errors import VerificationFailed
from agent.export.content import JournalContent, ParameterContent
from agent.parameters import shown_value
from protocols.terminal import Binding, Region, Status
from protocols.words import BindingState, RegionHolds

BATCH = "batch_number"
BATCHES_APART = 1
"""The batch under way may have been counted on since the last transaction, or the transaction be of the next one."""


def check_fitting(journal_bytes: int, regions: Iterable[Region]) -> None:
    """Check that a journal fits into the region that holds it: else the map is bent, or the journal has no end.

    Args:
        journal_bytes: Its size as the terminal announces it.
        regions: The terminal's memory map.

    Raises:
        VerificationFailed: ``region-shrunk``.
    """
    for region in regions:
        if region.holds is RegionHolds.JOURNAL and region.size < journal_bytes:
            raise VerificationFailed("region-shrunk", region=region.name, size=region.size, least=journal_bytes)


def check_belonging(
    journal: JournalContent,
    parameters: ParameterContent,
    status: Status,
    bindings: Iterable[Binding],
) -> None:
    """Check that what was read out fits what the terminal said of itself.

    Args:
        journal: The journal as it was read.
        parameters: The parameters as they were read.
        status: The terminal's state at its inspection.
        bindings: Its bindings then.

    Raises:
        VerificationFailed: ``export-of-another``; ``what`` says where they differ, never what either says (I4).
    """
    if (journal.unsettled_count, journal.unsettled_amount) != (status.unsettled_count, status.unsettled_amount):
        raise VerificationFailed("export-of-another", what="unsettled")
    for each in bindings:
        read = parameters.values.get(each.name)
        if each.state is BindingState.BOUND and read is not None and read != shown_value(each.name, each.value):
            raise VerificationFailed("export-of-another", what=each.name)
    batch = parameters.values.get(BATCH, "")
    if journal.newest_batch is None or not (batch.isascii() and batch.isdigit()):
        return
    if abs(journal.newest_batch - int(batch)) > BATCHES_APART:
        raise VerificationFailed("export-of-another", what=BATCH)
