"""A temporary file that only this process can read, for what must be known whole before it can be packed.

A tar member's size stands before its content, so the journal is kept until its end is known. Plain transactions must
never touch the disk, not even a deleted file: it may be found again in free blocks, and a crash may leave it behind.
"""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Iterator
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from agent.errors import PreconditionNotMet
from agent.export.files import destination_faults, write_all
from protocols.errors import LocalProtocolError

CHUNK_BYTES = 65_536
TAG_BYTES = 16
NONCE_BYTES = 12


class SealedSpool:
    """Bytes kept on disk, sealed with AES-256-GCM under a random key that never leaves the memory.

    Each chunk of 64 KiB has its number as nonce (NIST SP 800-38D, section 8.2.1), so chunks cannot be swapped either.
    On POSIX the file has no name. Use as a context manager; the file is gone afterwards.

    Args:
        folder: Where the file is made: beside the destination, whose disk must have the room anyway.

    Raises:
        PreconditionNotMet: ``disk-full`` or ``destination-unwritable``.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._aead = AESGCM(AESGCM.generate_key(256))
        self._pending = bytearray()
        self._chunks = 0
        self._size = 0
        self._hash = hashlib.sha256()
        self._complete = False
        with destination_faults(folder):
            self._file = tempfile.TemporaryFile(dir=folder, prefix=".spool-", buffering=0)  # noqa: SIM115

    def __enter__(self) -> SealedSpool:
        return self

    def __exit__(self, *_exception: object) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the file; what it holds can never be read again."""
        self._file.close()
        self._pending.clear()

    @property
    def size(self) -> int:
        """Bytes written."""
        return self._size

    @property
    def sha256(self) -> str:
        """SHA-256 of the bytes written, lower-case hex."""
        return self._hash.hexdigest()

    def write(self, data: bytes) -> None:
        """Append bytes.

        Raises:
            PreconditionNotMet: ``disk-full`` or ``destination-unwritable``.
            LocalProtocolError: Reading has begun.
        """
        if self._complete:
            raise LocalProtocolError("a spool that is being read takes nothing more")
        self._hash.update(data)
        self._size += len(data)
        self._pending += data
        while len(self._pending) >= CHUNK_BYTES:
            self._seal(bytes(self._pending[:CHUNK_BYTES]))
            del self._pending[:CHUNK_BYTES]

    def chunks(self) -> Iterator[bytes]:
        """Read everything back in order.

        Yields:
            Chunks of 64 KiB, the last one shorter.

        Raises:
            PreconditionNotMet: ``spool-damaged``: the disk gives back other bytes than were written.
        """
        if not self._complete:
            self._complete = True
            if self._pending:
                self._seal(bytes(self._pending))
                self._pending.clear()
        for number in range(self._chunks):
            yield self._open(number)

    def _seal(self, chunk: bytes) -> None:
        sealed = self._aead.encrypt(self._chunks.to_bytes(NONCE_BYTES, "big"), chunk, None)
        with destination_faults(self._folder):
            write_all(self._file, sealed)
        self._chunks += 1

    def _open(self, number: int) -> bytes:
        step = CHUNK_BYTES + TAG_BYTES
        sealed = bytearray()
        try:
            self._file.seek(number * step)
            while len(sealed) < step:
                piece = self._file.read(step - len(sealed))
                if not piece:
                    break
                sealed += piece
            return self._aead.decrypt(number.to_bytes(NONCE_BYTES, "big"), bytes(sealed), None)
        except (OSError, InvalidTag):
            raise PreconditionNotMet("spool-damaged", path=str(self._folder)) from None
