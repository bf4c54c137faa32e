"""What is searched in a file of each kind."""

from __future__ import annotations

import base64
import json
import sqlite3
from contextlib import closing
from pathlib import Path

import cbor2
import pytest

from agent.redaction.parts import AGE_MAGIC, MAX_DEPTH, as_utf8, cbor_texts, database_values, parts_of
from agent.redaction.text import search

PAN = "4111111111111111"


def leaks(data: bytes) -> int:
    return sum(len(search(part)) for part in parts_of(data))


def test_a_text_is_searched_as_it_is() -> None:
    assert list(parts_of(b"text")) == [b"text"]


@pytest.mark.parametrize("encoding", ["utf-16", "gb18030", "utf-8", "utf-8-sig"])
def test_chinese_texts_are_read_in_their_encoding(encoding: str) -> None:
    # In GB 18030 the last byte of 乗 is a letter, which would join the digits behind it.
    data = f"乗{PAN}乗".encode(encoding)
    assert PAN.encode() in as_utf8(data)
    assert leaks(data) == 1


def test_the_payload_of_an_envelope_is_searched() -> None:
    payload = base64.b64encode(json.dumps({"account": PAN}).encode()).decode()
    assert leaks(json.dumps({"payload": payload, "payloadType": "x"}).encode()) == 1
    for broken in (b"{", b'{"payload":1}', b'{"payload":"?"}', b'{"other":"x"}', b"[1]"):
        assert leaks(broken) == 0


def test_every_text_of_an_attestation_is_searched() -> None:
    inner = cbor2.dumps({-1: [PAN.encode(), {"x": "text"}], 2: int(PAN)})
    token = cbor2.dumps(cbor2.CBORTag(18, [b"\xa1\x01\x26", {33: b"\x30\x82"}, inner, b"s" * 64]))
    assert leaks(token) >= 2
    # The byte before a text of sixteen characters is the letter p: read as plain bytes it would join the digits.
    assert not search(cbor2.dumps(PAN))


def test_i10_cbor_that_is_none_or_too_deep_ends() -> None:
    deep = b"x"
    for _ in range(MAX_DEPTH * 3):
        deep = cbor2.dumps([deep])
    assert len(list(cbor_texts(deep))) <= MAX_DEPTH * 3 + 1
    for data in (b"", b"\xd2", b"\xd2\x84", b"\xff" * 50):
        list(parts_of(data))


def test_every_value_of_a_database_is_searched(tmp_path: Path) -> None:
    path = tmp_path / "ledger.sqlite"
    with closing(sqlite3.connect(path)) as database:
        database.execute("PRAGMA journal_mode = WAL")
        database.execute('CREATE TABLE "a ""b" (t TEXT, n INTEGER, b BLOB)')
        database.execute('INSERT INTO "a ""b" VALUES (?, ?, ?)', ("DONE", int(PAN), b"4012888888881881"))
        database.commit()
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    assert sorted(database_values(path.read_bytes())) == [b"4012888888881881", PAN.encode(), b"DONE"]
    assert leaks(path.read_bytes()) >= 2


def test_i10_a_database_that_is_none_ends() -> None:
    assert leaks(b"SQLite format 3\0" + b"\0" * 100) == 0


def test_nobody_looks_into_an_age_file() -> None:
    assert list(parts_of(AGE_MAGIC + PAN.encode())) == []
