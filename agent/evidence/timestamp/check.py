"""Checking a statement against its timestamp: that it is its own, and that the times it claims fit the proven one."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from agent.evidence.errors import EvidenceRejected
from agent.evidence.statement import ReadStatement
from agent.evidence.times import CLOCK_TOLERANCE, parse_time

if TYPE_CHECKING:
    from agent.evidence.attachments import Attached

NOT_LATER = ("opened", "intended", "wipe_started", "wipe_ended")
"""Times that may be long before the timestamp, and not after it."""


def check_timestamp(attached: Attached) -> None:
    """The timestamp is of this statement, by an authority that is trusted, and the statement's times fit it.

    Raises:
        NotCheckable: ``authorities-unknown``.
        EvidenceRejected: ``timestamp-…`` or ``certificate-…``.
    """
    check_claimed_times(attached.statement, attached.material.timestamp.report().time)


def check_claimed_times(statement: ReadStatement, proven: datetime) -> None:
    """Hold the times that a statement claims against the time that an authority proved.

    Args:
        statement: The statement.
        proven: When the authority saw it.

    Raises:
        EvidenceRejected: ``timestamp-clock``: it was issued more than 300 s earlier or later by its own clock, or
            something that was done before is said to have been later; or ``time-form``.
    """
    times = statement.predicate["times"]
    issued = parse_time(statement.facts.issued)
    if abs(issued - proven) > CLOCK_TOLERANCE:
        raise _off("issued", issued, proven)
    for name in NOT_LATER:
        claimed = times.get(name)
        if isinstance(claimed, str) and claimed:
            at = parse_time(claimed, name)
            if at - proven > CLOCK_TOLERANCE:
                raise _off(name, at, proven)


def _off(name: str, claimed: datetime, proven: datetime) -> EvidenceRejected:
    return EvidenceRejected("timestamp-clock", time=name, seconds=round(abs(claimed - proven).total_seconds()))
