"""Messages on their way into frames and out of them: an urgent lane and a bulk lane (note pmp.md, section Lanes).

A message is cut only when there is room on the line, so that a key press waits for the frame under way and not for the
megabyte behind it. On a private link the pieces go through the channel, one record each.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from enum import IntEnum
from typing import NamedTuple, Protocol

from protocols.errors import RemoteProtocolError
from protocols.pmp.channel import Channel

MAX_MESSAGE = 131_072
PIECE_HEADER_BYTES = 3
MOST_PIECE_BYTES = 16_384 - PIECE_HEADER_BYTES
_MORE = 0x01
_URGENT = 0x02


class Lane(IntEnum):
    """Which of the two ways a message goes."""

    BULK = 0
    URGENT = 1


class Piece(NamedTuple):
    """A piece of a message; without any data it takes back what was sent of the lane's unfinished message.

    Args:
        data: 0 bytes or more.
        more: True where the message goes on.
        lane: Its lane.
    """

    data: bytes
    more: bool
    lane: Lane


class Source(Protocol):
    """Where a sender takes what goes into its next DATA frame."""

    @property
    def empty(self) -> bool:
        """True where there is nothing to send."""

    def next_piece(self, size: int) -> Piece | None:
        """Return the next payload of at most ``size`` bytes, or None."""


@dataclass
class _Queued:
    data: bytes
    key: int | None
    at: int = 0


class Outgoing:
    """Messages that wait, in two lanes; the urgent lane goes first. A `Source`.

    In each lane messages of different keys take turns, so that one dataset does not keep another from being read.
    """

    def __init__(self) -> None:
        self._lanes: dict[Lane, deque[_Queued]] = {Lane.URGENT: deque(), Lane.BULK: deque()}
        self._taken_back: deque[Lane] = deque()

    @property
    def empty(self) -> bool:
        """True where nothing waits."""
        return not self._taken_back and not any(self._lanes.values())

    @property
    def waiting_bytes(self) -> int:
        """Bytes that wait."""
        return sum(len(each.data) - each.at for lane in self._lanes.values() for each in lane)

    def put(self, message: bytes, lane: Lane, key: int | None = None) -> None:
        """Line up a message.

        Args:
            message: 1 to 131,072 bytes.
            lane: Which lane.
            key: By which `cancel` finds it, or None.
        """
        self._lanes[lane].append(_Queued(message, key))

    def cancel(self, key: int) -> None:
        """Drop the messages with a key that are not wholly sent; of one that was begun the peer is told."""
        for lane, waiting in self._lanes.items():
            if waiting and waiting[0].key == key and waiting[0].at:
                self._taken_back.append(lane)
            kept = [each for each in waiting if each.key != key]
            waiting.clear()
            waiting.extend(kept)

    def next_piece(self, size: int) -> Piece | None:
        """Return the next piece of at most ``size`` bytes, or None where nothing waits."""
        if self._taken_back:
            return Piece(b"", more=False, lane=self._taken_back.popleft())
        for lane, waiting in self._lanes.items():
            if not waiting:
                continue
            first = waiting[0]
            data = first.data[first.at : first.at + size]
            first.at += len(data)
            more = first.at < len(first.data)
            if not more:
                waiting.popleft()
                _let_another_go_first(waiting, first.key)
            return Piece(data, more, lane)
        return None


def _let_another_go_first(waiting: deque[_Queued], key: int | None) -> None:
    """Bring the oldest message of another key to the front."""
    for at, each in enumerate(waiting):
        if each.key != key:
            del waiting[at]
            waiting.appendleft(each)
            return


class Incoming:
    """Joins pieces to messages, each lane for itself."""

    def __init__(self) -> None:
        self._begun: dict[Lane, bytearray] = {lane: bytearray() for lane in Lane}

    def take(self, piece: Piece) -> bytes | None:
        """Take the next piece.

        Returns:
            The message that it completes, or None.

        Raises:
            RemoteProtocolError: The message is too long, or a piece without data says that the message goes on.
        """
        begun = self._begun[piece.lane]
        if not piece.data:
            if piece.more:
                raise RemoteProtocolError("DATA frame without payload")
            begun.clear()
            return None
        begun += piece.data
        if len(begun) > MAX_MESSAGE:
            raise RemoteProtocolError(f"message over {MAX_MESSAGE} bytes")
        if piece.more:
            return None
        message = bytes(begun)
        begun.clear()
        return message


class SealedSource:
    """What a private link sends: records of the channel, cut to frames. A `Source`.

    A piece is encrypted when the record before has been taken, so that urgent messages still overtake.

    Args:
        messages: Those that wait.
        channel: The channel; until it is established only what it says itself is sent.
        piece: Most bytes of a message in one record.
    """

    def __init__(self, messages: Outgoing, channel: Channel, piece: int = MOST_PIECE_BYTES) -> None:
        self._messages = messages
        self._channel = channel
        self._piece = min(piece, MOST_PIECE_BYTES)
        self._sealed = bytearray()

    @property
    def empty(self) -> bool:
        """True where nothing waits, as far as the channel lets anything through."""
        self._sealed += self._channel.outgoing()
        return not self._sealed and (self._messages.empty or not self._channel.established)

    def next_piece(self, size: int) -> Piece | None:
        """Return the next bytes of the channel, at most ``size``, or None."""
        self._sealed += self._channel.outgoing()
        while len(self._sealed) < size and self._channel.established:
            piece = self._messages.next_piece(self._piece)
            if piece is None:
                break
            self._sealed += self._channel.seal(_piece_header(piece) + piece.data)
            if piece.lane is Lane.URGENT:
                break  # it must not wait in a frame for the record behind it to be made
        if not self._sealed:
            return None
        data = bytes(self._sealed[:size])
        del self._sealed[:size]
        return Piece(data, more=False, lane=Lane.BULK)


class SealedPieces:
    """Takes pieces out of what a channel decrypted."""

    def __init__(self) -> None:
        self._held = bytearray()

    def feed(self, data: bytes) -> list[Piece]:
        """Take decrypted bytes and return the pieces that they complete.

        Raises:
            RemoteProtocolError: A piece is longer than a record, or its header holds what no version knows.
        """
        self._held += data
        pieces = []
        while len(self._held) >= PIECE_HEADER_BYTES:
            flags, length = self._held[0], int.from_bytes(self._held[1:PIECE_HEADER_BYTES], "big")
            if flags & ~(_MORE | _URGENT) or length > MOST_PIECE_BYTES:
                raise RemoteProtocolError("header of a private piece makes no sense")
            end = PIECE_HEADER_BYTES + length
            if len(self._held) < end:
                break
            lane = Lane.URGENT if flags & _URGENT else Lane.BULK
            pieces.append(Piece(bytes(self._held[PIECE_HEADER_BYTES:end]), flags & _MORE != 0, lane))
            del self._held[:end]
        return pieces


def _piece_header(piece: Piece) -> bytes:
    flags = _MORE * piece.more | _URGENT * (piece.lane is Lane.URGENT)
    return bytes([flags]) + len(piece.data).to_bytes(2, "big")
