"""The structure of a zip archive, taken strictly: every byte of the file belongs to exactly one thing.

Programs that read zip archives disagree where an archive contradicts itself, and that is how one archive shows an
auditor another bundle than it shows the next. So nothing here is forgiving: the directory and the headers before the
contents must say the same, contents lie side by side without gap or overlap, and nothing stands before or behind them.
Sections are those of PKWARE's APPNOTE.TXT 6.3.10.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from agent.evidence.errors import EvidenceRejected

ReadAt = Callable[[int, int], bytes]
"""Returns so many bytes from an offset; fewer only where the file ends."""

STORED, DEFLATED = 0, 8
MAX_DIRECTORY_BYTES = 65_536

_LOCAL = struct.Struct("<IHHHHHIIIHH")  # 4.3.7
_CENTRAL = struct.Struct("<IHHHHHHIIIHHHHHII")  # 4.3.12
_END = struct.Struct("<IHHHHIIH")  # 4.3.16
_END_64 = struct.Struct("<IQHHIIQQQQ")  # 4.3.14
_LOCATOR_64 = struct.Struct("<IIQI")  # 4.3.15
_LOCAL_MARK, _CENTRAL_MARK, _END_MARK = 0x04034B50, 0x02014B50, 0x06054B50
_END_64_MARK, _LOCATOR_64_MARK, _DESCRIPTOR_MARK = 0x06064B50, 0x07064B50, 0x08074B50
_FULL_16, _FULL_32 = 0xFFFF, 0xFFFFFFFF

_ENCRYPTED = 1 << 0 | 1 << 6 | 1 << 13
_DESCRIPTOR = 1 << 3
_KNOWN_FLAGS = 0b110 | _DESCRIPTOR | 1 << 11
"""Levels of deflate, a descriptor behind the content, names in UTF-8 (4.4.4)."""

ZIP64 = 0x0001
_HARMLESS = frozenset({ZIP64, 0x000A, 0x5455, 0x5855, 0x7855, 0x7875, 0xCAFE})
"""Extra fields of times and owners. Others are not skipped: one can give an entry a second name."""

_KIND_MASK, _KIND_REGULAR, _KIND_FOLDER = 0o170000, 0o100000, 0o040000
_DOS_FOLDER, _DOS_LABEL = 0x10, 0x08
_HOSTS = frozenset({0, 3, 7, 10, 14, 19})
"""FAT, Unix, Macintosh, NTFS, VFAT, Darwin (4.4.2.2): the bits below mean the same, or are not there."""


@dataclass(frozen=True)
class ZipEntry:
    """One entry, as the directory and its own header agree on it.

    Args:
        name: As it stands there.
        folder: Whether it is a folder.
        method: `STORED` or `DEFLATED`.
        crc: CRC-32 of the content.
        packed: Bytes in the archive.
        size: Bytes of the content.
        start: Offset of its header.
        content: Offset of its content.
    """

    name: bytes
    folder: bool
    method: int
    crc: int
    packed: int
    size: int
    start: int
    content: int = 0


@dataclass(frozen=True)
class _Directory:
    entries: int
    size: int
    start: int
    end: int


def read_layout(read_at: ReadAt, size: int, *, max_entries: int) -> tuple[ZipEntry, ...]:
    """Read and check the structure of an archive; no content is unpacked.

    Args:
        read_at: Reads the archive.
        size: Its bytes.
        max_entries: More are refused.

    Returns:
        The entries in the order of the directory.

    Raises:
        EvidenceRejected: ``zip-broken``, ``zip-entries``, ``zip-encrypted``, ``zip-method``, ``zip-special``,
            ``zip-extra``, ``zip-differs`` or ``zip-layout``.
    """
    directory = _read_end(read_at, size)
    if directory.entries > max_entries:
        raise EvidenceRejected("zip-entries", entries=directory.entries, limit=max_entries)
    if directory.size > MAX_DIRECTORY_BYTES:
        raise _broken("directory too long")
    data = _exactly(read_at, directory.start, directory.size)
    entries, flags = _read_directory(data, directory.entries)
    ends = []
    found = []
    for entry, flag in zip(entries, flags, strict=True):
        content, end = _read_header(read_at, entry, flag, directory.start)
        found.append(replace(entry, content=content))
        ends.append((entry.start, end))
    _check_side_by_side(ends, directory.start)
    return tuple(found)


def _broken(why: str) -> EvidenceRejected:
    return EvidenceRejected("zip-broken", why=why)


def _exactly(read_at: ReadAt, offset: int, count: int) -> bytes:
    data = read_at(offset, count)
    if len(data) != count:
        raise _broken("cut off")
    return data


def _read_end(read_at: ReadAt, size: int) -> _Directory:
    """Read the end of the directory, which must be the end of the file: an archive has no comment here."""
    at = size - _END.size
    if at < 0:
        raise _broken("no zip archive")
    mark, disk, first_disk, here, entries, length, start, comment = _END.unpack(_exactly(read_at, at, _END.size))
    if mark != _END_MARK:
        raise _broken("no zip archive, or something behind it")
    if comment:
        raise _broken("comment")
    found = _Directory(entries, length, start, at)
    if _FULL_16 in (disk, first_disk, here, entries) or _FULL_32 in (length, start):
        found = _read_end_64(read_at, at, (disk, first_disk, here, entries, length, start))
    elif (disk, first_disk) != (0, 0) or here != entries:
        raise _broken("several parts")
    if found.start + found.size != found.end:
        raise EvidenceRejected("zip-layout", why="directory")
    return found


def _read_end_64(read_at: ReadAt, at: int, short: tuple[int, ...]) -> _Directory:
    """Read what stands in 64 bits where 16 or 32 are too few; what the short form says too must be the same."""
    locator = at - _LOCATOR_64.size
    end = locator - _END_64.size
    if end < 0:
        raise _broken("zip64")
    mark, disk, where, disks = _LOCATOR_64.unpack(_exactly(read_at, locator, _LOCATOR_64.size))
    if mark != _LOCATOR_64_MARK or (disk, disks) != (0, 1) or where != end:
        raise _broken("zip64")
    row = _END_64.unpack(_exactly(read_at, end, _END_64.size))
    mark, length, _, _, *wide = row
    if mark != _END_64_MARK or length != _END_64.size - 12:
        raise _broken("zip64")
    limits = (_FULL_16,) * 4 + (_FULL_32,) * 2
    for narrow, full, value in zip(short, limits, wide, strict=True):
        if narrow not in (full, value):
            raise EvidenceRejected("zip-differs", file="zip64")
    if wide[0] or wide[1] or wide[2] != wide[3]:
        raise _broken("several parts")
    return _Directory(wide[3], wide[4], wide[5], end)


def _read_directory(data: bytes, count: int) -> tuple[list[ZipEntry], list[int]]:
    entries, flags = [], []
    at = 0
    for _ in range(count):
        if len(data) - at < _CENTRAL.size:
            raise _broken("directory")
        row = _CENTRAL.unpack_from(data, at)
        mark, made_by, _, flag, method, _, _, crc, packed, size, named, extra, comment, disk, _, attributes, start = row
        if mark != _CENTRAL_MARK or comment or disk:
            raise _broken("directory")
        at += _CENTRAL.size
        name, more = data[at : at + named], data[at + named : at + named + extra]
        at += named + extra
        if at > len(data):
            raise _broken("directory")
        shown = ascii(name)[2:-1][:80]
        if flag & _ENCRYPTED:
            raise EvidenceRejected("zip-encrypted", file=shown)
        if flag & ~_KNOWN_FLAGS:
            raise EvidenceRejected("zip-extra", file=shown, what=f"flags {flag:#06x}")
        if method not in (STORED, DEFLATED):
            raise EvidenceRejected("zip-method", file=shown, method=method)
        size, packed, start = _widened(more, shown, (size, packed, start))
        folder = _is_folder(name, made_by >> 8, attributes, shown)
        if (folder and (size or packed or crc or method)) or (method == STORED and packed != size):
            raise EvidenceRejected("zip-differs", file=shown)
        entries.append(ZipEntry(name, folder, method, crc, packed, size, start))
        flags.append(flag)
    if at != len(data):
        raise _broken("directory")
    return entries, flags


def _is_folder(name: bytes, host: int, attributes: int, shown: str) -> bool:
    """Tell folders from files; links, devices and pipes are neither, whatever system they are said to be of."""
    kind = attributes >> 16 & _KIND_MASK
    folder = name.endswith(b"/")
    allowed = (0, _KIND_FOLDER) if folder else (0, _KIND_REGULAR)
    told = bool(attributes & _DOS_FOLDER)
    if kind not in allowed or attributes & _DOS_LABEL or (told and not folder) or host not in _HOSTS:
        raise EvidenceRejected("zip-special", file=shown)
    return folder


def _widened(extra: bytes, shown: str, values: tuple[int, int, int]) -> tuple[int, int, int]:
    """Look through the extra fields, and take from them what is too large for 32 bits (4.5.3)."""
    wide = b""
    seen = set()
    while extra:
        if len(extra) < 4:
            raise EvidenceRejected("zip-extra", file=shown, what="cut off")
        tag, length = struct.unpack_from("<HH", extra)
        if tag not in _HARMLESS or tag in seen or len(extra) < 4 + length:
            raise EvidenceRejected("zip-extra", file=shown, what=f"field {tag:#06x}")
        seen.add(tag)
        if tag == ZIP64:
            wide = extra[4 : 4 + length]
        extra = extra[4 + length :]
    found = []
    for value in values:
        if value == _FULL_32:
            if len(wide) < 8:
                raise _broken("zip64")
            value = int.from_bytes(wide[:8], "little")
            wide = wide[8:]
        found.append(value)
    if wide:
        raise EvidenceRejected("zip-differs", file=shown)
    size, packed, start = found
    return size, packed, start


def _read_header(read_at: ReadAt, entry: ZipEntry, flag: int, limit: int) -> tuple[int, int]:
    """Hold the header before a content against the directory.

    Returns:
        Where the content begins, and where the entry ends.
    """
    shown = ascii(entry.name)[2:-1][:80]
    if entry.start + _LOCAL.size > limit:
        raise EvidenceRejected("zip-layout", why=shown)
    row = _LOCAL.unpack(_exactly(read_at, entry.start, _LOCAL.size))
    mark, _, own_flag, method, _, _, crc, packed, size, named, extra = row
    if mark != _LOCAL_MARK:
        raise _broken("header")
    rest = _exactly(read_at, entry.start + _LOCAL.size, named + extra)
    if (rest[:named], own_flag, method) != (entry.name, flag, entry.method):
        raise EvidenceRejected("zip-differs", file=shown)
    size, packed = _local_sizes(rest[named:], shown, size, packed)
    expected = (entry.crc, entry.packed, entry.size)
    later = flag & _DESCRIPTOR
    if (crc, packed, size) != expected and not (later and (crc, packed, size) == (0, 0, 0)):
        raise EvidenceRejected("zip-differs", file=shown)
    content = entry.start + _LOCAL.size + named + extra
    end = content + entry.packed
    if end > limit:
        raise EvidenceRejected("zip-layout", why=shown)
    return content, end + _descriptor_bytes(read_at, end, limit, expected, shown) if later else end


def _local_sizes(extra: bytes, shown: str, size: int, packed: int) -> tuple[int, int]:
    """Take the sizes of a header; with zip64 both stand there, or neither (4.5.3)."""
    if ZIP64 not in _tags(extra) or _FULL_32 in (size, packed):
        size, packed, _ = _widened(extra, shown, (size, packed, 0))
        return size, packed
    wide_size, wide_packed, _ = _widened(extra, shown, (_FULL_32, _FULL_32, 0))
    # Written before the size was known: room for it, as zeros, or what it came to.
    if (wide_size, wide_packed) not in ((0, 0), (size, packed)):
        raise EvidenceRejected("zip-differs", file=shown)
    return size, packed


def _tags(extra: bytes) -> Iterable[int]:
    while len(extra) >= 4:
        tag, length = struct.unpack_from("<HH", extra)
        yield tag
        extra = extra[4 + length :]


def _descriptor_bytes(read_at: ReadAt, at: int, limit: int, expected: tuple[int, int, int], shown: str) -> int:
    """Return how long the descriptor behind a content is, which must say what the directory says (4.3.9)."""
    mark = struct.pack("<I", _DESCRIPTOR_MARK)
    data = read_at(at, min(24, max(limit - at, 0)))
    crc, packed, size = expected
    bodies = [struct.pack("<IQQ", crc, packed, size)]
    if max(packed, size) <= _FULL_32:
        bodies.append(struct.pack("<III", crc, packed, size))
    for form in (lead + body for lead in (mark, b"") for body in bodies):
        # Which of the four forms it is, is told by what lies behind: the next header, or the directory.
        behind = data[len(form) : len(form) + 2] if len(data) > len(form) + 1 else b"PK"
        if data.startswith(form) and behind == b"PK":
            return len(form)
    raise EvidenceRejected("zip-differs", file=shown)


def _check_side_by_side(spans: list[tuple[int, int]], limit: int) -> None:
    """Entries lie side by side from the first byte to the directory: none overlaps, and nothing lies between."""
    at = 0
    for start, end in sorted(spans):
        if start != at:
            raise EvidenceRejected("zip-layout", why=str(at))
        at = end
    if at != limit:
        raise EvidenceRejected("zip-layout", why=str(at))
