"""One session's messages: acknowledgements say what came, how well, and how much more there is room for."""

from __future__ import annotations

from dataclasses import replace
from itertools import count

import pytest

from protocols.errors import RemoteProtocolError
from protocols.pmp.channel import ChannelRefused
from protocols.pmp.exchange import Exchange
from protocols.pmp.handshake import LinkSettings
from protocols.pmp.lanes import MAX_MESSAGE, Lane
from protocols.pmp.noise import CLEAN, rate_of
from protocols.pmp.wire import MAX_WINDOW, Frame, FrameKind, FrameScanner, build_frame
from tests.protocols.pmp.fake_channel import FakeChannel

SETTINGS = LinkSettings(frame_payload=64, window=8)
FULL = bytes([CLEAN, SETTINGS.window])


def side(settings: LinkSettings = SETTINGS, channel: FakeChannel | None = None) -> Exchange:
    """Make one side; without a private channel if none is given."""
    return Exchange(settings, FrameScanner(), channel)


def data(sequence: int, payload: bytes, *, more: bool = False, urgent: bool = False) -> Frame:
    """Make a DATA frame."""
    return Frame(FrameKind.DATA, 1, sequence, 0, payload, more, urgent)


def ack(acknowledged: int, payload: bytes) -> Frame:
    """Make an ACK."""
    return Frame(FrameKind.ACK, 1, 0, acknowledged, payload)


def carry(near: Exchange, far: Exchange) -> list[bytes]:
    """Move everything that is due from one side to the other and its answers back, and return the messages."""
    messages = []
    while (sending := near.next_data(0.0)) is not None:
        payload, more, lane = sending.piece
        messages += far.take_data(data(sending.sequence, payload, more=more, urgent=lane is Lane.URGENT))
        answer = far.next_answer(carried=False)
        assert answer is not None
        near.take_answer(ack(far.receiver.expected, answer), 0.0)
    return messages


def credit(exchange: Exchange) -> int:
    """Return the room that a side tells of when it is asked."""
    exchange.answer_wanted()
    answer = exchange.next_answer(carried=False)
    assert answer is not None
    return answer[1]


# ------------------------------------------------------------------------------------------------------- answers
@pytest.mark.parametrize(
    ("early", "bitmap"),
    [
        ((), ""),
        ((1,), "01"),
        ((2,), "02"),
        ((1, 2, 3), "07"),
        ((9,), "0001"),
        ((8, 16), "8080"),
        ((127,), "00" * 15 + "40"),
    ],
)
def test_an_answer_is_quality_credit_and_a_bitmap_from_its_low_byte_without_zeros_at_the_end(
    early: tuple[int, ...], bitmap: str
) -> None:
    far = side(replace(SETTINGS, window=MAX_WINDOW))
    far.answer_wanted()
    for sequence in early:
        far.take_data(data(sequence, b"x"))
    assert far.next_answer(carried=False) == bytes([CLEAN, MAX_WINDOW]) + bytes.fromhex(bitmap)


def test_nothing_is_due_where_nothing_came_and_once_where_something_did() -> None:
    far = side()
    assert far.next_answer(carried=False) is None
    far.take_data(data(1, b"early"))
    assert far.next_answer(carried=False) is not None
    assert far.next_answer(carried=False) is None
    far.take_data(data(1, b"early"))
    assert far.next_answer(carried=False) is not None, "again: the answer before may have been lost"


def test_data_that_goes_out_acknowledges_and_only_what_it_cannot_say_is_worth_an_ack() -> None:
    far = side()
    far.take_data(data(0, b"x"))
    assert far.next_answer(carried=True) is None
    far.answered()
    assert far.next_answer(carried=False) is None
    far.take_data(data(2, b"early"))
    assert far.next_answer(carried=True) == FULL + b"\x01"
    far.take_data(data(2, b"early"))
    assert far.next_answer(carried=True) == FULL + b"\x01"


def test_the_quality_of_the_line_is_told_beside_data() -> None:
    scanner = FrameScanner()
    far = Exchange(SETTINGS, scanner, None)
    (frame,) = scanner.feed(build_frame(data(0, bytes(64))))
    far.taken(*far.take_data(frame))
    assert far.next_answer(carried=True) is None
    broken = bytearray(build_frame(data(1, bytes(64))))
    broken[3] ^= 1
    (frame,) = scanner.feed(bytes(broken))
    far.taken(*far.take_data(frame))
    answer = far.next_answer(carried=True)
    assert answer is not None
    assert rate_of(answer[0]) == pytest.approx(1 / (2 * 81), rel=0.05)
    far.forget_noise()
    far.answer_wanted()
    assert far.next_answer(carried=False) == FULL


def test_what_was_counted_before_the_session_is_not_its_noise() -> None:
    scanner = FrameScanner()
    for _ in range(5):
        scanner.feed(build_frame(data(0, bytes(64)))[:-1] + b"!")
    far = Exchange(SETTINGS, scanner, None)
    far.answer_wanted()
    assert far.next_answer(carried=False) == FULL


