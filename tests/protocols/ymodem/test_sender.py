"""The sending end against the reference's figures and against receivers that misbehave."""

from __future__ import annotations

from random import Random

import pytest

from protocols.errors import DeadlineExceeded, LinkLost, LocalProtocolError, RemoteProtocolError
from protocols.ymodem.blocks import build_block
from protocols.ymodem.codes import ABORT, RETRIES, SENDER_SECONDS, Variant
from protocols.ymodem.events import SenderEvent, TransferCancelled, TransferDone, TransferFailed
from protocols.ymodem.sender import STREAM_BYTES, Sender
from protocols.ymodem.states import SenderState
from tests.protocols.ymodem.rig import content, sender_of


def told(sender: Sender, *answers: bytes) -> list[bytes]:
    """Start a sender, give it answers one after the other, and return what it sends after each."""
    sender.start(0.0)
    out = []
    for answer in answers:
        sender.receive_bytes(answer, 1.0)
        out.append(sender.bytes_to_send())
    return out


def end_of(sender: Sender) -> SenderEvent:
    event = sender.next_event()
    assert event is not None
    assert sender.state is SenderState.OVER
    assert sender.next_event() is None
    return event


def fault_of(sender: Sender) -> Exception:
    event = end_of(sender)
    assert isinstance(event, TransferFailed)
    return event.fault


def header(name: bytes, size: int) -> bytes:
    return build_block(0, (name + b"\0" + str(size).encode()).ljust(128, b"\0"), crc=True)


def test_a_batch_of_one_file_as_figure_3_and_5_draw_it() -> None:
    data = content(1100)
    sender = sender_of(Variant.YMODEM, data, b"foo.c")
    sent = told(sender, b"C", b"\x06", b"C", b"\x06", b"\x06", b"\x15", b"\x06", b"C", b"\x06")
    assert sent == [
        header(b"foo.c", 1100),
        b"",
        build_block(1, data[:1024], crc=True),
        build_block(2, data[1024:] + b"\x1a" * 52, crc=True),
        b"\x04",
        b"\x04",
        b"",
        build_block(0, bytes(128), crc=True),
        b"",
    ]
    assert end_of(sender) == TransferDone(1100)


def test_xmodem_1k_as_figure_1_draws_it() -> None:
    data = content(2000)
    sender = sender_of(Variant.XMODEM_1K, data)
    sent = told(sender, b"C", b"\x06", b"\x06", b"\x06")
    assert sent == [
        build_block(1, data[:1024], crc=True),
        build_block(2, data[1024:] + b"\x1a" * 48, crc=True),
        b"\x04",
        b"",
    ]
    assert end_of(sender) == TransferDone(2000)


def test_xmodem_to_one_that_knows_the_checksum_only() -> None:
    data = content(128)
    assert told(sender_of(Variant.XMODEM_1K, data), b"\x15") == [build_block(1, data, crc=False)]


def test_the_last_of_many_questions_counts() -> None:
    data = content(128)
    assert told(sender_of(Variant.XMODEM_1K, data), b"CCCC\x15") == [build_block(1, data, crc=False)]
    assert told(sender_of(Variant.XMODEM_1K, data), b"\x15CC") == [build_block(1, data, crc=True)]


def test_noise_that_was_taken_for_a_nak_is_put_right_by_the_next_question() -> None:
    data = content(128)
    assert told(sender_of(Variant.XMODEM_1K, data), b"\x15", b"C") == [
        build_block(1, data, crc=False),
        build_block(1, data, crc=True),
    ]


def test_ymodem_g_as_figure_8_draws_it() -> None:
    data = content(1152)
    sender = sender_of(Variant.YMODEM_G, data, b"foo.c")
    sent = told(sender, b"G", b"G", b"\x06", b"G")
    assert sent == [
        header(b"foo.c", 1152),
        build_block(1, data[:1024], crc=True) + build_block(2, data[1024:], crc=True) + b"\x04",
        b"",
        build_block(0, bytes(128), crc=True),
    ]
    assert end_of(sender) == TransferDone(1152)


def test_ymodem_g_serves_one_that_asks_for_ymodem_and_ymodem_does_not_stream() -> None:
    data = content(2048)
    assert told(sender_of(Variant.YMODEM_G, data), b"C", b"\x06", b"C")[2] == build_block(1, data[:1024], crc=True)
    assert told(sender_of(Variant.YMODEM, data), b"G", b"C") == [b"", header(b"dataset", 2048)]


