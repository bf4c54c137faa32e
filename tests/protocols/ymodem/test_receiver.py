"""The receiving end: the reference's figures, a bad line, and senders that lie, drip, flood or stop."""

from __future__ import annotations

from random import Random

import pytest

from protocols.errors import DeadlineExceeded, LinkLost, LocalProtocolError, ProtocolError, RemoteProtocolError
from protocols.ymodem import codes
from protocols.ymodem.blocks import build_block
from protocols.ymodem.codes import ABORT, Variant
from protocols.ymodem.events import DataReceived, HeaderReceived, TransferCancelled, TransferDone, TransferFailed
from protocols.ymodem.header import FileHeader
from protocols.ymodem.receiver import Receiver
from protocols.ymodem.states import ReceiverState
from tests.protocols.ymodem.rig import LIMIT, content, flips, losses, sender_of, transfer

SIZES = (0, 1, 127, 128, 129, 1023, 1024, 1025, 100_000)


def header(text: bytes) -> bytes:
    return build_block(0, text.ljust(128, b"\0"), crc=True)


def block(number: int, data: bytes) -> bytes:
    return build_block(number, data, crc=True)


def told(receiver: Receiver, *pieces: bytes, now: float = 1.0) -> list[bytes]:
    """Start a receiver, feed it, and return what it says at first and after each piece."""
    receiver.start(0.0)
    out = [receiver.bytes_to_send()]
    for piece in pieces:
        receiver.receive_bytes(piece, now)
        out.append(receiver.bytes_to_send())
    return out


def data_of(receiver: Receiver) -> bytes:
    """Take the events up to the last and return their data; the end must have been good."""
    data = b""
    while not isinstance(event := receiver.next_event(), TransferDone):
        assert event is not None
        if isinstance(event, DataReceived):
            data += event.data
        else:
            assert isinstance(event, HeaderReceived), event
    assert event.size == len(data)
    return data


def fault_of(receiver: Receiver) -> ProtocolError:
    """Take the events and return the fault that ended it."""
    while not isinstance(event := receiver.next_event(), TransferFailed):
        assert event is not None, "it goes on"
        assert not isinstance(event, TransferDone)
    assert receiver.state is ReceiverState.OVER
    assert receiver.next_deadline() is None
    return event.fault


def wait(receiver: Receiver, times: int = 1) -> bytes:
    """Turn the clock to the receiver's deadline so many times; return what it says."""
    out = b""
    for _ in range(times):
        deadline = receiver.next_deadline()
        if deadline is None:
            break
        receiver.handle_timeout(deadline)
        out += receiver.bytes_to_send()
    return out


# ---------------------------------------------------------------------- as the reference draws it
def test_a_batch_of_one_file_as_figure_3_draws_it() -> None:
    data = content(300)
    receiver = Receiver(Variant.YMODEM, LIMIT)
    said = told(
        receiver,
        header(b"foo.c\x00300"),
        block(1, data[:128]),
        block(2, data[128:256]),
        block(3, data[256:] + b"\x1a" * 84),
        b"\x04",
        b"\x04",
        block(0, bytes(128)),
    )
    assert said == [b"C", b"\x06C", b"\x06", b"\x06", b"\x06", b"\x15", b"\x06C", b"\x06"]
    assert receiver.next_event() == HeaderReceived(FileHeader(b"foo.c", 300))
    assert data_of(receiver) == data


def test_ymodem_g_as_figure_8_draws_it() -> None:
    data = content(1152)
    receiver = Receiver(Variant.YMODEM_G, LIMIT)
    stream = block(1, data[:1024]) + block(2, data[1024:]) + b"\x04"
    said = told(receiver, header(b"foo.c\x001152"), stream, block(0, bytes(128)))
    assert said == [b"G", b"G", b"\x06G", b""]
    assert data_of(receiver) == data


def test_xmodem_falls_back_to_the_checksum_as_figure_13_draws_it() -> None:
    receiver = Receiver(Variant.XMODEM_1K, LIMIT, size=100)
    receiver.start(0.0)
    assert receiver.bytes_to_send() + wait(receiver, 4) == b"CCCC\x15"
    assert receiver.next_deadline() == 4 * codes.FIRST_SECONDS + codes.RECEIVER_SECONDS
    receiver.receive_bytes(build_block(1, content(100).ljust(128, b"\x1a"), crc=False), 20.0)
    receiver.receive_bytes(b"\x04", 20.0)
    receiver.receive_bytes(b"\x04", 20.0)
    assert receiver.bytes_to_send() == b"\x06\x15\x06"
    assert data_of(receiver) == content(100)


