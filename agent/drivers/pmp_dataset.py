"""Reading a dataset of a pmp terminal: opened once, read in pieces that suit the line, compared, closed."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from contextlib import closing

from agent.drivers.base import TerminalTotals
from agent.drivers.pmp_ymodem import receive_dataset
from agent.session import Session
from protocols.errors import DeviceRefused, RemoteProtocolError
from protocols.pmp import commands, messages
from protocols.pmp.facts import Dataset as DatasetName
from protocols.pmp.facts import Refusal, SendProtocol
from protocols.pmp.handshake import Capability
from protocols.pmp.packing import unpack

MAX_PIECE = 65_536
MIN_PIECE = 1024
PIECE_SECONDS = 4
BITS_A_BYTE = 10

USUAL_PACKING = 4
"""How many times smaller journals become by packing, roughly: a packed piece is asked for that much larger."""


def piece_bytes(baud: int | None, *, packed: bool = False) -> int:
    """Return how many bytes to ask for at once.

    Args:
        baud: Bits per second of a serial line, or None.
        packed: Whether they come packed.

    Returns:
        About four seconds of line time and at least 1 KiB; without a serial line the most that the protocol allows.
    """
    if baud is None:
        return MAX_PIECE
    usual = PIECE_SECONDS * baud // BITS_A_BYTE * (USUAL_PACKING if packed else 1)
    return max(MIN_PIECE, min(MAX_PIECE, usual))


class Dataset:
    """An open dataset: a frozen view that does not change while it is read.

    Args:
        session: The session with the terminal.
        name: Which dataset.

    Raises:
        ProtocolError: It cannot be opened.
    """

    def __init__(self, session: Session, name: DatasetName) -> None:
        opened = session.call(commands.DATASET_OPEN, messages.DatasetName(name))
        self.records = opened.records
        self.size = opened.size
        self._session = session
        self._handle = messages.DatasetHandle(opened.handle)
        self.baud: int | None = None
        """Bits per second of a serial line, or None. On serial lines the bytes come packed where the terminal can."""
        self.expected: SendProtocol | None = None
        """By which protocol the terminal's profile says that it sends datasets; None for pmp's own reading."""
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
        begun = wanted = False
        try:
            if self.expected is None:
                for piece in self._read_pieces(unit):
                    begun = True
                    yield piece
            else:
                wanted = True
        except DeviceRefused as fault:
            if begun or fault.code != Refusal.UNKNOWN_COMMAND:
                raise
            wanted = True  # a terminal that has nothing but YMODEM or its kin
        if wanted:
            sent = receive_dataset(self._session, self._handle.handle, self.size, self.expected)
            yield from _in_units(sent, unit)
        self._read_out = True
        self._close_if_done()

    def _read_pieces(self, unit: int) -> Generator[bytes, None, None]:
        packed = self.baud is not None and self._session.agreed(Capability.PACKING)
        most = piece_bytes(self.baud, packed=packed)
        step = max(unit, most - most % unit)
        answers = self._packed(self._requests(step)) if packed else self._plain(self._requests(step))
        with closing(answers):
            for request, (offset, data) in zip(self._requests(step), answers, strict=True):
                if offset != request.offset or len(data) != request.length:
                    raise RemoteProtocolError("the terminal gave another piece of a dataset than it was asked for")
                yield data

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

    def _requests(self, step: int) -> Iterator[messages.DatasetRead]:
        for offset in range(0, self.size, step):
            yield messages.DatasetRead(self._handle.handle, offset, min(step, self.size - offset))

    def _plain(self, requests: Iterator[messages.DatasetRead]) -> Generator[tuple[int, bytes], None, None]:
        for piece in self._session.call_ahead(commands.DATASET_READ, requests):
            yield piece.offset, piece.data

    def _packed(self, requests: Iterator[messages.DatasetRead]) -> Generator[tuple[int, bytes], None, None]:
        for piece in self._session.call_ahead(commands.DATASET_PACKED, requests):
            yield piece.offset, unpack(piece.data, piece.length)

    def _close_if_done(self) -> None:
        if self._read_out and self._totals is not None:
            self.close()


def _in_units(chunks: Generator[bytes, None, None], unit: int) -> Generator[bytes, None, None]:
    """Join and cut bytes so that each piece but the last is a multiple of so many."""
    rest = b""
    with closing(chunks):
        for chunk in chunks:
            rest += chunk
            whole = len(rest) - len(rest) % unit
            if whole:
                yield rest[:whole]
                rest = rest[whole:]
    if rest:
        yield rest
