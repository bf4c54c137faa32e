"""A bundle in a zip archive: looked through before anything in it is unpacked, and never written to disk."""

from __future__ import annotations

import hashlib
import os
import re
import zlib
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from agent.errors import UsageFault
from agent.evidence.archive.layout import DEFLATED, ReadAt, ZipEntry, read_layout
from agent.evidence.bundle import EXPORT, EXPORT_HEAD_BYTES, SIZE_LIMITS, BundleFiles, read_bundle
from agent.evidence.errors import EvidenceRejected
from agent.evidence.files import PIECE_BYTES, FileRead, opened

ENDING = ".zip"
MAX_RATIO = 200
"""The most that a file of a bundle may be smaller in the archive; journals of thousands of like lines reach 30."""

MAX_EXPORT_RATIO = 2
"""The same for the export: what is encrypted cannot be packed."""

SMALL_BYTES = 1 << 20
"""Of smaller files the ratio does not matter."""

_FOLDER = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}")
_DRIVE = re.compile(r"[A-Za-z]:")


def open_bundle(path: Path) -> BundleFiles:
    """Read a bundle, be it a folder or an archive of one.

    Args:
        path: The folder or the archive.

    Raises:
        UsageFault: ``bundle-unreadable``: there is neither.
        EvidenceRejected: As `read_zip` and `agent.evidence.bundle.read_bundle`.
    """
    return read_zip(path.resolve()) if path.is_file() else read_bundle(path)


def read_zip(path: Path) -> BundleFiles:
    """Read a bundle out of an archive: its files at the top, or in one folder.

    Args:
        path: The archive.

    Raises:
        UsageFault: ``bundle-unreadable``: there is no such file.
        EvidenceRejected: ``zip-…``: the archive is not one that a bundle may come in; or ``file-…`` as from
            `agent.evidence.bundle.read_bundle`.
    """
    try:
        with opened(path) as handle:
            size = os.fstat(handle).st_size

            def read_at(offset: int, count: int) -> bytes:
                os.lseek(handle, offset, os.SEEK_SET)
                return b"".join(_pieces(handle, count))

            return read_archive(read_at, size)
    except OSError as fault:
        raise UsageFault("bundle-unreadable", path=str(path), why=fault.strerror or "") from None


def read_archive(read_at: ReadAt, size: int) -> BundleFiles:
    """Read a bundle out of an archive, wherever that is.

    Args:
        read_at: Reads the archive: offset and number of bytes.
        size: Its bytes.

    Raises:
        EvidenceRejected: As `read_zip`.
    """
    entries = read_layout(read_at, size, max_entries=len(SIZE_LIMITS) + 1)
    chosen = _by_name(entries)
    for name, entry in chosen.items():
        _check_size(name, entry)
    return BundleFiles({name: _unpack(read_at, name, chosen[name]) for name in sorted(chosen)})


def _pieces(handle: int, count: int) -> Iterator[bytes]:
    while count > 0 and (piece := os.read(handle, min(count, PIECE_BYTES))):
        count -= len(piece)
        yield piece


def _by_name(entries: tuple[ZipEntry, ...]) -> dict[str, ZipEntry]:
    """Tell which entry is which file, refusing names that lead out of the folder or stand there twice."""
    shown = [ascii(entry.name)[2:-1][:80] for entry in entries]
    names = [_safe_name(entry.name, text) for entry, text in zip(entries, shown, strict=True)]
    seen = set()
    for name, text in zip(names, shown, strict=True):
        # On many systems Job.json and job.json are one file.
        if name.rstrip("/").casefold() in seen:
            raise EvidenceRejected("zip-duplicate", file=text)
        seen.add(name.rstrip("/").casefold())
    folders = {name.partition("/")[0] if "/" in name else "" for name in names}
    if len(folders) > 1:
        raise EvidenceRejected("zip-folders")
    folder = next(iter(folders), "")
    if folder and not _FOLDER.fullmatch(folder):
        raise EvidenceRejected("zip-path", file=ascii(folder)[1:-1][:80])
    chosen = {}
    for name, entry, text in zip(names, entries, shown, strict=True):
        inner = name.removeprefix(f"{folder}/") if folder else name
        if entry.folder and not inner:
            continue
        if entry.folder or inner not in SIZE_LIMITS:
            raise EvidenceRejected("file-unknown", file=text)
        chosen[inner] = entry
    return chosen


def _safe_name(raw: bytes, shown: str) -> str:
    try:
        name = raw.decode("utf-8")
    except UnicodeDecodeError:
        raise EvidenceRejected("zip-path", file=shown) from None
    parts = name.removesuffix("/").split("/")
    if (
        not name.isprintable()
        or "\\" in name
        or _DRIVE.match(name)
        or PurePosixPath(name).is_absolute()
        or any(part in ("", ".", "..") for part in parts)
    ):
        raise EvidenceRejected("zip-path", file=shown)
    return name


def _check_size(name: str, entry: ZipEntry) -> None:
    if entry.size > SIZE_LIMITS[name]:
        raise EvidenceRejected("file-too-large", file=name, limit=SIZE_LIMITS[name])
    ratio = MAX_EXPORT_RATIO if name == EXPORT else MAX_RATIO
    if entry.size > SMALL_BYTES and entry.size > entry.packed * ratio:
        raise EvidenceRejected("zip-bomb", file=name, size=entry.size, packed=entry.packed)


def _unpack(read_at: ReadAt, name: str, entry: ZipEntry) -> FileRead:
    """Unpack one file, never further than it said that it goes."""
    keep = EXPORT_HEAD_BYTES if name == EXPORT else entry.size
    digest = hashlib.sha256()
    head = bytearray()
    size = crc = 0
    for piece in _inflated(read_at, name, entry) if entry.method == DEFLATED else _stored(read_at, entry):
        size += len(piece)
        digest.update(piece)
        crc = zlib.crc32(piece, crc)
        if len(head) < keep:
            head += piece[: keep - len(head)]
    if size != entry.size:
        raise EvidenceRejected("zip-size", file=name)
    if crc != entry.crc:
        raise EvidenceRejected("zip-checksum", file=name)
    return FileRead(size, digest.hexdigest(), bytes(head))


def _stored(read_at: ReadAt, entry: ZipEntry) -> Iterator[bytes]:
    for offset in range(0, entry.packed, PIECE_BYTES):
        yield read_at(entry.content + offset, min(PIECE_BYTES, entry.packed - offset))


def _inflated(read_at: ReadAt, name: str, entry: ZipEntry) -> Iterator[bytes]:
    stream = zlib.decompressobj(-zlib.MAX_WBITS)
    left = entry.size
    for packed in _stored(read_at, entry):
        waiting = packed
        while waiting and not stream.eof:
            try:
                # One byte more than there may be, so that a stream which goes on is noticed and not followed.
                piece = stream.decompress(waiting, min(PIECE_BYTES, left + 1))
            except zlib.error:
                raise EvidenceRejected("zip-size", file=name) from None
            left -= len(piece)
            if left < 0:
                raise EvidenceRejected("zip-size", file=name)
            yield piece
            waiting = stream.unconsumed_tail
        if stream.unused_data or (stream.eof and waiting):
            raise EvidenceRejected("zip-size", file=name)
    if not stream.eof:
        raise EvidenceRejected("zip-size", file=name)