def test_a_stream_is_given_out_little_by_little_in_whole_blocks() -> None:
    sender = sender_of(Variant.YMODEM_G, content(300_000))
    told(sender, b"G")
    sender.receive_bytes(b"G", 1.0)
    assert len(sender.bytes_to_send(1)) == 1029
    assert len(sender.bytes_to_send(1030)) == 2058
    deadline = sender.next_deadline()
    assert deadline is not None
    assert deadline < 1.1, "more is due soon"
    sender.handle_timeout(500.0)  # a slow line is no silent receiver
    assert sender.state is SenderState.SENDING
    assert STREAM_BYTES <= len(sender.bytes_to_send()) < STREAM_BYTES + 1029


def test_a_block_is_sent_again_so_many_times() -> None:
    sender = sender_of(Variant.YMODEM, content(128))
    told(sender, b"C", b"\x06", b"C")
    block = build_block(1, content(128), crc=True)
    for _ in range(RETRIES):
        sender.receive_bytes(b"\x15", 2.0)
        assert sender.bytes_to_send() == block
    sender.receive_bytes(b"\x15", 2.0)
    assert isinstance(fault_of(sender), RemoteProtocolError)
    assert sender.bytes_to_send() == ABORT


def test_a_question_repeats_the_first_block_and_later_it_is_noise() -> None:
    data = content(2048)
    sender = sender_of(Variant.YMODEM, data)
    first = build_block(1, data[:1024], crc=True)
    assert told(sender, b"C", b"\x06", b"C", b"C", b"\x06")[2:] == [
        first,
        first,
        build_block(2, data[1024:], crc=True),
    ]
    sender.receive_bytes(b"CG?", 2.0)
    assert sender.bytes_to_send() == b""


def test_answers_that_came_before_the_block_count_for_nothing() -> None:
    data = content(4096)
    sender = sender_of(Variant.YMODEM, data)
    told(sender, b"C", b"\x06")
    sender.receive_bytes(b"C\x06\x06\x06\x06", 1.0)
    assert sender.bytes_to_send() == build_block(1, data[:1024], crc=True)


@pytest.mark.parametrize("answers", [(), (b"C",), (b"C", b"\x06", b"C"), (b"C", b"\x06", b"C", b"\x06")])
def test_two_can_end_it_anywhere_and_one_does_not(answers: tuple[bytes, ...]) -> None:
    sender = sender_of(Variant.YMODEM, content(128))
    told(sender, *answers)
    sender.receive_bytes(b"\x18a\x18", 2.0)
    assert sender.state is not SenderState.OVER
    sender.receive_bytes(b"\x18", 2.0)
    assert isinstance(fault_of(sender), TransferCancelled)
    assert sender.bytes_to_send() == b""


def test_a_minute_without_a_question_or_an_answer() -> None:
    sender = sender_of(Variant.YMODEM, content(128))
    sender.start(0.0)
    sender.receive_bytes(b"hello", 30.0)
    sender.handle_timeout(59.0)
    assert sender.state is SenderState.OPENING
    assert sender.next_deadline() == SENDER_SECONDS
    sender.handle_timeout(60.0)
    fault = fault_of(sender)
    assert isinstance(fault, LinkLost)
    assert (fault.answered, fault.noise) == (False, 5)
    assert sender.bytes_to_send() == ABORT

    sender = sender_of(Variant.YMODEM, content(128))
    told(sender, b"C")
    sender.handle_timeout(61.0)
    assert isinstance(fault_of(sender), DeadlineExceeded)


def test_its_owner_may_give_up() -> None:
    sender = sender_of(Variant.YMODEM, content(128))
    told(sender, b"C")
    sender.cancel()
    assert sender.bytes_to_send() == ABORT
    assert sender.next_event() is None
    assert sender.next_deadline() is None
    sender.cancel()
    assert sender.bytes_to_send() == b""


def test_a_file_that_gives_other_bytes_than_it_has_is_our_defect() -> None:
    sender = Sender(Variant.XMODEM_1K, b"n", 100, lambda _offset, _length: b"short")
    sender.start(0.0)
    with pytest.raises(LocalProtocolError):
        sender.receive_bytes(b"C", 0.0)
    with pytest.raises(LocalProtocolError):
        sender.start(1.0)


@pytest.mark.parametrize("variant", list(Variant))
def test_i10_any_answers_end_in_an_event(variant: Variant) -> None:
    random = Random(f"sender {variant}")
    codes = b"\x06\x06\x06\x06\x15CG\x18\x04a"
    for _ in range(500):
        sender = sender_of(variant, content(random.choice((0, 100, 5000))))
        sender.start(0.0)
        now = 0.0
        while (event := sender.next_event()) is None:
            now += random.choice((0.0, 0.1, 20.0, 61.0))
            answers = bytes(random.choice(codes) for _ in range(random.randrange(4)))
            sender.receive_bytes(answers, now)
            assert len(sender.bytes_to_send()) < STREAM_BYTES
            sender.handle_timeout(now)
        assert sender.state is SenderState.OVER
        assert isinstance(event, TransferDone | TransferFailed)
