"""The receipts of a pmp terminal: what is kept of them, and what of the dataset is refused."""

from __future__ import annotations

import hashlib
import struct

import pytest

from agent.drivers.pmp_receipts import MAX_RECEIPTS
from protocols.errors import DeviceRefused, LocalProtocolError, RemoteProtocolError
from protocols.pmp.facts import Refusal
from tests.agent.drivers.scripted import CARD, OPEN, Datasets, driver_on, receipt
from tests.agent.raw_peer import RESPONSE, message

FULL = f"终端号:T0000042  操作员:01\n卡号:{CARD}\n有效期:30/12\n凭证号:000501".encode("gb18030")


def test_i4_receipts_are_cleaned_at_the_edge_and_digested_whole() -> None:
    data = receipt(1, FULL) + receipt(9, "金额:RMB 1.00".encode("gb18030"))
    answers = Datasets(receipts=data, receipt_count=2)
    driver, _ = driver_on(answers)
    reading = driver.open_receipts()
    assert reading is not None
    assert (reading.records, reading.size) == (2, len(data))
    first, second = list(reading.receipts())
    assert first.text == "终端号:T0000042  操作员:01\n卡号:411111******1111\n凭证号:000501\n"
    assert (first.number, first.trace, first.terminal_number, first.dropped) == (1, 501, "T0000042", 1)
    assert (second.number, second.text) == (9, "金额:RMB 1.00\n")
    assert reading.digest == reading.terminal_totals().digest == hashlib.sha256(data).hexdigest()
    assert reading.bytes_read == len(data)
    assert answers.closed == [103]
    with pytest.raises(LocalProtocolError, match="once"):
        list(reading.receipts())


@pytest.mark.parametrize(
    ("data", "count", "match"),
    [
        (receipt(1, b"a") + receipt(2, b"a"), 1, "more receipts than the 1 announced"),
        (receipt(1, bytes(20)), 2, "1 receipts, 2 announced"),
        (receipt(2, b"a") + receipt(1, b"a"), 2, "out of order"),
        (receipt(1, b"a") + receipt(1, b"a"), 2, "out of order"),
        (receipt(1, b"abc")[:-1], 1, "cut short"),
        (receipt(1, b"a") + b"\0\0\0", 1, "cut short"),
        (receipt(1, bytes(5000)), 1, "too long"),
        (receipt(1, f"卡号:{CARD}".encode("gb18030") + b"\xff\xff"), 1, "character set"),
    ],
)
def test_i10_receipts_that_are_not_what_was_announced(data: bytes, count: int, match: str) -> None:
    driver, _ = driver_on(Datasets(receipts=data, receipt_count=count))
    reading = driver.open_receipts()
    assert reading is not None
    with pytest.raises(RemoteProtocolError, match=match) as caught:
        list(reading.receipts())
    assert caught.value.excerpt == b""
    assert CARD not in str(caught.value)


@pytest.mark.parametrize(("records", "size"), [(MAX_RECEIPTS + 1, 1 << 30), (2, 19)])
def test_i10_receipts_that_cannot_be_are_not_read(records: int, size: int) -> None:
    answers = Datasets()
    answers.twist = lambda _body: struct.pack(">HIQ", 1, records, size)
    driver, _ = driver_on(answers)
    with pytest.raises(RemoteProtocolError, match="receipts of"):
        driver.open_receipts()


@pytest.mark.parametrize(
    ("status", "known"),
    [(Refusal.NO_SUCH_DATASET, True), (Refusal.BAD_REQUEST, True), (Refusal.TAMPERED, False)],
)
def test_a_terminal_without_receipts_has_none(status: Refusal, known: bool) -> None:
    def refuse(command: int, tag: int, _body: bytes) -> list[bytes]:
        assert command == OPEN
        return [message(RESPONSE, command, tag, status, b"\0")]

    driver, _ = driver_on(refuse)
    if known:
        assert driver.open_receipts() is None
        return
    with pytest.raises(DeviceRefused):
        driver.open_receipts()


def test_no_receipts_at_all_are_read_as_well() -> None:
    driver, _ = driver_on(Datasets())
    reading = driver.open_receipts()
    assert reading is not None
    assert list(reading.receipts()) == []
    assert reading.digest == reading.terminal_totals().digest
