"""Where the content of an opened export goes: beside its place until all of it is checked, then there in one step.

Whatever fails before, nothing is left. Names come from the archive and were checked before they get here; they are
checked again, since a path is made of them.
"""

from __future__ import annotations

import os
import secrets
import shutil
from contextlib import suppress
from io import FileIO
from pathlib import Path

from agent.errors import UsageFault, VerificationFailed
from agent.export.archive import MEMBERS
from agent.export.files import destination_faults, sync_folder, write_all
from agent.export.receipts import RECEIPT_NAME

PRIVATE = 0o600


class CsvLanding:
    """A file that appears under its name only when it is whole.

    Args:
        path: Where; must not exist.

    Raises:
        UsageFault: ``destination-exists``.
        PreconditionNotMet: ``disk-full`` or ``destination-unwritable``.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._partial = path.with_name(f".{path.name[:80]}-{secrets.token_hex(4)}.partial")
        with destination_faults(path):
            if path.exists() or path.is_symlink():
                raise UsageFault("destination-exists", path=str(path))
            self._file = _new_file(self._partial)

    def write(self, data: bytes) -> None:
        """Append bytes.

        Raises:
            PreconditionNotMet: ``disk-full`` or ``destination-unwritable``.
        """
        with destination_faults(self._path):
            write_all(self._file, data)

    def finish(self) -> None:
        """Give it its name.

        Raises:
            UsageFault: ``destination-exists``: meanwhile something stands there.
            PreconditionNotMet: ``disk-full`` or ``destination-unwritable``.
        """
        with destination_faults(self._path):
            os.fsync(self._file.fileno())
            self._file.close()
            if self._path.exists():
                raise UsageFault("destination-exists", path=str(self._path))
            self._partial.replace(self._path)
            sync_folder(self._path.parent)

    def drop(self) -> None:
        """Leave nothing of it, where it is not finished; doing so twice changes nothing."""
        self._file.close()
        with suppress(OSError):
            self._partial.unlink(missing_ok=True)


class FolderLanding:
    """A folder of the members that appears under its name only when all of them are there.

    Args:
        path: Where; must not exist.

    Raises:
        UsageFault: ``destination-exists``.
        PreconditionNotMet: ``disk-full`` or ``destination-unwritable``.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._partial = path.with_name(f".{path.name[:80]}-{secrets.token_hex(4)}.partial")
        with destination_faults(path):
            if path.exists() or path.is_symlink():
                raise UsageFault("destination-exists", path=str(path))
            self._partial.mkdir(mode=0o700)

    def begin(self, name: str) -> FileLanding:
        """Begin a member.

        Args:
            name: Its name in the archive.

        Raises:
            VerificationFailed: ``export-content``: that is no name of a member.
            PreconditionNotMet: ``disk-full`` or ``destination-unwritable``.
        """
        if name not in MEMBERS and not RECEIPT_NAME.fullmatch(name):
            raise VerificationFailed("export-content", member=name[:100])
        path = self._partial / name
        with destination_faults(self._path):
            path.parent.mkdir(mode=0o700, exist_ok=True)
            return FileLanding(_new_file(path), self._path)

    def finish(self) -> None:
        """Give it its name.

        Raises:
            UsageFault: ``destination-exists``: meanwhile something stands there.
            PreconditionNotMet: ``disk-full`` or ``destination-unwritable``.
        """
        with destination_faults(self._path):
            if self._path.exists():
                raise UsageFault("destination-exists", path=str(self._path))
            self._partial.rename(self._path)
            sync_folder(self._path.parent)

    def drop(self) -> None:
        """Leave nothing of it, where it is not finished; doing so twice changes nothing."""
        shutil.rmtree(self._partial, ignore_errors=True)


class FileLanding:
    """One member being written; a `agent.export.unpack.MemberReceiver`.

    Args:
        file: Takes its bytes.
        destination: What is being written, for errors.
    """

    def __init__(self, file: FileIO, destination: Path) -> None:
        self._file = file
        self._destination = destination

    def feed(self, data: memoryview) -> None:
        """Take the next piece."""
        with destination_faults(self._destination):
            write_all(self._file, bytes(data))

    def end(self) -> None:
        """All of it was fed."""
        with destination_faults(self._destination):
            self._file.close()


def _new_file(path: Path) -> FileIO:
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
    return FileIO(os.open(path, flags, PRIVATE), "wb")
