"""What is searched in a file: its bytes, and what they hold in another writing (base64, CBOR, a database, a PDF)."""

from __future__ import annotations

import base64
import io
import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from typing import Any

import cbor2

from agent.redaction.pdf import pdf_texts

SQLITE_MAGIC = b"SQLite format 3\0"
PDF_MAGIC = b"%PDF-"
AGE_MAGIC = b"age-encryption.org/v1\n"
MAX_DEPTH = 16


def parts_of(data: bytes) -> Iterator[bytes]:
    """Yield every part of a file that is to be searched.

    Args:
        data: The file's content. An age file has no part: nobody but its recipients can look into it.
    """
    if data.startswith(AGE_MAGIC):
        return
    if data.startswith(PDF_MAGIC):
        yield from pdf_texts(data)
        return
    yield as_utf8(data)
    if data.startswith(SQLITE_MAGIC):
        # In a database's file the values of a row stand one behind the other, so what is a word cannot be told there.
        yield from database_values(data)
    elif data[:1] == b"{":
        yield from _envelope(data)
    elif data[:1] == b"\xd2":  # COSE_Sign1 (tag 18), as attestations are
        yield b"\n".join(cbor_texts(data))


def as_utf8(data: bytes) -> bytes:
    """Return text in UTF-8, where it is UTF-16 with a mark or GB 18030; anything else as it is."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", "replace").encode()
    try:
        data.decode()
    except UnicodeDecodeError:
        try:
            return data.decode("gb18030").encode()
        except UnicodeDecodeError:
            return data
    return data


def _envelope(data: bytes) -> Iterator[bytes]:
    """Yield the payload of a DSSE envelope."""
    try:
        envelope = json.loads(data)
        payload = envelope["payload"] if isinstance(envelope, dict) else None
        if isinstance(payload, str):
            yield base64.b64decode(payload, validate=True)
    except (ValueError, KeyError, RecursionError):
        return


def cbor_texts(data: bytes) -> Iterator[bytes]:
    """Yield every text and byte string of CBOR, those in byte strings that are CBOR themselves among them."""
    pending: list[tuple[Any, int]] = [(data, 0)]
    while pending:
        value, depth = pending.pop()
        if isinstance(value, cbor2.CBORTag):
            value = value.value
        if isinstance(value, dict):
            pending += [(each, depth + 1) for pair in value.items() for each in pair]
        elif isinstance(value, list | tuple):
            pending += [(each, depth + 1) for each in value]
        elif isinstance(value, str):
            yield value.encode("utf-8", "replace")
        elif isinstance(value, int) and not isinstance(value, bool):
            yield str(value).encode()
        elif isinstance(value, bytes):
            if depth:
                yield value
            if (depth < MAX_DEPTH and value[:1] > b"\x5f") or not depth:
                pending += [(each, depth + 1) for each in _loaded(value)]


def _loaded(data: bytes) -> list[Any]:
    stream = io.BytesIO(data)
    try:
        value = cbor2.load(stream)
    except Exception:  # noqa: BLE001 - cbor2 raises many kinds; what is no CBOR is searched as it is
        return []
    return [value] if stream.tell() == len(data) else []


def database_values(data: bytes) -> Iterator[bytes]:
    """Yield every value of every table of an SQLite database, but for what was deleted and not yet overwritten.

    Args:
        data: The database's file. What stands in a write-ahead log beside it is searched as a file of its own.
    """
    with closing(sqlite3.connect(":memory:")) as database:
        try:
            # A header that says "write-ahead log" cannot be opened from memory: say "rollback journal" instead.
            database.deserialize(data[:18] + b"\x01\x01" + data[20:])
            database.text_factory = bytes
            names = [row[0] for row in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
            for name in names:
                quoted = name.decode("utf-8", "replace").replace('"', '""')
                for row in database.execute(f'SELECT * FROM "{quoted}"'):  # noqa: S608 - a name of its own, quoted
                    yield from (v if isinstance(v, bytes) else str(v).encode() for v in row if v is not None)
        except sqlite3.Error:
            return
