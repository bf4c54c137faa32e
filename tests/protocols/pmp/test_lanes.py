"""Two lanes: the urgent one overtakes, each keeps its own order, and what was taken back leaves no trace."""

from __future__ import annotations

import pytest

from protocols.errors import RemoteProtocolError
from protocols.pmp.lanes import MAX_MESSAGE, Incoming, Lane, Outgoing, Piece


def pieces(source: Outgoing, size: int) -> list[Piece]:
    """Take everything that waits."""
    return list(iter(lambda: source.next_piece(size), None))


def test_a_message_is_cut_as_it_is_taken() -> None:
    source = Outgoing()
    source.put(b"abcdefgh", Lane.BULK)
    assert source.waiting_bytes == 8
    assert source.next_piece(3) == Piece(b"abc", more=True, lane=Lane.BULK)
    assert source.waiting_bytes == 5
    assert source.next_piece(100) == Piece(b"defgh", more=False, lane=Lane.BULK)
    assert source.empty
    assert source.next_piece(1) is None


def test_an_urgent_message_overtakes_the_middle_of_a_bulk_one() -> None:
    source, sink = Outgoing(), Incoming()
    source.put(b"slowly", Lane.BULK)
    arrived = [sink.take(piece) for piece in (source.next_piece(2),) if piece]
    source.put(b"now", Lane.URGENT)
    arrived += [sink.take(piece) for piece in pieces(source, 2)]
    assert [each for each in arrived if each] == [b"now", b"slowly"]


def test_a_message_taken_back_midway_leaves_no_trace_at_the_peer() -> None:
    source, sink = Outgoing(), Incoming()
    source.put(b"not wanted", Lane.BULK, key=1)
    source.put(b"kept", Lane.BULK, key=2)
    first = source.next_piece(3)
    assert first is not None
    assert sink.take(first) is None
    source.cancel(1)
    assert [each for each in map(sink.take, pieces(source, 3)) if each] == [b"kept"]


def test_what_the_peer_may_not_send_is_refused() -> None:
    with pytest.raises(RemoteProtocolError, match="without payload"):
        Incoming().take(Piece(b"", more=True, lane=Lane.BULK))
    with pytest.raises(RemoteProtocolError, match="over"):
        Incoming().take(Piece(bytes(MAX_MESSAGE + 1), more=False, lane=Lane.BULK))


def test_messages_of_different_keys_take_turns() -> None:
    outgoing = Outgoing()
    for message, key in ((b"a1", 1), (b"a2", 1), (b"a3", 1), (b"b1", 2), (b"b2", 2), (b"x", None)):
        outgoing.put(message, Lane.BULK, key)
    order = [piece.data for piece in pieces(outgoing, 100)]
    assert order == [b"a1", b"b1", b"a2", b"b2", b"a3", b"x"]


def test_a_message_that_was_begun_is_ended_before_another_takes_its_turn() -> None:
    outgoing = Outgoing()
    outgoing.put(b"aaaa", Lane.BULK, 1)
    outgoing.put(b"bb", Lane.BULK, 2)
    assert [outgoing.next_piece(2), outgoing.next_piece(2), outgoing.next_piece(2)] == [
        Piece(b"aa", more=True, lane=Lane.BULK),
        Piece(b"aa", more=False, lane=Lane.BULK),
        Piece(b"bb", more=False, lane=Lane.BULK),
    ]
