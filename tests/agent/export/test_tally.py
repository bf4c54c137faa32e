from agent.export.tally import Tally, comparable, first_difference
from protocols.terminal import KindTotal
from protocols.words import Scheme, TransactionKind

SALE_VISA = KindTotal(TransactionKind.SALE, Scheme.VISA, 2, 300)
SALE_JCB = KindTotal(TransactionKind.SALE, Scheme.JCB, 1, 50)
VOID_VISA = KindTotal(TransactionKind.VOID, Scheme.VISA, 1, 100)
NOTHING = KindTotal(TransactionKind.REFUND, Scheme.VISA, 0, 0)


def test_counts_and_sums():
    tally = Tally()
    tally.add(TransactionKind.VOID, Scheme.VISA, 100)
    tally.add(TransactionKind.SALE, Scheme.JCB, 50)
    tally.add(TransactionKind.SALE, Scheme.VISA, 100)
    tally.add(TransactionKind.SALE, Scheme.VISA, 200)
    assert tally.records == 4
    assert tally.totals() == (SALE_VISA, SALE_JCB, VOID_VISA)


def test_order_and_empty_rows_do_not_matter():
    assert comparable([VOID_VISA, NOTHING, SALE_VISA]) == comparable([SALE_VISA, VOID_VISA])
    assert first_difference([VOID_VISA, NOTHING, SALE_VISA], [SALE_VISA, VOID_VISA]) is None
    assert first_difference([], []) is None


def test_a_difference_is_named():
    more = KindTotal(TransactionKind.SALE, Scheme.JCB, 1, 51)
    assert first_difference([SALE_VISA, SALE_JCB], [SALE_VISA, more]) == (TransactionKind.SALE, Scheme.JCB)
    assert first_difference([SALE_VISA], [SALE_VISA, VOID_VISA]) == (TransactionKind.VOID, Scheme.VISA)
    assert first_difference([SALE_VISA, VOID_VISA], [SALE_VISA]) == (TransactionKind.VOID, Scheme.VISA)


def test_a_row_twice_is_a_difference():
    assert first_difference([SALE_VISA, SALE_VISA], [SALE_VISA]) == (TransactionKind.SALE, Scheme.VISA)


def test_a_sum_without_a_count_is_a_difference():
    odd = KindTotal(TransactionKind.REFUND, Scheme.VISA, 0, 7)
    assert first_difference([SALE_VISA, odd], [SALE_VISA]) == (TransactionKind.REFUND, Scheme.VISA)
