"""The tar archive inside an export, as a stream that is pulled and never stands anywhere in the clear.

The format is POSIX ustar (IEEE Std 1003.1, pax, "ustar Interchange Format"), so that ``age -d export.age | tar x``
opens it. Headers hold nothing of the machine it was made on.
"""

from __future__ import annotations

import tarfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from protocols.errors import LocalProtocolError

MANIFEST: Final = "manifest.json"
TOTALS: Final = "totals.json"
PARAMETERS: Final = "parameters.json"
TRANSACTIONS: Final = "transactions.jsonl"
MEMBERS: Final = (MANIFEST, TOTALS, PARAMETERS, TRANSACTIONS)
"""The members that every export has, in their order."""

RECEIPTS: Final = "receipts/"
"""What the name of each receipt begins with; they follow the others. Where the manifest speaks of all of them, it says
this."""

BLOCK_BYTES: Final = tarfile.BLOCKSIZE


@dataclass(frozen=True)
class Member:
    """One file in the archive.

    Args:
        name: Its name.
        size: Bytes.
        sha256: Digest of its content, lower-case hex.
        chunks: Gives the content, piece by piece.
        records: Lines, for the one that is JSON Lines.
    """

    name: str
    size: int
    sha256: str
    chunks: Callable[[], Iterable[bytes]]
    records: int | None = None


def tar_stream(members: Iterable[Member], time: str) -> Iterator[bytes]:
    """Pack members.

    Args:
        members: In their order.
        time: Time of modification of all of them, RFC 3339.

    Yields:
        The archive's bytes, the closing blocks included.

    Raises:
        LocalProtocolError: A member's content is of another size than it said.
    """
    modified = int(datetime.fromisoformat(time).timestamp())
    for member in members:
        header = tarfile.TarInfo(member.name)
        header.size = member.size
        header.mtime = modified
        header.mode = 0o600
        yield header.tobuf(tarfile.USTAR_FORMAT)
        written = 0
        for chunk in member.chunks():
            written += len(chunk)
            yield chunk
        if written != member.size:
            raise LocalProtocolError(f"{member.name} has {written} bytes, not {member.size}")
        yield bytes(-written % BLOCK_BYTES)
    yield bytes(2 * BLOCK_BYTES)


class PullStream:
    """Lets a library read from an iterator of pieces, and keeps an error that it would report in its own words.

    Args:
        pieces: The content.
    """

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self._pieces = pieces
        self._piece = b""
        self._at = 0
        self.fault: BaseException | None = None

    def read(self, size: int) -> bytes:
        """Return at most ``size`` bytes, none at the end."""
        try:
            while self._at == len(self._piece):
                piece = next(self._pieces, None)
                if piece is None:
                    return b""
                self._piece, self._at = piece, 0
        except BaseException as fault:
            self.fault = fault
            raise
        start = self._at
        self._at = min(start + size, len(self._piece))
        return self._piece[start : self._at]