# ---------------------------------------------------------------------- whole transfers
@pytest.mark.parametrize("variant", list(Variant))
@pytest.mark.parametrize("size", SIZES)
def test_files_of_many_sizes(variant: Variant, size: int) -> None:
    data = content(size)
    receiver = Receiver(variant, LIMIT, None if variant.batch else size)
    result = transfer(sender_of(variant, data), receiver)
    assert (result.data, result.received, result.sent) == (data, size, size)
    assert [each.header for each in result.headers] == ([FileHeader(b"dataset", size)] if variant.batch else [])


@pytest.mark.parametrize("variant", list(Variant))
def test_byte_by_byte_is_the_same(variant: Variant) -> None:
    data = content(3000)
    receiver, sender = Receiver(variant, LIMIT, 3000), sender_of(variant, data)
    sender.start(0.0)
    receiver.start(0.0)
    moved = True
    while moved:
        moved = False
        for source, target in ((sender, receiver), (receiver, sender)):
            for each in source.bytes_to_send():
                moved = True
                target.receive_bytes(bytes([each]), 0.0)
    assert data_of(receiver) == data


@pytest.mark.parametrize("variant", [Variant.XMODEM_1K, Variant.YMODEM])
@pytest.mark.parametrize("seed", range(20))
def test_through_noise_it_arrives_or_says_that_it_does_not(variant: Variant, seed: int) -> None:
    random = Random(f"noise {variant} {seed}")
    data = content(random.randrange(20_000))
    spoil = (flips, losses)[seed % 2]
    receiver = Receiver(variant, LIMIT, len(data))
    result = transfer(sender_of(variant, data), receiver, spoil(random, 3e-5), spoil(random, 1e-3))
    assert result.received == len(data), result.receiver_fault
    assert result.data == data


def test_a_latency_longer_than_the_silence_of_a_block() -> None:
    result = transfer(sender_of(Variant.YMODEM, content(5000)), Receiver(Variant.YMODEM, LIMIT), latency=1.2)
    assert result.data == content(5000)


# ---------------------------------------------------------------------- an answer is lost, a block comes again
def test_a_repeated_block_is_acknowledged_and_dropped() -> None:
    receiver = Receiver(Variant.YMODEM, LIMIT)
    head, first = header(b"n\x00200"), block(1, content(128))
    said = told(
        receiver, head, head, first, first, block(2, b"x" * 128), b"\x04", b"\x04", b"\x04", block(0, bytes(128))
    )
    assert said[1:] == [b"\x06C", b"\x06C", b"\x06", b"\x06", b"\x06", b"\x15", b"\x06C", b"\x06C", b"\x06"]
    assert data_of(receiver) == content(128) + b"x" * 72


def test_i10_repeating_for_ever_ends() -> None:
    receiver = Receiver(Variant.YMODEM, LIMIT)
    told(receiver, header(b"n\x00200"), block(1, bytes(128)), *[block(1, bytes(128))] * codes.RETRIES)
    assert receiver.state is ReceiverState.RECEIVING
    receiver.receive_bytes(block(1, bytes(128)), 1.0)
    assert isinstance(fault_of(receiver), RemoteProtocolError)
    assert receiver.bytes_to_send() == ABORT


def test_another_number_than_the_next_is_fatal() -> None:
    for pieces in ((block(1, bytes(128)),), (header(b"n\x00200"), block(2, bytes(128))), (block(255, bytes(128)),)):
        receiver = Receiver(Variant.YMODEM, LIMIT)
        assert told(receiver, *pieces)[-1] == ABORT
        assert isinstance(fault_of(receiver), RemoteProtocolError)


def test_an_eot_that_was_noise_does_not_end_the_file() -> None:
    receiver = Receiver(Variant.XMODEM_1K, LIMIT, size=200)
    first, second = block(1, content(128)), block(2, b"y" * 128)
    said = told(receiver, first, b"\x04", second, b"\x04", b"\x04")
    assert said == [b"C", b"\x06", b"\x15", b"\x06", b"\x15", b"\x06"]
    assert data_of(receiver) == content(128) + b"y" * 72


# ---------------------------------------------------------------------- broken blocks
def test_a_broken_block_is_refused_when_the_line_is_clear() -> None:
    receiver = Receiver(Variant.YMODEM, LIMIT)
    bad = bytearray(block(1, content(128)))
    bad[50] ^= 1
    assert told(receiver, header(b"n\x00200"), bytes(bad))[-1] == b"", "not while more may come"
    receiver.receive_bytes(b"rest", 1.1)
    assert receiver.next_deadline() == pytest.approx(1.1 + codes.SETTLE_SECONDS)
    assert wait(receiver) == b"C", "the first block of a file is asked for"
    receiver.receive_bytes(block(1, content(128)), 3.0)
    assert receiver.bytes_to_send() == b"\x06"
    receiver.receive_bytes(b"\x01\x02", 4.0)
    receiver.receive_bytes(b"\xfd", 4.5)
    assert receiver.next_deadline() == 4.5 + codes.CHARACTER_SECONDS
    assert wait(receiver) == b"\x15"


