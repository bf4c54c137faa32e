"""Zip archives laid out by hand, so that each part can lie for itself (APPNOTE.TXT 6.3.10)."""

from __future__ import annotations

import dataclasses
import io
import struct
import zipfile
import zlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from agent.evidence.errors import EvidenceRejected

SYMLINK, PIPE = 0o120777 << 16, 0o010644 << 16


@dataclass(frozen=True)
class Member:
    """One entry; what the header and the directory say is made of the data unless something else is given."""

    name: bytes
    data: bytes = b""
    method: int = 8
    flags: int = 0
    made_by: int = 3 << 8
    attributes: int = 0o100644 << 16
    extra: bytes = b""
    local_extra: bytes = b""
    local: tuple[tuple[str, Any], ...] = ()  # what the header says otherwise
    central: tuple[tuple[str, Any], ...] = ()  # what the directory says otherwise
    packed: bytes | None = None
    before: bytes = b""
    behind: bytes = b""  # a descriptor, or what is hidden


def deflated(data: bytes) -> bytes:
    packer = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    return packer.compress(data) + packer.flush()


def archive(members: Sequence[Member], *, comment: bytes = b"", behind: bytes = b"", **end: int) -> bytes:
    """Lay out an archive."""
    out = bytearray()
    directory = bytearray()
    for member in members:
        packed = member.packed
        if packed is None:
            packed = deflated(member.data) if member.method == 8 else member.data
        true = {
            "name": member.name,
            "flags": member.flags,
            "method": member.method,
            "crc": zlib.crc32(member.data),
            "packed": len(packed),
            "size": len(member.data),
            "start": len(out) + len(member.before),
            "comment": b"",
            "disk": 0,
        }
        said, told = {**true, **dict(member.local)}, {**true, **dict(member.central)}
        out += member.before
        out += struct.pack(
            "<IHHHHHIIIHH",
            0x04034B50,
            20,
            said["flags"],
            said["method"],
            0,
            33,
            said["crc"],
            said["packed"],
            said["size"],
            len(said["name"]),
            len(member.local_extra),
        )
        out += said["name"] + member.local_extra + packed + member.behind
        directory += struct.pack(
            "<IHHHHHHIIIHHHHHII",
            0x02014B50,
            member.made_by | 20,
            20,
            told["flags"],
            told["method"],
            0,
            33,
            told["crc"],
            told["packed"],
            told["size"],
            len(told["name"]),
            len(member.extra),
            len(told["comment"]),
            told["disk"],
            0,
            member.attributes,
            told["start"],
        )
        directory += told["name"] + member.extra + told["comment"]
    count = len(members)
    ends = {"disk": 0, "first": 0, "here": count, "count": count, "size": len(directory), "start": len(out), **end}
    tail = struct.pack("<IHHHHIIH", 0x06054B50, *ends.values(), len(comment))
    return bytes(out + directory + tail + comment + behind)


def members_of(files: Mapping[str, bytes], folder: str = "") -> list[Member]:
    return [Member(f"{folder}{name}".encode(), data) for name, data in files.items()]


def changed(members: Sequence[Member], at: int, **changes: Any) -> list[Member]:
    return [dataclasses.replace(each, **changes) if number == at else each for number, each in enumerate(members)]


def descriptor(data: bytes, packed: int, *, mark: bool = True, wide: bool = False) -> bytes:
    body = struct.pack("<IQQ" if wide else "<III", zlib.crc32(data), packed, len(data))
    return (b"PK\x07\x08" if mark else b"") + body


def field(tag: int, body: bytes) -> bytes:
    return struct.pack("<HH", tag, len(body)) + body


class Unseekable(io.RawIOBase):
    """A sink that cannot go back, as a pipe: sizes then stand behind the contents."""

    def __init__(self) -> None:
        self.data = bytearray()

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        self.data += bytes(data)
        return len(data)


def by_zipfile(files: Mapping[str, bytes], folder: str = "", *, piped: bool = False, zip64: bool = False) -> bytes:
    """Have Python's own module make an archive."""
    sink: Any = Unseekable() if piped else io.BytesIO()
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED) as made:
        for name, data in files.items():
            with made.open(zipfile.ZipInfo(folder + name), "w", force_zip64=zip64) as file:
                file.write(data)
    return bytes(sink.data if piped else sink.getvalue())


