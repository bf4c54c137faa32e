import hashlib
from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from protocols.pmp.records import JOURNAL_RECORD
from simulators.board.journal import Journal, JournalView, MiscountedView
from simulators.board.layout import JournalGeometry
from simulators.data.journal import transactions
from simulators.hardware.flash import BLOCK_BYTES, Flash

GEOMETRY = JournalGeometry(capacity=300, deleted=0)
RECORDS = list(transactions(7, 200, 9))


@pytest.fixture(scope="module")
def chip(tmp_path_factory):
    flash = Flash.create(tmp_path_factory.mktemp("journal") / "flash.img", GEOMETRY.blocks + 1)
    yield flash
    flash.close()


@pytest.fixture
def journal(chip):
    for block in range(GEOMETRY.blocks + 1):
        chip.erase_block(block)
    return Journal(chip, BLOCK_BYTES, GEOMETRY)


def test_a_blank_region_is_an_empty_journal(journal):
    view = journal.view()
    assert (view.records, view.size, view.read(0, 100), view.totals()) == (0, 0, b"", ())
    assert view.digest() == hashlib.sha256(b"").digest()
    assert journal.unsettled().count == 0


def test_deleted_records_are_not_in_the_view_but_in_the_flash(journal, chip):
    journal.fill(RECORDS, deleted=30)
    view = journal.view()
    live = b"".join(RECORDS[30:])
    assert view.records == 170
    assert view.read(0, view.size + 1) == live
    assert view.digest() == hashlib.sha256(live).digest()
    assert RECORDS[0] in chip.read(0, chip.size)


def test_totals_are_those_of_the_records(journal):
    journal.fill(RECORDS, deleted=30)
    counts: Counter = Counter()
    sums: Counter = Counter()
    for packed in RECORDS[30:]:
        record = JOURNAL_RECORD.parse(packed)
        counts[record.kind, record.scheme] += 1
        sums[record.kind, record.scheme] += record.amount
    totals = journal.view().totals()
    assert {(each.kind, each.scheme): (each.count, each.amount) for each in totals} == {
        pair: (counts[pair], sums[pair]) for pair in counts
    }
    assert list(totals) == sorted(totals, key=lambda each: (each.kind, each.scheme))


def test_unsettled_transactions_are_counted_and_summed(journal):
    journal.fill(RECORDS, deleted=0)
    amounts = [JOURNAL_RECORD.parse(packed).amount for packed in RECORDS[-9:]]
    assert (journal.unsettled().count, journal.unsettled().amount) == (9, sum(amounts))


@settings(max_examples=60, deadline=None)
@given(st.sets(st.integers(0, 199)), st.integers(0, 30_000), st.integers(1, 3000))
def test_a_view_joins_runs_of_live_records_however_they_lie(tmp_path_factory, chip, deleted, offset, length):
    for block in range(GEOMETRY.blocks + 1):
        chip.erase_block(block)
    journal = Journal(chip, BLOCK_BYTES, GEOMETRY)
    journal.fill(RECORDS, deleted=0)
    for place in deleted:
        chip.program(BLOCK_BYTES + place, b"\xf8")
    live = b"".join(record for place, record in enumerate(RECORDS) if place not in deleted)
    view = journal.view()
    assert view.size == len(live)
    assert view.read(offset, length) == live[offset : offset + length]
    assert view.digest() == hashlib.sha256(live).digest()


def test_a_view_stays_as_it_was_opened(journal, chip):
    journal.fill(RECORDS, deleted=0)
    view = journal.view()
    chip.program(BLOCK_BYTES, b"\xf8")
    assert view.records == 200
    assert journal.view().records == 199


def test_a_miscounted_view_has_the_right_bytes_and_the_wrong_totals(journal):
    journal.fill(RECORDS, deleted=0)
    right, wrong = journal.view(JournalView), journal.view(MiscountedView)
    assert right.digest() == wrong.digest()
    assert right.totals()[1:] == wrong.totals()[1:]
    assert wrong.totals()[0].count == right.totals()[0].count + 1
    assert wrong.totals()[0].amount == right.totals()[0].amount + 1


def test_records_are_appended_until_there_is_no_room(chip):
    geometry = JournalGeometry(4, 1)
    journal = Journal(chip, 0, geometry)
    [chip.erase_block(n) for n in range(geometry.blocks)]
    assert journal.last() is None
    records = list(transactions(3, 5, 3))
    journal.fill(records[:2], deleted=1)
    assert journal.append(records[2])
    assert journal.append(records[3])
    assert not journal.append(records[4])
    assert journal.last() == records[3]
    assert journal.view().read(0, 1 << 20) == b"".join(records[1:4])


def test_a_batch_is_settled_by_writing_it_anew(chip):
    geometry = JournalGeometry(9, 1)
    [chip.erase_block(n) for n in range(geometry.blocks)]
    journal = Journal(chip, 0, geometry)
    journal.fill(transactions(3, 6, 3), deleted=1)
    before = [JOURNAL_RECORD.parse(each) for each in pieces(journal)]
    assert journal.unsettled().count == 3
    assert journal.settle()
    after = [JOURNAL_RECORD.parse(each) for each in pieces(journal)]
    assert [replace(each, settled=True) for each in before] == after
    assert journal.unsettled().count == 0
    assert journal.settle()


def test_a_batch_that_does_not_fit_stays_unsettled(chip):
    geometry = JournalGeometry(7, 1)
    [chip.erase_block(n) for n in range(geometry.blocks)]
    journal = Journal(chip, 0, geometry)
    journal.fill(transactions(3, 6, 3), deleted=1)
    assert not journal.settle()
    assert journal.unsettled().count == 3


def test_a_cleared_journal_lists_nothing_and_the_flash_still_has_it(journal, chip):
    journal.fill(RECORDS, deleted=30)
    journal.clear()
    assert (journal.view().records, journal.unsettled().count, journal.last()) == (0, 0, None)
    assert RECORDS[-1] in chip.read(0, chip.size)
    assert journal.append(RECORDS[0])
    assert journal.view().records == 1


def pieces(journal):
    view = journal.view()
    data = view.read(0, view.size)
    return [data[at : at + 128] for at in range(0, len(data), 128)]
