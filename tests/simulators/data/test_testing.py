from dataclasses import replace

from protocols.pmp.records import JOURNAL_RECORD
from protocols.words import TransactionKind
from simulators.data.journal import transactions
from simulators.data.testing import sale_after, trace_of, void_after


def test_the_first_transaction_of_an_empty_journal():
    sale = JOURNAL_RECORD.parse(sale_after(None, 1))
    assert (sale.number, sale.trace, sale.batch, sale.amount, sale.settled) == (1, 1, 1, 1, False)
    assert sale.kind is TransactionKind.SALE


def test_a_sale_and_its_void_follow_what_was_there():
    last = list(transactions(7, 30, 0))[-1]
    before = JOURNAL_RECORD.parse(last)
    packed = sale_after(last, 1)
    sale, void = JOURNAL_RECORD.parse(packed), JOURNAL_RECORD.parse(void_after(packed, packed))
    assert (sale.number, sale.trace, sale.batch) == (before.number + 1, before.trace + 1, before.batch + 1)
    assert sale.time > before.time
    assert (void.kind, void.amount, void.original_trace) == (TransactionKind.VOID, 1, sale.trace)
    assert (void.number, void.trace, void.batch) == (sale.number + 1, sale.trace + 1, sale.batch)
    assert trace_of(packed) == sale.trace
    assert replace(void, number=0) != replace(sale, number=0)


def test_trace_numbers_and_days_roll_over():
    record = replace(JOURNAL_RECORD.parse(sale_after(None, 1)), trace=999_999, time=bytes.fromhex("20251231235930"))
    after = JOURNAL_RECORD.parse(sale_after(JOURNAL_RECORD.build(record), 1))
    assert (after.trace, after.time.hex()) == (1, "20260101000030")
