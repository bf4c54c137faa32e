from collections import Counter
from itertools import pairwise

import pytest

from protocols.pmp.records import JOURNAL_RECORD, RECORD_BYTES
from protocols.words import EntryMode, Scheme, TransactionKind
from simulators.data.cards import luhn_digit
from simulators.data.journal import BATCH_SIZE, transactions
from simulators.data.papers import card_number

COUNT = 6000
CODES = {EntryMode.CODE_SHOWN, EntryMode.CODE_SCANNED}
WALLETS = {Scheme.ALIPAY, Scheme.WECHAT_PAY}
ORIGINALS = {
    TransactionKind.VOID: TransactionKind.SALE,
    TransactionKind.REFUND: TransactionKind.SALE,
    TransactionKind.REVERSAL: TransactionKind.SALE,
    TransactionKind.COMPLETION: TransactionKind.PREAUTHORISATION,
}


@pytest.fixture(scope="module")
def records():
    return [JOURNAL_RECORD.parse(packed) for packed in transactions(11, COUNT, 5)]


def test_the_struct_and_the_protocols_layout_agree_byte_by_byte():
    for packed in transactions(3, 400, 7):
        assert len(packed) == RECORD_BYTES
        assert JOURNAL_RECORD.build(JOURNAL_RECORD.parse(packed)) == packed


def test_every_kind_and_scheme_occurs(records):
    assert {record.kind for record in records} == set(TransactionKind)
    assert {record.scheme for record in records} == set(Scheme)
    assert {record.entry_mode for record in records} == set(EntryMode)


def test_whatever_refers_to_an_original_fits_it(records):
    traces = {record.trace: record for record in records}
    referring = [record for record in records if record.original_trace]
    assert {record.kind for record in referring} == set(ORIGINALS)
    for record in referring:
        original = traces[record.original_trace]
        assert original.number < record.number
        assert original.kind is ORIGINALS[record.kind]
        assert (original.scheme, original.account) == (record.scheme, record.account)
        assert record.amount == original.amount or (
            record.kind is TransactionKind.REFUND and 0 < record.amount < original.amount
        )
    assert all(record.original_trace == 0 for record in records if record.kind not in ORIGINALS)
    taken_back = Counter(record.original_trace for record in referring)
    assert max(taken_back.values()) == 1


def test_wallets_show_codes_and_no_card_and_cards_the_opposite(records):
    for record in records:
        assert (record.entry_mode in CODES) == (record.scheme in WALLETS)
        number = card_number(record)
        if record.scheme in WALLETS:
            assert number == ""
            assert record.account + record.expiry + record.track2 == b"\xff" * 32
            assert record.authorisation == b" " * 6
        else:
            assert luhn_digit(number[:-1]) == number[-1]
            assert record.track2.hex().startswith(number + "d")


def test_prepaid_cards_are_issued_reloaded_and_asked_for_their_balance(records):
    kinds = {record.kind for record in records if record.scheme is Scheme.PREPAID}
    assert kinds >= {TransactionKind.ISSUE, TransactionKind.RELOAD, TransactionKind.BALANCE, TransactionKind.SALE}
    for record in records:
        assert (record.amount == 0) == (record.kind is TransactionKind.BALANCE)


def test_numbers_times_and_references_go_forward(records):
    assert [record.number for record in records] == list(range(1, COUNT + 1))
    assert all(earlier.time < later.time for earlier, later in pairwise(records))
    assert len({record.reference for record in records}) == COUNT
    assert all(earlier.batch <= later.batch for earlier, later in pairwise(records))
    assert max(Counter(record.batch for record in records).values()) <= BATCH_SIZE


def test_the_last_ones_are_unsettled_and_in_a_batch_of_their_own(records):
    open_ones = [record for record in records if not record.settled]
    assert [record.number for record in open_ones] == list(range(COUNT - 4, COUNT + 1))
    assert {record.batch for record in open_ones}.isdisjoint(record.batch for record in records if record.settled)


def test_one_seed_gives_one_journal():
    assert list(transactions(5, 50, 0)) == list(transactions(5, 50, 0))
    assert list(transactions(5, 50, 0)) != list(transactions(6, 50, 0))
    assert list(transactions(5, 0, 0)) == []