def reader(data: bytes) -> Callable[[int, int], bytes]:
    """Read an archive in memory."""
    return lambda offset, count: data[offset : offset + count]


def as_zip64(data: bytes, **lies: int) -> bytes:
    """Give an archive the end in 64 bits, with lies in its fields where they are given."""
    end = data[-22:]
    _, _, _, _, count, size, start, _ = struct.unpack("<IHHHHIIH", end)
    row = {"length": 44, "disk": 0, "first": 0, "here": count, "count": count, "size": size, "start": start, **lies}
    where = row.pop("where", len(data) - 22)
    length, disk, first, here, count_said, size_said, start_said = row.values()
    wide = struct.pack("<IQHHIIQQQQ", 0x06064B50, length, 45, 45, disk, first, here, count_said, size_said, start_said)
    locator = struct.pack("<IIQI", 0x07064B50, 0, where, 1)
    short = struct.pack("<IHHHHIIH", 0x06054B50, 0, 0, count, count, size, 0xFFFFFFFF, 0)
    return data[:-22] + wide + locator + short


FILES: dict[str, bytes] = {
    "job.json": b'{"a":1}' * 40,
    "export.age": bytes(range(256)) * 4,
    "statement.dsse.json": b"{}" * 500,
}
M = members_of(FILES)