def test_what_a_program_prints_before_it_sends_is_no_error() -> None:
    for variant in (Variant.YMODEM, Variant.YMODEM_G):
        receiver = Receiver(variant, LIMIT)
        said = told(receiver, b"sending in batch mode etc.\r\n" * 5, header(b"n\x000"))
        assert said[2].endswith(said[0])


def test_any_error_ends_a_stream() -> None:
    for piece in (b"a", block(1, bytes(128))[:-1] + b"\x55", block(2, bytes(128)), header(b"n\x00200"), b"\x04"):
        receiver = Receiver(Variant.YMODEM_G, LIMIT)
        assert told(receiver, header(b"n\x00200"), piece)[-1] == ABORT, piece
        assert isinstance(fault_of(receiver), RemoteProtocolError)


def test_a_stream_that_stops_is_over_after_one_silence() -> None:
    receiver = Receiver(Variant.YMODEM_G, LIMIT)
    told(receiver, header(b"n\x00200"), block(1, bytes(128)))
    assert wait(receiver) == ABORT
    assert isinstance(fault_of(receiver), DeadlineExceeded)


# ---------------------------------------------------------------------- lengths
@pytest.mark.parametrize(
    ("size", "text"),
    [
        (None, b"n\x00" + str(LIMIT + 1).encode()),
        (None, b"n\x00" + b"9" * 18),
        (None, b"n\x00" + b"9" * 60),
        (None, b"n\x00-5"),
        (100, b"n\x00101"),
        (100, b"n\x0099"),
    ],
)
def test_i10_a_length_that_cannot_be(size: int | None, text: bytes) -> None:
    receiver = Receiver(Variant.YMODEM, LIMIT, size)
    assert told(receiver, header(text))[-1] == ABORT
    assert isinstance(fault_of(receiver), RemoteProtocolError)


def test_a_sender_that_names_no_length_is_trimmed_by_what_is_known() -> None:
    for size, data in ((100, content(100)), (None, content(100) + b"\x1a" * 28)):
        receiver = Receiver(Variant.YMODEM, LIMIT, size)
        told(receiver, header(b"n"), block(1, content(100).ljust(128, b"\x1a")), b"\x04", b"\x04", block(0, bytes(128)))
        assert data_of(receiver) == data


def test_without_any_length_the_limit_holds() -> None:
    receiver = Receiver(Variant.YMODEM, 200)
    assert told(receiver, header(b"n"), block(1, bytes(128)), block(2, bytes(128)))[-1] == ABORT
    assert isinstance(fault_of(receiver), RemoteProtocolError)


def test_more_than_announced_is_refused_and_a_block_of_padding_is_not() -> None:
    for last, answer in ((b"\x1a" * 128, b"\x06"), (b"x" * 128, ABORT)):
        receiver = Receiver(Variant.YMODEM, LIMIT)
        assert told(receiver, header(b"n\x00128"), block(1, content(128)), block(2, last))[-1] == answer
    receiver = Receiver(Variant.YMODEM, LIMIT)
    padding = [block(number, b"\x1a" * 128) for number in (2, 3)]
    assert told(receiver, header(b"n\x00128"), block(1, content(128)), *padding)[-1] == ABORT
    assert isinstance(fault_of(receiver), RemoteProtocolError)


@pytest.mark.parametrize("variant", list(Variant))
def test_less_than_announced_is_refused(variant: Variant) -> None:
    receiver = Receiver(variant, LIMIT, 300)
    pieces = [header(b"n\x00300")] if variant.batch else []
    said = told(receiver, *pieces, block(1, content(128)), b"\x04", b"\x04")
    assert ABORT in said
    assert isinstance(fault_of(receiver), RemoteProtocolError)


def test_a_batch_without_a_file_and_one_with_two() -> None:
    receiver = Receiver(Variant.YMODEM, LIMIT)
    assert told(receiver, header(b""))[-1] == b"\x06"
    assert isinstance(fault_of(receiver), RemoteProtocolError)
    receiver = Receiver(Variant.YMODEM, LIMIT)
    assert told(receiver, header(b"a\x000"), b"\x04", b"\x04", header(b"b\x001"))[-1] == ABORT
    assert isinstance(fault_of(receiver), RemoteProtocolError)


# ---------------------------------------------------------------------- the end, silence, aborts
def test_a_batch_that_nobody_ends_is_over_after_a_few_questions() -> None:
    receiver = Receiver(Variant.YMODEM, LIMIT)
    told(receiver, header(b"n\x00100"), block(1, content(100).ljust(128, b"\0")), b"\x04", b"\x04")
    assert wait(receiver, 10) == b"C" * (codes.CLOSING_TRIES - 1)
    assert data_of(receiver) == content(100)


