"""Journal records made by struct alone, and what is left of them."""

from __future__ import annotations

import dataclasses
import hashlib
import random

import pytest

from agent.drivers.pmp_journal import read_transaction
from agent.transaction import Transaction
from protocols.errors import LocalProtocolError, RemoteProtocolError
from protocols.words import EntryMode, Scheme, TransactionKind
from tests.agent.drivers.scripted import CARD, TRACK, Datasets, driver_on, record


def test_a_record_becomes_a_transaction() -> None:
    assert read_transaction(record(42)) == Transaction(
        number=42,
        kind=TransactionKind.SALE,
        scheme=Scheme.VISA,
        entry_mode=EntryMode.CHIP,
        settled=True,
        amount=1234,
        currency=156,
        time="2024-02-29T23:59:59+08:00",
        trace=77,
        batch=5,
        reference="240229000001",
        authorisation="A1B2C3",
        response="00",
        account="411111******1111",
        original_trace=0,
    )


def test_a_wallet_has_no_account_and_blanks_are_cut() -> None:
    transaction = read_transaction(record(1, card="", authorisation=b"      "))
    assert (transaction.account, transaction.authorisation) == ("", "")


def test_i4_card_expiry_and_track_stay_behind() -> None:
    shown = repr(dataclasses.asdict(read_transaction(record(1))))
    assert CARD not in shown
    assert TRACK not in shown
    assert "3012" not in shown


@pytest.mark.parametrize(
    "wrong",
    [
        record(1, time="20230229120000"),  # no such day
        record(1, time="20240101240000"),  # no such hour
        record(1, time="00000101000000"),  # no such year
        record(1, time="2024010112000F"),  # no digit
        record(1, card="41111111A1111111"),
        record(1, card="4111F11111111111"),
        record(1, reference=b"24022900000\xff"),
        record(1, reference=b"240229000\x1b[m"),
        record(1, reserved=bytes(38) + b"\x01"),
        record(1, head=bytes(18)),  # no such kind
        record(1)[:127],
        b"",
    ],
)
def test_i4_i10_a_wrong_record_breaks_the_protocol_without_showing_it(wrong: bytes) -> None:
    with pytest.raises(RemoteProtocolError) as caught:
        read_transaction(wrong)
    assert caught.value.excerpt == b""
    assert "4111" not in str(caught.value)


def test_i10_garbage_is_a_transaction_or_a_broken_protocol() -> None:
    seed = 3
    source = random.Random(seed)
    whole = record(1)
    for turn in range(3000):
        data = bytearray(whole)
        for _ in range(source.randrange(1, 6)):
            data[source.randrange(89)] = source.randrange(256)
        try:
            transaction = read_transaction(bytes(data))
        except RemoteProtocolError:
            continue
        assert transaction.time.endswith("+08:00"), f"seed {seed}, turn {turn}"


def test_the_journal_is_hashed_on_the_way() -> None:
    data = b"".join(map(record, range(1, 1001)))
    driver, _ = driver_on(Datasets(data))
    journal = driver.open_journal()
    assert (journal.records, journal.size, journal.bytes_read) == (1000, 128_000, 0)
    assert journal.digest == hashlib.sha256().hexdigest()
    assert [each.number for each in journal.transactions()] == list(range(1, 1001))
    assert journal.bytes_read == 128_000
    assert journal.digest == journal.terminal_totals().digest == hashlib.sha256(data).hexdigest()


def test_a_journal_is_read_once() -> None:
    driver, _ = driver_on(Datasets(record(1)))
    journal = driver.open_journal()
    list(journal.transactions())
    with pytest.raises(LocalProtocolError):
        next(journal.transactions())


def test_an_empty_journal() -> None:
    driver, _ = driver_on(Datasets())
    journal = driver.open_journal()
    assert list(journal.transactions()) == []


@pytest.mark.parametrize("records", [0, 2, 4_000_000_000])
def test_a_size_that_does_not_fit_the_records_breaks_the_protocol(records: int) -> None:
    driver, _ = driver_on(Datasets(record(1), records=(records, 0)))
    with pytest.raises(RemoteProtocolError, match="records"):
        driver.open_journal()
