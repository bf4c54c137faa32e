"""Files of evidence: written so that they survive a power cut, read without following what an attacker laid out."""

from __future__ import annotations

import errno
import hashlib
import os
import secrets
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from agent.evidence.errors import EvidenceRejected

PIECE_BYTES = 1 << 20
TEMPORARY = ".tmp-"
"""What the name of a file begins with until it is whole."""

# Not on every platform: Windows has neither, and has its own way with binary files.
_SAFE_READ = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
_EXCLUSIVE = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
_NO_LINKS = frozenset({errno.EPERM, errno.EINVAL, errno.ENOSYS, errno.ENOTSUP, errno.EOPNOTSUPP})
"""What a file system without hard links says, FAT for one."""


@dataclass(frozen=True)
class FileRead:
    """A file as read once from its start to its end.

    Args:
        size: Its bytes.
        sha256: Digest of all of them, lower-case hex.
        head: The first of them, as many as were asked for.
    """

    size: int
    sha256: str
    head: bytes


def sync_folder(folder: Path) -> None:
    """Put a folder's entries on stable storage (POSIX; elsewhere a folder cannot be opened for it)."""
    if os.name != "posix":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def write_new(path: Path, data: bytes, mode: int = 0o644) -> None:
    """Write a new file whole or not at all, never over an old one: of several writers, one wins.

    Args:
        path: Where.
        data: What.
        mode: Its permissions.

    Raises:
        FileExistsError: There is one; it stays as it is.
        OSError: It cannot be written.
    """
    beside = path.with_name(f"{TEMPORARY}{path.name}-{secrets.token_hex(8)}")
    try:
        _write_exclusive(beside, data, mode)
        try:
            os.link(beside, path)  # unlike a rename, never over another
        except OSError as fault:
            if fault.errno not in _NO_LINKS:
                raise
            _write_exclusive(path, data, mode)
    finally:
        beside.unlink(missing_ok=True)
    sync_folder(path.parent)


def write_private(path: Path, data: bytes) -> None:
    """Write a new file that its owner alone may read (0600), as `write_new` does.

    Raises:
        FileExistsError: There is one.
        OSError: It cannot be written.
    """
    write_new(path, data, 0o600)


def write_durable(path: Path, data: bytes) -> None:
    """Write a file whole or not at all: beside it, synced, then renamed into its place.

    Raises:
        OSError: It cannot be written; what was there before stays.
    """
    beside = path.with_name(TEMPORARY + path.name)
    beside.unlink(missing_ok=True)
    _write_exclusive(beside, data, 0o644)
    beside.replace(path)
    sync_folder(path.parent)


def _write_exclusive(path: Path, data: bytes, mode: int) -> None:
    with os.fdopen(os.open(path, _EXCLUSIVE, mode), "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


@contextmanager
def opened(path: Path) -> Iterator[int]:
    """Open a regular file for reading: no symbolic link, pipe or device.

    Raises:
        EvidenceRejected: ``file-kind``: it is no regular file.
        OSError: It cannot be opened.
    """
    if path.is_symlink():
        raise EvidenceRejected("file-kind", file=path.name)
    handle = os.open(path, _SAFE_READ)
    try:
        if not stat.S_ISREG(os.fstat(handle).st_mode):
            raise EvidenceRejected("file-kind", file=path.name)
        yield handle
    finally:
        os.close(handle)


def read_file(path: Path, *, max_bytes: int, head_bytes: int | None = None) -> FileRead:
    """Read a file once, hashing it on the way.

    Args:
        path: The file.
        max_bytes: A longer one is refused.
        head_bytes: How much of its start is kept; None for all of it.

    Raises:
        EvidenceRejected: ``file-kind``, or ``file-too-large``.
        OSError: It cannot be read.
    """
    keep = max_bytes if head_bytes is None else head_bytes
    digest = hashlib.sha256()
    head = bytearray()
    size = 0
    with opened(path) as handle:
        while piece := os.read(handle, PIECE_BYTES):
            size += len(piece)
            if size > max_bytes:
                raise EvidenceRejected("file-too-large", file=path.name, limit=max_bytes)
            digest.update(piece)
            if len(head) < keep:
                head += piece[: keep - len(head)]
    return FileRead(size, digest.hexdigest(), bytes(head))