@pytest.mark.parametrize("variant", list(Variant))
def test_nobody_there(variant: Variant) -> None:
    receiver = Receiver(variant, LIMIT)
    receiver.start(0.0)
    receiver.receive_bytes(b"login: ", 1.0)
    asked = wait(receiver, 100)
    assert asked.endswith(ABORT)
    fault = fault_of(receiver)
    assert isinstance(fault, LinkLost)
    assert (fault.answered, fault.noise) == (False, 7)


def test_a_sender_that_stops_half_way() -> None:
    receiver = Receiver(Variant.YMODEM, LIMIT)
    told(receiver, header(b"n\x00500"), block(1, bytes(128)))
    assert wait(receiver, 100) == b"\x15" * codes.RETRIES + ABORT
    assert isinstance(fault_of(receiver), DeadlineExceeded)


@pytest.mark.parametrize("pieces", [(), (header(b"n\x00500"),), (header(b"n\x00500"), block(1, bytes(128)))])
def test_two_can_end_it_and_one_does_not(pieces: tuple[bytes, ...]) -> None:
    receiver = Receiver(Variant.YMODEM, LIMIT)
    told(receiver, *pieces)
    receiver.receive_bytes(b"\x18", 2.0)
    assert receiver.state is not ReceiverState.OVER
    receiver.receive_bytes(b"\x18", 2.0)
    assert isinstance(fault_of(receiver), TransferCancelled)
    assert receiver.bytes_to_send() == b""


def test_an_abort_inside_a_block_is_understood_when_it_is_quiet() -> None:
    for tail in (ABORT, b"\x18" * 10 + b"\x08" * 10):
        receiver = Receiver(Variant.YMODEM, LIMIT)
        told(receiver, header(b"n\x00500"), b"\x01\x01\xfeabc" + tail)
        assert wait(receiver) == b""
        assert isinstance(fault_of(receiver), TransferCancelled)


def test_its_owner_may_give_up() -> None:
    receiver = Receiver(Variant.YMODEM, LIMIT)
    told(receiver, header(b"n\x00500"))
    receiver.cancel()
    assert receiver.bytes_to_send() == ABORT
    assert receiver.next_deadline() is None
    receiver.receive_bytes(block(1, bytes(128)), 2.0)
    assert receiver.bytes_to_send() == b""
    with pytest.raises(LocalProtocolError):
        receiver.start(3.0)


# ---------------------------------------------------------------------- hostile senders
@pytest.mark.parametrize("variant", list(Variant))
@pytest.mark.parametrize("gap", [0.05, 0.9])
def test_i10_a_line_that_is_never_quiet_ends(variant: Variant, gap: float) -> None:
    random = Random(f"flood {variant} {gap}")
    receiver = Receiver(variant, LIMIT)
    receiver.start(0.0)
    now = 0.0
    while receiver.state is not ReceiverState.OVER:
        now += gap
        assert now < 600, "no hang"
        receiver.receive_bytes(random.choice((random.randbytes(40), b"\x01", b"\x02\x00\xff")), now)
        receiver.handle_timeout(now)
        assert len(receiver._reader._buffer) <= 1029
        assert len(receiver.bytes_to_send()) <= 32
    assert isinstance(fault_of(receiver), ProtocolError)


def test_i10_a_block_whose_bytes_drip_is_given_up() -> None:
    receiver = Receiver(Variant.YMODEM, LIMIT)
    told(receiver, header(b"n\x005000"), b"\x02\x01\xfe")
    now = 1.0
    while not (said := receiver.bytes_to_send()):
        now += 0.9
        assert now < 1.0 + codes.BLOCK_SECONDS + 1, "far from the 15 minutes that its bytes would take"
        receiver.receive_bytes(b"x", now)
        receiver.handle_timeout(now)
    assert said == b"C"


@pytest.mark.parametrize("variant", list(Variant))
def test_i10_pieces_of_a_transfer_in_any_order_end_in_an_event(variant: Variant) -> None:
    random = Random(f"pieces {variant}")
    pieces = [header(b"n\x00300"), header(b""), b"\x04", b"\x18", b"noise", bytes(3)]
    pieces += [block(number, random.randbytes(128)) for number in (1, 2, 3, 4, 255)] + [block(1, bytes(1024))[:500]]
    for _ in range(300):
        receiver = Receiver(variant, LIMIT, random.choice((None, 300)))
        receiver.start(0.0)
        now, ends = 0.0, 0
        while receiver.state is not ReceiverState.OVER:
            now += random.choice((0.0, 0.3, 1.5, 12.0))
            receiver.receive_bytes(random.choice(pieces), now)
            receiver.handle_timeout(now)
            receiver.bytes_to_send()
        while (event := receiver.next_event()) is not None:
            ends += isinstance(event, TransferDone | TransferFailed)
        assert ends == 1
