import hashlib
import json
from datetime import UTC, datetime

from agent.clock import Clock
from agent.journal import FIRST_PREVIOUS, Journal, JournalEvent

CLOCK = Clock(wall=lambda: datetime(2026, 11, 22, tzinfo=UTC))


class ListStore:
    def __init__(self):
        self.kept = []

    def append(self, entry):
        self.kept.append(entry)

    def last(self, case):
        return next((entry for entry in reversed(self.kept) if entry.case == case), None)

    def entries(self, case):
        return [entry for entry in self.kept if entry.case == case]


def test_each_line_is_chained_to_the_one_before():
    journal = Journal(ListStore(), "R-1", CLOCK)
    journal.write(JournalEvent.INTENT, "export", {"records": 5})
    journal.write(JournalEvent.DONE, "export", {"sha256": "ab", "解绑": ["甲", True]})
    previous = FIRST_PREVIOUS
    lines = journal.lines().splitlines()
    assert len(lines) == 2
    for number, line in enumerate(lines, 1):
        fields = json.loads(line)
        assert (fields["sequence"], fields["previous"]) == (number, previous)
        kept = fields.pop("hash")
        # The canonical form by hand: sorted keys, no blanks, text as it is (RFC 8785; no number here needs more).
        text = json.dumps(fields, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        assert hashlib.sha256(text.encode()).hexdigest() == kept
        previous = kept
    assert journal.head is not None
    assert journal.head.hash == previous


def test_a_journal_goes_on_where_it_stopped():
    store = ListStore()
    first = Journal(store, "R-1", CLOCK).write(JournalEvent.INTENT, "wipe")
    second = Journal(store, "R-1", CLOCK).write(JournalEvent.NOTE, "wipe")
    assert (second.sequence, second.previous) == (2, first.hash)


def test_cases_have_chains_of_their_own():
    store = ListStore()
    Journal(store, "R-1", CLOCK).write(JournalEvent.INTENT, "wipe")
    other = Journal(store, "R-2", CLOCK)
    assert other.head is None
    assert other.write(JournalEvent.INTENT, "wipe").previous == FIRST_PREVIOUS
