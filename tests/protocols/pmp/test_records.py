"""Records of the datasets, against the dumps of the note."""

from __future__ import annotations

from dataclasses import replace

import pytest

from protocols.errors import LocalProtocolError, RemoteProtocolError
from protocols.pmp.records import (
    JOURNAL_RECORD,
    MAX_PARAMETER_BYTES,
    MAX_RECEIPT_BYTES,
    PARAMETER,
    RECEIPT,
    RECORD_BYTES,
    JournalRecord,
    Parameter,
    ReceiptCutter,
    ReceiptRecord,
    parse_parameters,
)
from tests.protocols.pmp import note

RECORD = note.dumps()["JOURNAL.record"]
ONE = note.dumps()["PARAMETER.record"]


def test_a_record_has_its_size() -> None:
    assert len(RECORD) == RECORD_BYTES == 128


@pytest.mark.parametrize("at", range(89, 128))
def test_reserved_bytes_are_checked(at: int) -> None:
    spoilt = bytearray(RECORD)
    spoilt[at] = 1
    with pytest.raises(RemoteProtocolError):
        JOURNAL_RECORD.parse(bytes(spoilt))


@pytest.mark.parametrize(("at", "value"), [(4, 0), (4, 10), (5, 9), (6, 7), (7, 2), (7, 255)])
def test_numbers_without_meaning_are_refused(at: int, value: int) -> None:
    spoilt = bytearray(RECORD)
    spoilt[at] = value
    with pytest.raises(RemoteProtocolError):
        JOURNAL_RECORD.parse(bytes(spoilt))


@pytest.mark.parametrize("field", ["time", "reference", "authorisation", "response", "account", "expiry", "track2"])
def test_fields_of_fixed_length_are_exact(field: str) -> None:
    record: JournalRecord = JOURNAL_RECORD.parse(RECORD)
    value = getattr(record, field)
    for wrong in (value[:-1], value + b"0"):
        with pytest.raises(LocalProtocolError):
            JOURNAL_RECORD.build(replace(record, **{field: wrong}))


def test_parameters_follow_each_other() -> None:
    empty = PARAMETER.build(Parameter("empty", b""))
    assert list(parse_parameters(ONE + empty + ONE)) == [
        PARAMETER.parse(ONE),
        Parameter("empty", b""),
        PARAMETER.parse(ONE),
    ]
    assert list(parse_parameters(b"")) == []


def test_parameters_cut_anywhere_are_refused() -> None:
    data = ONE * 2
    for end in range(1, len(data)):
        if end != len(ONE):
            with pytest.raises(RemoteProtocolError):
                list(parse_parameters(data[:end]))


def test_a_parameter_has_at_most_a_kilobyte_and_an_ascii_name() -> None:
    largest = Parameter("n", bytes(MAX_PARAMETER_BYTES - 4))
    assert list(parse_parameters(PARAMETER.build(largest))) == [largest]
    with pytest.raises(LocalProtocolError):
        PARAMETER.build(Parameter("n", bytes(MAX_PARAMETER_BYTES - 3)))
    with pytest.raises(RemoteProtocolError):
        list(parse_parameters(b"\x01n\xff\xff" + bytes(65_535)))
    with pytest.raises(RemoteProtocolError):
        list(parse_parameters(b"\x02\xbd\xe2\x00\x00"))
    with pytest.raises(LocalProtocolError):
        PARAMETER.build(Parameter("解绑", b""))


def test_receipts_are_cut_wherever_the_pieces_end() -> None:
    one = note.dumps()["RECEIPT.record"]
    wanted = [RECEIPT.parse(one)] * 3
    for step in range(1, len(one) + 2):
        cutter = ReceiptCutter()
        cut = [each for at in range(0, len(one) * 3, step) for each in cutter.feed((one * 3)[at : at + step])]
        cutter.end()
        assert cut == wanted


def test_a_receipt_is_neither_cut_short_nor_too_long() -> None:
    one = note.dumps()["RECEIPT.record"]
    for end in range(1, len(one)):
        cutter = ReceiptCutter()
        assert list(cutter.feed(one + one[:end])) == [RECEIPT.parse(one)]
        with pytest.raises(RemoteProtocolError, match="cut short") as caught:
            cutter.end()
        assert caught.value.offset == len(one)
    largest = RECEIPT.build(ReceiptRecord(1, 1, bytes(MAX_RECEIPT_BYTES - 10)))
    assert len(next(ReceiptCutter().feed(largest)).text) == MAX_RECEIPT_BYTES - 10
    too_long = largest[:8] + (MAX_RECEIPT_BYTES - 9).to_bytes(2, "big")
    with pytest.raises(RemoteProtocolError, match="too long"):
        list(ReceiptCutter().feed(too_long))
