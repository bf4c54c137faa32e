"""One session's messages: acknowledgements say what came, how well, and how much more there is room for."""

from __future__ import annotations

from protocols.pmp.exchange import Exchange
from protocols.pmp.handshake import LinkSettings
from protocols.pmp.lanes import Lane
from protocols.pmp.wire import Frame, FrameKind, FrameScanner

SETTINGS = LinkSettings(frame_payload=64, window=8)


def exchange() -> Exchange:
    """Make one side without a private channel."""
    return Exchange(SETTINGS, FrameScanner(), None)


def data(sequence: int, payload: bytes, *, more: bool = False, urgent: bool = False) -> Frame:
    """Make a DATA frame."""
    return Frame(FrameKind.DATA, 1, sequence, 0, payload, more, urgent)


def test_an_answer_is_quality_credit_and_bitmap_from_the_low_byte_without_trailing_zeros() -> None:
    side = exchange()
    side.take_data(data(0, b"first"))
    assert side.next_answer(carried=False) == bytes([0, 8])
    side.take_data(data(3, b"fourth"))  # 1 is awaited, so 3 is the second after it
    assert side.next_answer(carried=False) == bytes([0, 8, 0b10])


def test_nothing_is_due_where_nothing_came() -> None:
    assert exchange().next_answer(carried=False) is None


def test_what_is_sent_arrives() -> None:
    near, far = exchange(), exchange()
    near.put(b"question", Lane.URGENT, None)
    sending = near.next_data(0.0)
    assert sending is not None
    assert far.take_data(data(sending.sequence, sending.piece.data, urgent=True)) == [b"question"]
