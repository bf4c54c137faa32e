"""Taking a tar stream apart while it is pushed in, as age's decryption pushes it: no thread, no copy, no file."""

from __future__ import annotations

import tarfile
from collections.abc import Callable
from typing import Protocol

from agent.errors import VerificationFailed
from agent.export.archive import BLOCK_BYTES

_ZERO_BLOCK = bytes(BLOCK_BYTES)


class MemberReceiver(Protocol):
    """Takes the content of one member."""

    def feed(self, data: memoryview) -> None:
        """Take the next piece; it must not be kept."""

    def end(self) -> None:
        """All of it was fed."""


class TarReceiver:
    """A file-like object for writing into, which hands each member's content on.

    Args:
        begin: Called with name and size of each member; returns who takes it.
    """

    def __init__(self, begin: Callable[[str, int], MemberReceiver]) -> None:
        self._begin = begin
        self._header = bytearray()
        self._receiver: MemberReceiver | None = None
        self._content_left = 0
        self._padding_left = 0
        self._zero_blocks = 0
        self.fault: BaseException | None = None

    @property
    def complete(self) -> bool:
        """True once the two zero blocks that close an archive were seen, and nothing but such blocks after them."""
        return self._zero_blocks >= 2 and not self._header

    def write(self, data: bytes) -> int:
        """Take the next piece of the archive.

        Raises:
            VerificationFailed: ``export-content``: this is no archive as ours are; or what the receivers raise.
        """
        try:
            rest = memoryview(data)
            while rest:
                rest = rest[self._take(rest) :]
        except BaseException as fault:
            self.fault = fault
            raise
        return len(data)

    def _take(self, data: memoryview) -> int:
        if self._receiver is not None:
            piece = data[: self._content_left]
            self._receiver.feed(piece)
            self._content_left -= len(piece)
            self._end_if_all()
            return len(piece)
        if self._padding_left:
            taken = min(len(data), self._padding_left)
            self._padding_left -= taken
            return taken
        taken = min(len(data), BLOCK_BYTES - len(self._header))
        self._header += data[:taken]
        if len(self._header) == BLOCK_BYTES:
            self._read_header(bytes(self._header))
            self._header.clear()
        return taken

    def _read_header(self, block: bytes) -> None:
        if block == _ZERO_BLOCK:
            self._zero_blocks += 1
            return
        if self._zero_blocks:
            raise VerificationFailed("export-content", member="tar")
        try:
            header = tarfile.TarInfo.frombuf(block, "ascii", "strict")
        except (tarfile.HeaderError, ValueError):
            raise VerificationFailed("export-content", member="tar") from None
        # A size in base 256 can be negative, and would keep us here for ever.
        if not header.isreg() or header.size < 0:
            raise VerificationFailed("export-content", member="tar")
        self._receiver = self._begin(header.name, header.size)
        self._content_left = header.size
        self._padding_left = -header.size % BLOCK_BYTES
        self._end_if_all()

    def _end_if_all(self) -> None:
        if self._receiver is not None and not self._content_left:
            self._receiver.end()
            self._receiver = None
