"""What guided mode leaves behind."""

from __future__ import annotations

from agent.guided.record import GuidedOutcome, Record
from agent.guided.remarks import Photo


def test_it_counts_and_collects() -> None:
    record = Record()
    assert record.outcome() == GuidedOutcome(0, (), ())
    assert [record.next_number(), record.next_number()] == [1, 2]
    record.notes.append("黑屏")
    record.photos.append(Photo("a.jpg", 1, "00" * 32))
    assert record.outcome() == GuidedOutcome(2, ("黑屏",), (Photo("a.jpg", 1, "00" * 32),))
