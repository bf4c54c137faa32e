"""Datasets read in pieces that suit the line."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import Any, cast

import pytest

from agent.drivers.pmp import PmpDriver
from agent.drivers.pmp_dataset import piece_bytes
from agent.session import Session
from protocols.errors import DeviceRefused, RemoteProtocolError
from protocols.pmp import commands, messages
from protocols.pmp.facts import Dataset as DatasetName
from protocols.pmp.facts import Refusal
from protocols.pmp.handshake import Capability
from protocols.pmp.packing import pack
from tests.agent.drivers.scripted import READ, Datasets, driver_on, record
from tests.agent.raw_peer import RESPONSE, message


@pytest.mark.parametrize(
    ("baud", "size"), [(None, 65_536), (115_200, 46_080), (9_600, 3_840), (300, 1_024), (921_600, 65_536)]
)
def test_a_piece_is_four_seconds_of_line(baud: int | None, size: int) -> None:
    assert piece_bytes(baud) == size


@pytest.mark.parametrize(("baud", "size"), [(9_600, 15_360), (115_200, 65_536), (None, 65_536)])
def test_more_is_asked_for_where_it_comes_packed(baud: int | None, size: int) -> None:
    assert piece_bytes(baud, packed=True) == size


@pytest.mark.parametrize(("baud", "lengths"), [(None, [65_536, 10_624]), (9_600, [3_840] * 19 + [3_200])])
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


NOTHING = Capability(0)


class FakeSession:
    """Answers for a terminal with one dataset, and remembers what it was asked.

    Args:
        data: The dataset.
        agreed: Capabilities of the link.
        speeds: Speeds that the line can be raised to.
        size: What it says of the dataset's size; the truth where None.
    """

    def __init__(
        self, data: bytes, agreed: Capability = NOTHING, speeds: tuple[int, ...] = (), size: int | None = None
    ) -> None:
        self._data = data
        self._size = len(data) if size is None else size
        self._agreed = agreed
        self._speeds = speeds
        self.asked: list[tuple[str, int]] = []
        self.tried: list[int] = []
        self.baud = 9600

    def call(self, spec: Any, request: Any) -> Any:
        assert spec in (commands.DATASET_OPEN, commands.DATASET_CLOSE)
        return messages.DatasetOpened(1, 0, self._size)

    def call_ahead(self, spec: Any, requests: Any) -> Iterator[Any]:
        for request in requests:
            self.asked.append((spec.name, request.length))
            data = self._data[request.offset : request.offset + request.length]
            if spec is not commands.DATASET_PACKED:
                yield messages.DataPiece(request.offset, data)
            else:
                yield messages.PackedPiece(request.offset, len(data), pack(data))

    def agreed(self, capability: Capability) -> bool:
        return capability in self._agreed

    def raise_speed(self, baud: int) -> int:
        self.tried.append(baud)
        if baud in self._speeds:
            self.baud = baud
        return self.baud


def driver_of(session: FakeSession, baud: int | None, highest: int = 0) -> PmpDriver:
    return PmpDriver(cast(Session, session), baud, highest)


@pytest.mark.parametrize(
    ("baud", "agreed", "command", "piece"),
    [
        (9600, Capability.PACKING, "DATASET_PACKED", 15_360),
        (9600, Capability.CORRECTION, "DATASET_READ", 3840),
        (None, Capability.PACKING, "DATASET_READ", 65_536),  # packing would cost the terminal more than the line
    ],
)
def test_pieces_come_packed_where_the_line_is_slow_and_the_terminal_can(
    baud: int | None, agreed: Capability, command: str, piece: int
) -> None:
    data = b"".join(map(record, range(1, 800)))
    session = FakeSession(data, agreed)
    dataset = driver_of(session, baud)._open(DatasetName.JOURNAL)
    assert b"".join(dataset.pieces(128)) == data
    assert {name for name, _ in session.asked} == {command}
    assert session.asked[0][1] == piece


def test_i10_a_dataset_that_says_it_is_endless_costs_no_memory() -> None:
    session = FakeSession(record(1), size=2**63)
    pieces = driver_of(session, None)._open(DatasetName.JOURNAL).pieces()
    with pytest.raises(RemoteProtocolError, match="another piece"):
        next(pieces)


def test_the_line_is_made_faster_for_a_large_dataset_and_only_once() -> None:
    session = FakeSession(bytes(100_000), speeds=(115_200,))
    driver = driver_of(session, 9600, 460_800)
    driver._open(DatasetName.PARAMETERS)
    dataset = driver._open(DatasetName.JOURNAL)
    assert session.tried == [460_800, 230_400, 115_200]
    assert dataset.baud == 115_200


@pytest.mark.parametrize(("baud", "size", "highest"), [(9600, 50_000, 921_600), (9600, 10**6, 9600), (None, 10**9, 0)])
def test_the_speed_stays_where_another_is_not_worth_it_or_not_to_be_had(
    baud: int | None, size: int, highest: int
) -> None:
    session = FakeSession(bytes(1), speeds=(921_600,), size=size)
    assert driver_of(session, baud, highest)._open(DatasetName.JOURNAL).baud == baud
    assert session.tried == []


def test_where_no_speed_is_agreed_on_the_old_one_stays() -> None:
    session = FakeSession(bytes(200_000))
    assert driver_of(session, 9600, 115_200)._open(DatasetName.JOURNAL).baud == 9600
    assert session.tried == [115_200]


def test_a_terminal_that_refuses_in_the_middle_is_not_asked_for_the_whole_by_another_protocol() -> None:
    datasets = Datasets(record(1) * 100)
    asked: list[int] = []

    def script(command: int, tag: int, body: bytes) -> list[bytes]:
        asked.append(command)
        if command == READ and asked.count(READ) > 1:
            return [message(RESPONSE, command, tag, Refusal.UNKNOWN_COMMAND, b"\0")]
        return datasets(command, tag, body)

    driver, _ = driver_on(script, 9600)
    with pytest.raises(DeviceRefused):
        list(driver.open_journal().transactions())
    assert 0x0306 not in asked


def test_the_line_is_made_faster_once_much_memory_was_read_back() -> None:
    session = FakeSession(bytes(20_000), speeds=(115_200,))
    driver = driver_of(session, 9600, 115_200)
    driver.read_memory(1, 0, 10_000)
    assert session.tried == []
    driver.read_memory(2, 0, 10_000)
    assert session.tried == [115_200]
