"""Reading a dataset of a pmp terminal: opened once, read in pieces that suit the line, compared, closed."""

from __future__ import annotations

from collections.abc import Iterator

from agent.drivers.base import TerminalTotals
from agent.session import Session
from protocols.errors import DeviceRefused, RemoteProtocolError
from protocols.pmp import commands, messages
from protocols.pmp.facts import Dataset as DatasetName

MAX_PIECE = 65_536
MIN_PIECE = 1024
PIECE_SECONDS = 2
BITS_A_BYTE = 10


def piece_bytes(baud: int | None) -> int:
    """Return how many bytes to ask for at once.

    Args:
        baud: Bits per second of a serial line, or None.

    Returns:
        About two seconds of line time and at least 1 KiB; without a serial line the most that the protocol allows.
    """
    if baud is None:
        return MAX_PIECE
    return max(MIN_PIECE, min(MAX_PIECE, PIECE_SECONDS * baud // BITS_A_BYTE))


class Dataset:
    """An open dataset: a frozen view that does not change while it is read.

    Args:
        session: The session with the terminal.
        name: Which dataset.
        piece: Most bytes to ask for at once.

    Raises:
        ProtocolError: It cannot be opened.
    """

    def __init__(self, session: Session, name: DatasetName, piece: int) -> None:
        opened = session.call(commands.DATASET_OPEN, messages.DatasetName(name))
        self.records = opened.records
        self.size = opened.size
        self._session = session
        self._handle = messages.DatasetHandle(opened.handle)
        self._piece = piece
        self._totals: TerminalTotals | None = None
        self._read_out = False
        self._closed = False

    def pieces(self, unit: int = 1) -> Iterator[bytes]:
        """Read all of it in order.

        Args:
            unit: Each piece but the last is a multiple of this many bytes.

        Yields:
            Pieces, none empty.

        Raises:
            ProtocolError: The line failed, or the terminal gave other bytes than those asked for.
        """
        step = max(unit, self._piece - self._piece % unit)
        for offset in range(0, self.size, step):
            length = min(step, self.size - offset)
            request = messages.DatasetRead(self._handle.handle, offset, length)
            answer = self._session.call(commands.DATASET_READ, request)
            if answer.offset != offset or len(answer.data) != length:
                raise RemoteProtocolError("DATASET_READ: another piece than was asked for")
            yield answer.data
        self._read_out = True
        self._close_if_done()

    def totals(self) -> TerminalTotals:
        """Ask the terminal what it says of the dataset; once, since the view is frozen.

        Raises:
            RemoteProtocolError: It speaks of another number of records than it opened.
        """
        if self._totals is None:
            said = self._session.call(commands.DATASET_TOTALS, self._handle)
            if said.records != self.records:
                raise RemoteProtocolError("DATASET_TOTALS: another number of records than was opened")
            self._totals = TerminalTotals(said.records, said.digest.hex(), said.totals)
            self._close_if_done()
        return self._totals

    def close(self) -> None:
        """Let the terminal forget the view; closing twice changes nothing."""
        if self._closed:
            return
        self._closed = True
        try:
            self._session.call(commands.DATASET_CLOSE, self._handle)
        except DeviceRefused:
            return  # it has forgotten the view already

    def _close_if_done(self) -> None:
        if self._read_out and self._totals is not None:
            self.close()