@pytest.mark.parametrize("payload", [b"", b"\x00", b"\x00\x08\x00\x01", b"\x00\x08" + b"\x00" * 15 + b"\x01"])
def test_an_answer_that_makes_no_sense_is_ignored(payload: bytes) -> None:
    near = side()
    near.put(b"x", Lane.URGENT, None)
    near.next_data(0.0)
    near.take_answer(ack(1, payload), 0.1)
    assert not near.sender.idle
    near.take_answer(ack(1, FULL), 0.1)
    assert near.sender.idle


# ---------------------------------------------------------------------------------------------------------- room
def test_room_falls_with_what_the_owner_has_not_taken_and_comes_back() -> None:
    near, far = side(), side()
    message = bytes(64)
    for left in range(SETTINGS.window - 1, -1, -1):
        near.put(message, Lane.BULK, None)
        assert carry(near, far) == [message]
        assert credit(far) == left
    near.put(message, Lane.BULK, None)
    assert carry(near, far) == []
    far.taken(message)
    answer = far.next_answer(carried=False)
    assert answer == bytes([CLEAN, 1]), "the sender learns of it without asking"
    near.take_answer(ack(far.receiver.expected, answer), 0.0)
    assert carry(near, far) == [message]
    for _ in range(SETTINGS.window):
        far.taken(message)
    assert credit(far) == SETTINGS.window


def test_that_there_is_less_room_is_told_each_time_since_it_may_be_lost() -> None:
    far = side()
    far.take_data(data(0, bytes(64)))
    for _ in range(3):
        far.answer_wanted()
        assert far.next_answer(carried=True) == bytes([CLEAN, SETTINGS.window - 1])
    far.taken(bytes(64))
    assert far.next_answer(carried=True) == FULL
    far.answer_wanted()
    assert far.next_answer(carried=True) is None, "all of the window again: that goes without saying"


def test_i10_a_peer_that_does_not_care_for_room_fills_no_memory() -> None:
    far, held = side(), 0
    for sequence in count():
        messages = far.take_data(data(sequence % 65_536, bytes(64)))
        if not messages:
            break
        held += sum(map(len, messages))
        assert held < 3 * MAX_MESSAGE
    assert credit(far) == 0
    assert far.take_data(data(far.receiver.expected, bytes(64))) == []
    for _ in range(held // 64):
        far.taken(bytes(64))
    assert far.take_data(data(far.receiver.expected, bytes(64))) == [bytes(64)], "nothing is lost by that"


# ------------------------------------------------------------------------------------------------------ messages
def test_messages_of_both_lanes_arrive_and_the_urgent_one_first() -> None:
    near, far = side(), side()
    near.put(bytes(500), Lane.BULK, None)
    near.put(b"now", Lane.URGENT, None)
    assert carry(near, far) == [b"now", bytes(500)]


def test_a_message_taken_back_midway_never_arrives() -> None:
    near, far = side(), side()
    near.put(bytes(500), Lane.BULK, 1)
    near.put(b"kept", Lane.BULK, 2)
    sending = near.next_data(0.0)
    assert sending is not None
    assert far.take_data(data(sending.sequence, sending.piece.data, more=True)) == []
    near.cancel(1)
    assert carry(near, far) == [b"kept"]


# ------------------------------------------------------------------------------------------------- private sessions
def private_pair() -> tuple[Exchange, Exchange, FakeChannel, FakeChannel]:
    """Return two sides whose private channel is established, and its ends."""
    ends = FakeChannel(client=True), FakeChannel(client=False)
    near, far = side(channel=ends[0]), side(channel=ends[1])
    ends[0].start()
    for _ in range(2):
        assert carry(near, far) == carry(far, near) == []
    assert all(end.established for end in ends)
    return near, far, *ends


def test_a_private_session_carries_records_alone() -> None:
    near, far, channel, _ = private_pair()
    near.put(b"secret", Lane.URGENT, None)
    near.put(bytes(3000), Lane.BULK, None)
    assert carry(near, far) == [b"secret", bytes(3000)]
    assert channel.sealed == 2


def test_until_the_channel_is_established_no_message_goes() -> None:
    channel = FakeChannel(client=True)
    near = side(channel=channel)
    near.put(b"secret", Lane.URGENT, None)
    channel.start()
    sent = b""
    while (sending := near.next_data(0.0)) is not None:
        sent += sending.piece.data
        near.take_answer(ack(near.sender.next_sequence, FULL), 0.0)
    assert b"secret" not in sent
    assert len(sent) > channel.flights[0]


@pytest.mark.parametrize("frame", [data(0, b""), data(0, b"x", more=True)])
def test_a_private_session_refuses_what_is_no_record(frame: Frame) -> None:
    with pytest.raises(RemoteProtocolError, match="records alone"):
        side(channel=FakeChannel(client=False)).take_data(frame)


def test_a_record_that_is_not_the_peers_is_refused() -> None:
    near, far, _, _ = private_pair()
    near.put(b"secret", Lane.URGENT, None)
    sending = near.next_data(0.0)
    assert sending is not None
    changed = sending.piece.data[:-1] + bytes([sending.piece.data[-1] ^ 1])
    with pytest.raises(ChannelRefused):
        far.take_data(data(sending.sequence, changed))
