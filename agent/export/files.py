"""Writing beside the destination so that it either stands there whole and durable, or a documented error says why."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from io import FileIO
from pathlib import Path

from agent.errors import PreconditionNotMet

_NO_ROOM = frozenset({errno.ENOSPC, errno.EFBIG, *([errno.EDQUOT] if hasattr(errno, "EDQUOT") else [])})


@contextmanager
def destination_faults(path: Path) -> Iterator[None]:
    """Turn what the file system refuses into the documented errors.

    Args:
        path: What was being written, for the error.

    Raises:
        PreconditionNotMet: ``disk-full`` (also a quota or the file system's largest file) or
            ``destination-unwritable``.
    """
    try:
        yield
    except OSError as fault:
        if fault.errno in _NO_ROOM:
            raise PreconditionNotMet("disk-full", path=str(path)) from None
        why = fault.strerror or type(fault).__name__
        raise PreconditionNotMet("destination-unwritable", path=str(path), why=why) from None


def write_all(file: FileIO, data: bytes) -> None:
    """Write all of ``data`` to an unbuffered file, which may take less at a time.

    Raises:
        OSError: It cannot be written.
    """
    rest = memoryview(data)
    while rest:
        rest = rest[file.write(rest) :]


def sync_folder(folder: Path) -> None:
    """Make a rename in a folder durable; Windows has no such call and does it with the file.

    Raises:
        OSError: The folder cannot be opened or synced.
    """
    if os.name == "nt":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
