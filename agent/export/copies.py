"""Copying a file elsewhere so that the copy is proven: written, synced, read back from the disk, and compared."""

from __future__ import annotations

import hashlib
import os
from contextlib import suppress
from io import FileIO
from pathlib import Path

from agent.errors import PreconditionNotMet, VerificationFailed
from agent.export.files import sync_folder, write_all

PIECE_BYTES = 1 << 20
PARTIAL_SUFFIX = ".copying"


def copy_verified(source: Path, destination: Path, sha256: str | None = None) -> str:
    """Copy a file; the copy appears under its name only when it is whole and on stable storage.

    Args:
        source: The file.
        destination: Where the copy goes; one that stands there is replaced.
        sha256: What the digest of the file must be, lower-case hex; None where it is not known.

    Returns:
        The digest.

    Raises:
        PreconditionNotMet: ``backup-unwritable``: it cannot be written.
        VerificationFailed: ``export-unreadable``: the file itself cannot be read; ``backup-differs``: the copy read
            back is not the file.
    """
    partial = destination.with_name(destination.name + PARTIAL_SUFFIX)
    digest = hashlib.sha256()
    try:
        with _reading(source) as original, _writing(partial, destination) as copy:
            while piece := _read(original):
                digest.update(piece)
                _write(copy, piece, destination)
            _sync(copy, destination)
        found = digest.hexdigest()
        if sha256 not in (None, found) or digest_on_disk(partial) != found:
            raise VerificationFailed("backup-differs", path=str(destination))
        try:
            partial.replace(destination)
            sync_folder(destination.parent)
        except OSError as fault:
            raise _unwritable(destination, fault) from None
    except BaseException:
        with suppress(OSError):
            partial.unlink(missing_ok=True)
        raise
    return found


def digest_on_disk(path: Path) -> str | None:
    """Return the SHA-256 of a file as the disk has it, lower-case hex; None where it cannot be read."""
    digest = hashlib.sha256()
    try:
        with path.open("rb", buffering=0) as file:
            if hasattr(os, "posix_fadvise"):
                # From the disk, and not from the system's memory of what was just written.
                os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
            while piece := file.read(PIECE_BYTES):
                digest.update(piece)
    except OSError:
        return None
    return digest.hexdigest()


def _reading(source: Path) -> FileIO:
    try:
        return FileIO(source, "rb")
    except OSError as fault:
        raise VerificationFailed("export-unreadable", why=fault.strerror or type(fault).__name__) from None


def _read(file: FileIO) -> bytes:
    try:
        return file.read(PIECE_BYTES) or b""
    except OSError as fault:
        raise VerificationFailed("export-unreadable", why=fault.strerror or type(fault).__name__) from None


def _writing(partial: Path, destination: Path) -> FileIO:
    try:
        partial.unlink(missing_ok=True)  # of a run that was killed
        return FileIO(partial, "xb")
    except OSError as fault:
        raise _unwritable(destination, fault) from None


def _write(file: FileIO, data: bytes, destination: Path) -> None:
    try:
        write_all(file, data)
    except OSError as fault:
        raise _unwritable(destination, fault) from None


def _sync(file: FileIO, destination: Path) -> None:
    try:
        os.fsync(file.fileno())
    except OSError as fault:
        raise _unwritable(destination, fault) from None


def _unwritable(path: Path, fault: OSError) -> PreconditionNotMet:
    return PreconditionNotMet("backup-unwritable", path=str(path), why=fault.strerror or type(fault).__name__)
