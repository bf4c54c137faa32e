"""Two lanes: the urgent one overtakes, each keeps its own order, and what was taken back leaves no trace."""

from __future__ import annotations

from random import Random

import pytest

from protocols.errors import RemoteProtocolError
from protocols.pmp.lanes import MAX_MESSAGE, Incoming, Lane, Outgoing, Piece, SealedPieces, SealedSource
from tests.protocols.pmp.fake_channel import FakeChannel


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


def test_what_is_waiting_is_told_in_bytes_over_both_lanes() -> None:
    source = Outgoing()
    source.put(bytes(10), Lane.BULK)
    source.put(bytes(5), Lane.URGENT)
    source.next_piece(3)
    assert source.waiting_bytes == 12


def test_each_lane_keeps_its_order_however_pieces_mix() -> None:
    random = Random(1)
    source, sink = Outgoing(), Incoming()
    sent: dict[Lane, list[bytes]] = {lane: [] for lane in Lane}
    got: dict[Lane, list[bytes]] = {lane: [] for lane in Lane}
    for _ in range(2000):
        if random.random() < 0.3:
            lane, message = random.choice(list(Lane)), random.randbytes(random.randrange(1, 40))
            source.put(message, lane, random.randrange(1 << 32))
            sent[lane].append(message)
        piece = source.next_piece(random.randrange(1, 20))
        if piece is not None and (done := sink.take(piece)) is not None:
            got[piece.lane].append(done)
    for piece in pieces(source, 7):
        if (done := sink.take(piece)) is not None:
            got[piece.lane].append(done)
    assert got == sent


@pytest.mark.parametrize("lane", Lane)
def test_what_was_not_begun_is_taken_back_without_a_word(lane: Lane) -> None:
    source = Outgoing()
    source.put(b"unwanted", lane, key=1)
    source.put(b"wanted", lane, key=2)
    source.put(b"unwanted too", lane, key=1)
    source.cancel(1)
    assert [piece.data for piece in pieces(source, 100)] == [b"wanted"]


def test_a_message_that_is_wholly_sent_is_not_taken_back() -> None:
    source = Outgoing()
    source.put(b"gone", Lane.BULK, key=1)
    assert source.next_piece(100) is not None
    source.cancel(1)
    assert source.empty


def test_taking_back_in_one_lane_leaves_the_other_alone() -> None:
    source, sink = Outgoing(), Incoming()
    source.put(b"bulk of it", Lane.BULK, key=1)
    begun = source.next_piece(3)
    source.put(b"urgent", Lane.URGENT, key=2)
    source.cancel(1)
    assert not source.empty
    taken = [sink.take(piece) for piece in (begun, *pieces(source, 4)) if piece is not None]
    assert [each for each in taken if each] == [b"urgent"]


# ----------------------------------------------------------------------------------------------- a private channel
def sealed(*messages: bytes, piece: int = 100) -> tuple[SealedSource, Outgoing, FakeChannel, FakeChannel]:
    """Return a source with an established channel, what it takes from, and both ends of the channel."""
    near, far = FakeChannel(client=True), FakeChannel(client=False)
    near.start()
    for _ in range(2):
        for end, other in ((near, far), (far, near)):
            said = end.outgoing()
            if said:
                other.receive(said)
    outgoing = Outgoing()
    for message in messages:
        outgoing.put(message, Lane.BULK)
    return SealedSource(outgoing, near, piece), outgoing, near, far


def opened(source: SealedSource, far: FakeChannel, size: int, taken: SealedPieces | None = None) -> list[Piece]:
    """Carry everything that waits through the channel and return the pieces that come out."""
    taken, found = taken or SealedPieces(), []
    while (frame := source.next_piece(size)) is not None:
        assert 0 < len(frame.data) <= size
        assert (frame.more, frame.lane) == (False, Lane.BULK)
        found += taken.feed(far.receive(frame.data))
    return found


@pytest.mark.parametrize("size", [1, 7, 64, 5000])
def test_sealed_messages_come_out_whatever_the_frames_are_cut_to(size: int) -> None:
    message = Random(size).randbytes(1234)
    source, _, _, far = sealed(message, b"next")
    sink = Incoming()
    assert [each for each in map(sink.take, opened(source, far, size)) if each] == [message, b"next"]
    assert source.empty


def test_before_the_channel_is_established_only_it_speaks() -> None:
    channel = FakeChannel(client=True)
    outgoing = Outgoing()
    outgoing.put(b"secret", Lane.URGENT)
    source = SealedSource(outgoing, channel)
    assert source.next_piece(100) is None
    channel.start()
    assert not source.empty
    said = b""
    while (frame := source.next_piece(100)) is not None:
        said += frame.data
    assert b"secret" not in said
    assert outgoing.waiting_bytes == 6


def test_a_sealed_urgent_message_waits_for_the_record_under_way_and_no_more() -> None:
    source, outgoing, near, far = sealed(bytes(100_000), piece=1000)
    first = source.next_piece(100)
    assert first is not None
    outgoing.put(b"now", Lane.URGENT)
    got = SealedPieces()
    found = got.feed(far.receive(first.data))
    while not any(piece.lane is Lane.URGENT for piece in found):
        frame = source.next_piece(100)
        assert frame is not None
        found += got.feed(far.receive(frame.data))
    assert len(found) == 2, "one record of the bulk message went before it"
    assert near.sealed == 2, "and none was made behind it yet"


def test_a_sealed_message_taken_back_leaves_no_trace() -> None:
    source, outgoing, _, far = sealed(piece=100)
    outgoing.put(bytes(500), Lane.BULK, 1)
    outgoing.put(b"kept", Lane.BULK, 2)
    first = source.next_piece(50)
    assert first is not None
    outgoing.cancel(1)
    got, sink = SealedPieces(), Incoming()
    found = got.feed(far.receive(first.data)) + opened(source, far, 50, got)
    assert [each for each in map(sink.take, found) if each] == [b"kept"]


def test_no_record_holds_more_than_a_record_may() -> None:
    source, _, _, far = sealed(bytes(MAX_MESSAGE), piece=1 << 20)
    assert sum(len(piece.data) for piece in opened(source, far, 4096)) == MAX_MESSAGE


@pytest.mark.parametrize("header", ["04 0001", "ff 0001", "00 ffff", "03 3ffe"])
def test_i10_a_private_piece_that_makes_no_sense_is_refused(header: str) -> None:
    with pytest.raises(RemoteProtocolError, match="makes no sense"):
        SealedPieces().feed(bytes.fromhex(header))


def test_pieces_of_a_channel_come_in_any_split() -> None:
    stream = bytes.fromhex("03 0002 6162  00 0000  02 0001 63")
    wanted = [
        Piece(b"ab", more=True, lane=Lane.URGENT),
        Piece(b"", more=False, lane=Lane.BULK),
        Piece(b"c", more=False, lane=Lane.URGENT),
    ]
    assert SealedPieces().feed(stream) == wanted
    bytewise = SealedPieces()
    assert [piece for byte in stream for piece in bytewise.feed(bytes([byte]))] == wanted
