import pytest

from agent.evidence.caselog.entries import (
    EntryKind,
    LogEntry,
    intent_entry,
    parse_entry,
    statement_entry,
)
from agent.evidence.errors import EvidenceRejected

DIGEST = "ab" * 32
TIME = "2026-05-04T09:30:00.125Z"
CASE = "R20260504-TEST01"
PREDICATE = {"case": CASE, "result": "PASS", "times": {"issued": TIME}}


def test_entries_are_these_bytes():
    rest = f'"schema":"urn:posretire:log:v1","sha256":"{DIGEST}","time":"{TIME}"}}'
    assert intent_entry(CASE, DIGEST, TIME).data().decode() == f'{{"case":"{CASE}","kind":"intent",{rest}'
    statement = statement_entry(PREDICATE, DIGEST).data().decode()
    assert statement == f'{{"case":"{CASE}","kind":"statement","result":"PASS",{rest}'
    ended = LogEntry(EntryKind.ENDED, CASE, DIGEST, TIME, reason="terminal-swapped").data().decode()
    assert ended == f'{{"case":"{CASE}","kind":"ended","reason":"terminal-swapped",{rest}'


@pytest.mark.parametrize(
    "entry",
    [
        intent_entry(CASE, DIGEST, TIME),
        statement_entry(PREDICATE, DIGEST),
        LogEntry(EntryKind.ENDED, CASE, DIGEST, TIME, reason="line-lost"),
    ],
)
def test_an_entry_is_read_as_it_was_written(entry):
    assert parse_entry(entry.data()) == entry


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"{}",
        intent_entry(CASE, DIGEST, TIME).data() + b"\n",
        intent_entry(CASE, DIGEST, TIME).data().replace(b"log:v1", b"log:v2"),
        intent_entry(CASE, DIGEST, TIME).data().replace(b"intent", b"export"),
        intent_entry(CASE, DIGEST, TIME).data().replace(b"ab", b"AB"),
        statement_entry(PREDICATE, DIGEST).data().replace(b"PASS", b"GOOD"),
        statement_entry(PREDICATE, DIGEST).data().replace(b"statement", b"intent"),
        b"x" * 5_000,
    ],
)
def test_what_is_no_entry_is_refused(data):
    with pytest.raises(EvidenceRejected):
        parse_entry(data)


@pytest.mark.parametrize("predicate", [{}, {**PREDICATE, "times": None}, {**PREDICATE, "case": None}])
def test_a_statement_without_what_its_entry_says_has_none(predicate):
    with pytest.raises(EvidenceRejected) as caught:
        statement_entry(predicate, DIGEST)
    assert caught.value.code == "document-field"


def test_an_entry_that_could_not_be_read_back_is_not_written():
    with pytest.raises(EvidenceRejected):
        LogEntry(EntryKind.ENDED, CASE, DIGEST, TIME, reason="two\nlines").data()
