"""Block 0: what it says and what it must not say."""

from __future__ import annotations

import pytest

from protocols.errors import LocalProtocolError, RemoteProtocolError
from protocols.ymodem.header import FileHeader, build_header, parse_header
from tests.protocols.inputs import parsers


def test_it_holds_name_and_length_and_nothing_else() -> None:
    assert build_header(FileHeader(b"journal", 38400)) == b"journal\x0038400".ljust(128, b"\0")


def test_without_a_name_it_ends_the_batch() -> None:
    assert build_header(FileHeader(b"")) == bytes(128)
    assert parse_header(bytes(128)) == FileHeader(b"")


@pytest.mark.parametrize("name", [b"a", b"a" * 120, b"a" * 127, b"a" * 1000])
@pytest.mark.parametrize("length", [None, 0, 1, 10**17])
def test_it_is_read_as_it_was_built(name: bytes, length: int | None) -> None:
    header = FileHeader(name, length)
    data = build_header(header)
    assert len(data) in (128, 1024)
    assert parse_header(data) == header


def test_more_fields_than_the_length_are_ignored() -> None:
    data = b"bbcsched.txt\x006347 3314742513 100644 0 1 6347".ljust(128, b"\0")  # section 5, figure 6, and two more
    assert parse_header(data) == FileHeader(b"bbcsched.txt", 6347)


@pytest.mark.parametrize(
    "data",
    [b"n" * 128, b"n\0-1", b"n\x000x10", b"n\x001.5", b"n\0" + b"9" * 19, b"n\0\xff\xff"],
)
def test_i10_other_data_ends_in_the_documented_error(data: bytes) -> None:
    with pytest.raises(RemoteProtocolError):
        parse_header(data)


def test_an_empty_length_is_one_that_is_not_said() -> None:
    assert parse_header(b"n\0 3314742513") == FileHeader(b"n")


@pytest.mark.parametrize("name", [b"a b", b"a\0b", b"a" * 1024])
def test_a_name_that_does_not_go_into_it(name: bytes) -> None:
    with pytest.raises(LocalProtocolError):
        build_header(FileHeader(name, 1))


def test_it_is_among_the_parsers_that_get_garbage() -> None:
    assert "YMODEM block 0" in {parser.name for parser in parsers()}
