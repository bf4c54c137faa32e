"""Times in evidence: RFC 3339 in UTC with a Z, as text."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

from agent.evidence.errors import EvidenceRejected

CLOCK_TOLERANCE = timedelta(seconds=300)
"""How far two clocks may differ that are both right."""

_FORM = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,6})?Z", re.ASCII)


def parse_time(text: str, where: str = "time") -> datetime:
    """Read a time.

    Args:
        text: As ``2026-05-04T09:30:00.125Z``.
        where: What the time belongs to, for the error.

    Raises:
        EvidenceRejected: ``time-form``: it has another form or is no date.
    """
    if not _FORM.fullmatch(text):
        raise EvidenceRejected("time-form", where=where)
    try:
        return datetime.fromisoformat(text[:-1]).replace(tzinfo=UTC)
    except ValueError:
        raise EvidenceRejected("time-form", where=where) from None
