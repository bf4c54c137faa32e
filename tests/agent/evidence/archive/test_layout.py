"""The structure of archives: what every reader would read alike, and nothing else."""

from __future__ import annotations

from functools import partial

import pytest

from agent.evidence.archive.layout import read_layout
from tests.agent.evidence.archives import (
    FILES,
    HOSTILE,
    M,
    Member,
    archive,
    as_zip64,
    by_zipfile,
    changed,
    deflated,
    descriptor,
    field,
    reader,
    refused_with,
)

UNPACKED = frozenset({"zip-size", "zip-checksum", "zip-path", "zip-duplicate", "zip-folders", "zip-bomb"})
"""What is looked at once the structure is known to be sound."""


def layout(data: bytes):
    return read_layout(reader(data), len(data), max_entries=15)


def test_entries_are_found_where_they_are() -> None:
    entries = layout(archive(M))
    assert [entry.name.decode() for entry in entries] == list(FILES)
    assert [entry.size for entry in entries] == [len(data) for data in FILES.values()]
    data = archive(M)
    assert all(data[e.content : e.content + e.packed] == deflated(FILES[e.name.decode()]) for e in entries)


@pytest.mark.parametrize("name", [name for name, (_, code) in HOSTILE.items() if code.startswith("zip-")])
def test_what_contradicts_itself_is_refused(name: str) -> None:
    data, code = HOSTILE[name]
    assert refused_with(lambda: layout(data)) == ("" if code in UNPACKED else code)


@pytest.mark.parametrize("piped", [False, True])
@pytest.mark.parametrize("zip64", [False, True])
def test_what_others_write_is_taken(piped: bool, zip64: bool) -> None:
    assert len(layout(by_zipfile(FILES, "R1/", piped=piped, zip64=zip64))) == len(FILES)


@pytest.mark.parametrize("mark", [False, True])
@pytest.mark.parametrize("wide", [False, True])
@pytest.mark.parametrize("at", [0, 2])
def test_all_four_descriptors_are_known(mark: bool, wide: bool, at: int) -> None:
    behind = descriptor(M[at].data, len(deflated(M[at].data)), mark=mark, wide=wide)
    members = changed(M, at, flags=8, local=(("crc", 0), ("packed", 0), ("size", 0)), behind=behind)
    assert len(layout(archive(members))) == len(FILES)


def test_the_end_in_64_bits_is_known() -> None:
    assert layout(as_zip64(archive(M))) == layout(archive(M))


def test_times_and_owners_do_no_harm() -> None:
    members = changed(M, 1, extra=field(0x5455, b"\1abcd"), local_extra=field(0x7875, b"\1\4abcd\4abcd"))
    assert len(layout(archive(members))) == len(FILES)


def test_a_folder_is_told_from_a_file() -> None:
    entries = layout(archive([Member(b"R1/", method=0, attributes=0o40755 << 16 | 0x10)]))
    assert [entry.folder for entry in entries] == [True]


def test_i10_every_cut_is_refused() -> None:
    data = archive(M)
    cuts = (data[:end] for end in range(len(data)))
    assert {refused_with(partial(layout, cut)) for cut in cuts} == {"zip-broken"}
