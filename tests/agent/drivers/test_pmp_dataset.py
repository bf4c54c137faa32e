"""Datasets read in pieces that suit the line."""

from __future__ import annotations

import struct

import pytest

from agent.drivers.pmp_dataset import piece_bytes
from protocols.errors import RemoteProtocolError
from tests.agent.drivers.scripted import Datasets, driver_on, record


@pytest.mark.parametrize(
    ("baud", "size"), [(None, 65_536), (115_200, 23_040), (9_600, 1_920), (300, 1_024), (921_600, 65_536)]
)
def test_a_piece_is_two_seconds_of_line(baud: int | None, size: int) -> None:
    assert piece_bytes(baud) == size


@pytest.mark.parametrize(("baud", "lengths"), [(None, [65_536, 10_624]), (115_200, [23_040] * 3 + [7_040])])
def test_the_pieces_asked_for_end_with_a_record(baud: int | None, lengths: list[int]) -> None:
    data = b"".join(map(record, range(1, 596)))
    datasets = Datasets(data)
    driver, _ = driver_on(datasets, baud)
    assert len(list(driver.open_journal().transactions())) == 595
    assert [length - length % 128 for length in datasets.lengths] == datasets.lengths
    assert datasets.lengths == lengths


@pytest.mark.parametrize(
    "wrong",
    [
        lambda body: body[:8] + struct.pack(">I", len(body) - 13) + body[12:-1],  # one byte short
        lambda body: struct.pack(">Q", 128) + body[8:],  # from another place
    ],
)
def test_another_piece_than_asked_for_breaks_the_protocol(wrong) -> None:
    datasets = Datasets(record(1) * 3)
    driver, _ = driver_on(datasets)
    journal = driver.open_journal()
    datasets.twist = wrong
    with pytest.raises(RemoteProtocolError, match="another piece"):
        list(journal.transactions())


def test_a_view_is_closed_once_it_is_read_and_compared() -> None:
    datasets = Datasets(record(1))
    driver, _ = driver_on(datasets)
    journal = driver.open_journal()
    list(journal.transactions())
    assert datasets.closed == []
    journal.terminal_totals()
    journal.terminal_totals()
    assert datasets.closed == [101]


def test_totals_may_be_asked_for_first() -> None:
    datasets = Datasets(record(1))
    driver, _ = driver_on(datasets)
    journal = driver.open_journal()
    assert journal.terminal_totals().records == 1
    assert datasets.closed == []
    list(journal.transactions())
    assert datasets.closed == [101]


def test_totals_of_another_count_break_the_protocol() -> None:
    datasets = Datasets(record(1) * 2)
    driver, _ = driver_on(datasets)
    journal = driver.open_journal()
    datasets.records[1] = 1
    with pytest.raises(RemoteProtocolError, match="another number of records"):
        journal.terminal_totals()


def test_a_view_left_half_read_is_closed_before_the_next() -> None:
    datasets = Datasets(record(1) * 1000)
    driver, _ = driver_on(datasets)
    next(driver.open_journal().transactions())
    driver.open_journal()
    assert datasets.closed == [101]


def test_journal_and_parameters_may_be_open_together() -> None:
    datasets = Datasets(record(1) * 1000)
    driver, _ = driver_on(datasets)
    transactions = driver.open_journal().transactions()
    next(transactions)
    driver.read_parameters()
    assert datasets.closed == [102]
    assert len(list(transactions)) == 999
