"""Reading a journal back."""

from __future__ import annotations

import random

import pytest

from agent.evidence import journal as reading
from agent.evidence.errors import EvidenceRejected
from agent.evidence.journal import FIRST_PREVIOUS, read_journal
from agent.journal import FIRST_PREVIOUS as WRITTEN_FIRST_PREVIOUS
from agent.journal import JournalEvent
from tests.agent.evidence.made import CASE, Row, chain

ROWS: list[Row] = [
    ("NOTE", "open", {"reason": "试"}),
    ("INTENT", "wipe", {}),
    ("DONE", "wipe", {"n": [1, {"a": True}]}),
]
LINES = [entry.line() + b"\n" for entry in chain(ROWS)]
WHOLE = b"".join(LINES)


def code(data: bytes) -> str:
    with pytest.raises(EvidenceRejected) as raised:
        read_journal(data)
    return raised.value.code


def test_reads_what_the_agent_writes() -> None:
    lines = read_journal(WHOLE)
    assert [(line.event, line.step, line.facts) for line in lines] == ROWS
    assert {line.case for line in lines} == {CASE}
    assert lines[-1].hash == chain(ROWS)[-1].hash


def test_writer_and_reader_agree_on_words() -> None:
    assert set(reading.EVENTS) == {event.value for event in JournalEvent}
    assert FIRST_PREVIOUS == WRITTEN_FIRST_PREVIOUS


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"", "journal-empty"),
        (b"\n", "json-broken"),
        (WHOLE[:-1], "journal-cut"),
        (WHOLE + b"\n", "json-broken"),
        (b"".join(LINES[1:]), "journal-sequence"),
        (b"".join([LINES[0], LINES[2]]), "journal-sequence"),
        (b"".join([LINES[1], LINES[0], LINES[2]]), "journal-sequence"),
        (b"".join([LINES[0], LINES[0]]), "journal-sequence"),
        (WHOLE.replace(b'"INTENT"', b'"DONE"'), "journal-chain"),
        (WHOLE.replace(b'"INTENT"', b'"GUESS"'), "document-field"),
        (WHOLE.replace(b'"n":[1', b'"n":[2'), "journal-chain"),
        (WHOLE.replace(b'{"case"', b'{ "case"', 1), "json-not-canonical"),
        (WHOLE.replace(b"\n", b"\r\n"), "json-not-canonical"),
        (b'{"a":"' + b"x" * reading.MAX_LINE_BYTES + b'"}\n', "json-too-large"),
        (b"\n" * (reading.MAX_LINES + 1), "journal-too-long"),
    ],
)
def test_a_journal_that_was_touched_is_refused(data: bytes, expected: str) -> None:
    assert code(data) == expected


def test_a_chain_begun_elsewhere_is_refused() -> None:
    other = [entry.line() + b"\n" for entry in chain(ROWS, "R-OTHER")]
    assert code(LINES[0] + other[1]) == "journal-chain"


def test_flipped_bytes_are_refused() -> None:
    pick = random.Random(7)
    for at in range(len(WHOLE)):
        flipped = bytearray(WHOLE)
        flipped[at] ^= 1 << pick.randrange(8)
        assert code(bytes(flipped)), f"byte {at}"