def hostile(files: Mapping[str, bytes]) -> dict[str, tuple[bytes, str]]:
    """Lay out archives that no bundle may come in, each with the code that refuses it.

    Args:
        files: What is in them; ``job.json`` and ``export.age`` first.
    """
    rows = members_of(files)
    last = len(rows) - 1
    packed = deflated(rows[0].data)
    zeros = deflated(bytes(3 << 20))
    return {
        # Names that lead elsewhere.
        "traversal": (archive(changed(rows, 0, name=b"../job.json")), "zip-path"),
        "traversal inside": (archive(members_of(files, "R1/../")), "zip-path"),
        "absolute": (archive(changed(rows, 0, name=b"/job.json")), "zip-path"),
        "drive letter": (archive(changed(rows, 0, name=b"C:job.json")), "zip-path"),
        "backslash": (archive(changed(rows, 0, name=b"..\\job.json")), "zip-path"),
        "dot": (archive(changed(rows, 0, name=b"./job.json")), "zip-path"),
        "empty name": (archive(changed(rows, 0, name=b"")), "zip-path"),
        "NUL in a name": (archive(changed(rows, 0, name=b"job.json\0.txt")), "zip-path"),
        "name that is no UTF-8": (archive(changed(rows, 0, name=b"job\xff.json")), "zip-path"),
        "odd name of the folder": (archive(members_of(files, "a b/")), "zip-path"),
        # Names twice, or of nothing that belongs here.
        "name twice": (archive([*rows, rows[0]]), "zip-duplicate"),
        "name twice, in other letters": (archive([*rows, Member(b"JOB.JSON", b"x")]), "zip-duplicate"),
        "folder and file of one name": (
            archive([*rows, Member(b"job.json/", method=0, attributes=0)]),
            "zip-duplicate",
        ),
        "unknown name": (archive([*rows, Member(b"notes.txt", b"x")]), "file-unknown"),
        "known name in other letters": (archive(changed(rows, 0, name=b"Job.json")), "file-unknown"),
        "file in a folder of the folder": (archive(members_of(files, "R1/x/")), "file-unknown"),
        "two folders": (archive([*members_of(files, "R1/"), Member(b"R2/job.json", b"x")]), "zip-folders"),
        "folder beside files": (archive([*rows, Member(b"R1/job.json", b"x")]), "zip-folders"),
        # Links and devices.
        "symbolic link": (archive(changed(rows, 0, attributes=SYMLINK)), "zip-special"),
        "symbolic link of an odd system": (archive(changed(rows, 0, attributes=SYMLINK, made_by=0)), "zip-special"),
        "pipe": (archive(changed(rows, 0, attributes=PIPE)), "zip-special"),
        "file that is called a folder": (archive(changed(rows, 0, attributes=0x10)), "zip-special"),
        "folder with content": (archive([Member(b"R1/", b"x", method=0, attributes=0x10)]), "zip-differs"),
        "system that is not known": (archive(changed(rows, 0, made_by=2 << 8)), "zip-special"),
        # Not to be read.
        "encrypted": (archive(changed(rows, 0, flags=1)), "zip-encrypted"),
        "encrypted, strongly": (archive(changed(rows, 0, flags=1 << 6)), "zip-encrypted"),
        "directory encrypted": (archive(changed(rows, 0, flags=1 << 13)), "zip-encrypted"),
        "flag that is not known": (archive(changed(rows, 0, flags=1 << 5)), "zip-extra"),
        "bzip2": (archive(changed(rows, 0, method=12, packed=b"x")), "zip-method"),
        "AES of a packer": (archive(changed(rows, 0, method=99, packed=b"x")), "zip-method"),
        "second name in an extra field": (
            archive(changed(rows, 0, extra=field(0x7075, b"\1\0\0\0\0export.age"))),
            "zip-extra",
        ),
        "extra field twice": (archive(changed(rows, 0, extra=field(0x5455, b"") * 2)), "zip-extra"),
        "extra field cut off": (archive(changed(rows, 0, extra=b"\x55\x54\xff\0")), "zip-extra"),
        # Bombs.
        "export that grows": (archive([Member(b"export.age", bytes(3 << 20), packed=zeros)]), "zip-bomb"),
        "journal that grows": (archive([Member(b"journal.jsonl", bytes(3 << 20), packed=zeros)]), "zip-bomb"),
        "larger than allowed": (
            archive([Member(b"job.json", b"x", central=(("size", 1 << 30),), local=(("size", 1 << 30),))]),
            "file-too-large",
        ),
        "grows further than it says": (
            archive([Member(b"job.json", b"x", packed=zeros)]),
            "zip-size",
        ),
        "shorter than it says": (archive(changed(rows, 0, packed=deflated(b"short"))), "zip-size"),
        "bytes behind the stream": (archive(changed(rows, 0, packed=packed + b"hidden")), "zip-size"),
        "stream cut off": (archive(changed(rows, 0, packed=packed[:-2])), "zip-size"),
        "stream broken": (archive(changed(rows, 0, packed=b"\xff" * 20)), "zip-size"),
        "checksum": (archive(changed(rows, 0, local=(("crc", 1),), central=(("crc", 1),))), "zip-checksum"),
        "contents that overlap": (
            archive(changed(rows, 1, central=(("start", 0), ("name", b"job.json")), name=b"job.json")),
            "zip-differs",
        ),
        "two entries of one content": (
            archive([rows[0], Member(b"export.age", b"", packed=b"", method=0, local=(), central=(("start", 0),))]),
            "zip-differs",
        ),
        "content in another's": (
            archive(
                [
                    Member(b"export.age", archive([rows[0]])[: -(46 + 8 + 22)], method=0),
                    dataclasses.replace(rows[0], before=b"", central=(("start", 30 + 10),)),
                ]
            ),
            "zip-layout",
        ),
        "more entries than a bundle has": (archive([Member(b"%d" % n) for n in range(40)]), "zip-entries"),
        "more entries than are counted": (archive(rows, here=last, count=last), "zip-broken"),
        "fewer entries than are counted": (archive(rows, here=last + 2, count=last + 2), "zip-broken"),
        # Header and directory disagree.
        "other name in the header": (archive(changed(rows, 0, local=(("name", b"JOB.json"),))), "zip-differs"),
        "other size in the header": (archive(changed(rows, 0, local=(("size", 3),))), "zip-differs"),
        "other method in the header": (archive(changed(rows, 0, local=(("method", 0),))), "zip-differs"),
        "other checksum in the header": (archive(changed(rows, 0, local=(("crc", 3),))), "zip-differs"),
        "encrypted in the header alone": (archive(changed(rows, 0, local=(("flags", 1),))), "zip-differs"),
        "second name in the header alone": (archive(changed(rows, 0, local_extra=field(0x7075, b"x"))), "zip-extra"),
        "stored, and of another size": (archive(changed(rows, 0, method=0, central=(("size", 1),))), "zip-differs"),
        "descriptor of another size": (
            archive(
                changed(
                    rows,
                    0,
                    flags=8,
                    local=(("crc", 0), ("packed", 0), ("size", 0)),
                    behind=descriptor(rows[0].data, len(packed) + 1),
                )
            ),
            "zip-differs",
        ),
        "descriptor missing": (
            archive(changed(rows, 0, flags=8, local=(("crc", 0), ("packed", 0), ("size", 0)))),
            "zip-differs",
        ),
        "header elsewhere": (archive(changed(rows, 0, central=(("start", 5),))), "zip-broken"),
        "header behind the end": (archive(changed(rows, 0, central=(("start", 1 << 30),))), "zip-layout"),
        "content behind the end": (
            archive(changed(rows, last, local=(("packed", 1 << 20),), central=(("packed", 1 << 20),))),
            "zip-layout",
        ),
        # Before, between, behind.
        "something before it": (b"MZ" + archive(rows), "zip-layout"),
        "something before it, offsets adjusted": (archive(changed(rows, 0, before=b"#!/bin/sh\n")), "zip-layout"),
        "something between": (archive(changed(rows, 1, before=b"hidden")), "zip-layout"),
        "something before the directory": (archive(changed(rows, last, behind=b"hidden")), "zip-layout"),
        "something behind it": (archive(rows, behind=b"hidden"), "zip-broken"),
        "second archive behind it": (archive(rows) + archive(rows[:1]), "zip-layout"),
        "comment": (archive(rows, comment=b"hello"), "zip-broken"),
        "comment of an entry": (archive(changed(rows, 0, central=(("comment", b"hello"),))), "zip-broken"),
        "cut off": (archive(rows)[:-1], "zip-broken"),
        "begins later": (archive(rows)[1:], "zip-layout"),
        "empty file": (b"", "zip-broken"),
        "no zip": (b"%PDF-1.7 " * 50, "zip-broken"),
        "several parts": (archive(rows, disk=1), "zip-broken"),
        "entry of another part": (archive(changed(rows, 0, central=(("disk", 1),))), "zip-broken"),
        "directory longer than it is": (archive(rows, size=1 << 24), "zip-layout"),
        "directory longer than it may be": (archive([Member(b"x" * 40_000), Member(b"y" * 40_000)]), "zip-broken"),
        # zip64.
        "zip64 named and not there": (archive(rows, start=0xFFFFFFFF), "zip-broken"),
        "zip64 with another count": (as_zip64(archive(rows), count=last, here=last), "zip-differs"),
        "zip64 with another size": (as_zip64(archive(rows), size=3), "zip-differs"),
        "zip64 that points elsewhere": (as_zip64(archive(rows), where=0), "zip-broken"),
        "zip64 with another start": (as_zip64(archive(rows), start=1 << 40), "zip-layout"),
        "zip64 with more behind it": (as_zip64(archive(rows), length=60), "zip-broken"),
        "zip64 of several parts": (as_zip64(archive(rows), here=1), "zip-differs"),
        "zip64 size of 2^63 in an entry": (
            archive(
                changed(
                    rows,
                    0,
                    extra=field(1, struct.pack("<Q", 1 << 63)),
                    local_extra=field(1, struct.pack("<QQ", 1 << 63, len(packed))),
                    central=(("size", 0xFFFFFFFF),),
                    local=(("size", 0xFFFFFFFF), ("packed", 0xFFFFFFFF)),
                )
            ),
            "file-too-large",
        ),
        "zip64 field that is not asked for": (archive(changed(rows, 0, extra=field(1, bytes(8)))), "zip-differs"),
        "zip64 field that is missing": (archive(changed(rows, 0, central=(("size", 0xFFFFFFFF),))), "zip-broken"),
        "zip64 sizes that differ in the header": (
            archive(changed(rows, 0, local_extra=field(1, struct.pack("<QQ", 5, 5)))),
            "zip-differs",
        ),
    }


HOSTILE = hostile(FILES)


def refused_with(read: Callable[[], Any]) -> str:
    """Return the code that something is refused with, or an empty text."""
    try:
        read()
    except EvidenceRejected as fault:
        return fault.code
    return ""
