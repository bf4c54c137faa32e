"""Times."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from agent.clock import Clock
from agent.evidence.errors import EvidenceRejected
from agent.evidence.times import parse_time


def test_reads_what_the_clock_stamps() -> None:
    moment = datetime(2026, 5, 4, 9, 30, 0, 125_000, tzinfo=UTC)
    assert parse_time(Clock(wall=lambda: moment).stamp()) == moment
    assert parse_time("2026-05-04T09:30:00Z") == moment.replace(microsecond=0)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2026-05-04",
        "2026-05-04 09:30:00Z",
        "2026-05-04T09:30:00",
        "2026-05-04T09:30:00+00:00",
        "2026-05-04T09:30:00z",
        "2026-13-04T09:30:00Z",
        "2026-02-30T09:30:00Z",
        "2026-05-04T24:30:00Z",
        "0000-05-04T09:30:00Z",
        "２０２６-05-04T09:30:00Z",
        "2026-05-04T09:30:00.Z",
        "2026-05-04T09:30:00.1234567Z",
        "2026-05-04T09:30:00Z\n",
    ],
)
def test_other_forms_are_refused(text: str) -> None:
    with pytest.raises(EvidenceRejected) as raised:
        parse_time(text, "job")
    assert (raised.value.code, raised.value.facts) == ("time-form", {"where": "job"})
