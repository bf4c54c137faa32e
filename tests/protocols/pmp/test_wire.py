"""Frames: found whole, bytewise and through garbage; nothing broken is believed; the buffer is bounded."""

from __future__ import annotations

import zlib
from itertools import combinations
from random import Random

import pytest

from protocols.errors import LocalProtocolError
from protocols.pmp.fec import PARITY, STRONGEST, parity, parity_length
from protocols.pmp.wire import (
    CHECKSUM_BYTES,
    HEADER_BYTES,
    MAX_FRAME,
    MAX_PAYLOAD,
    OVERHEAD_BYTES,
    START_BYTE,
    Frame,
    FrameKind,
    FrameScanner,
    build_frame,
    header_checksum,
)
from tests.protocols.pmp import note

DUMPS = {name: dump for name, dump in note.dumps().items() if name.startswith("FRAME.")}
STREAM = b"".join(DUMPS.values())
EXPECTED = [FrameScanner().feed(dump)[0] for dump in DUMPS.values()]


def fed(*pieces: bytes) -> tuple[list[Frame], FrameScanner]:
    """Feed pieces to a scanner and return what it found, and the scanner."""
    scanner = FrameScanner()
    return [frame for piece in pieces for frame in scanner.feed(piece)], scanner


def forged_header(**changed: int) -> bytes:
    """Make a header with a right checksum around wrong fields."""
    fields = {"start": 0xA5, "version": 1, "flags": 1, "session": 0, "sequence": 0, "acknowledged": 0, "length": 4}
    fields |= changed
    sizes = {"start": 1, "version": 1, "flags": 1}
    header = b"".join(value.to_bytes(sizes.get(name, 2), "big") for name, value in fields.items())
    return header + header_checksum(header).to_bytes(2, "big")


def test_all_dumps_in_one_stream() -> None:
    found, scanner = fed(STREAM)
    assert found == EXPECTED
    assert (scanner.skipped_bytes, scanner.broken_frames) == (0, 0)


def test_bytewise() -> None:
    found, scanner = fed(*(STREAM[at : at + 1] for at in range(len(STREAM))))
    assert found == EXPECTED
    assert scanner.skipped_bytes == 0


@pytest.mark.parametrize("seed", range(20))
def test_in_pieces_of_any_size(seed: int) -> None:
    random = Random(seed)
    pieces, at = [], 0
    while at < len(STREAM):
        size = random.randrange(1, 60)
        pieces.append(STREAM[at : at + size])
        at += size
    assert fed(*pieces)[0] == EXPECTED


@pytest.mark.parametrize("name", DUMPS)
def test_trailing_bytes_wait_for_what_follows(name: str) -> None:
    found, scanner = fed(DUMPS[name] + START_BYTE)
    assert len(found) == 1
    assert scanner.skipped_bytes == 0
    assert scanner.feed(DUMPS[name][1:]) == found


@pytest.mark.parametrize("name", DUMPS)
def test_a_frame_cut_at_any_byte_is_none(name: str) -> None:
    for end in range(len(DUMPS[name])):
        assert fed(DUMPS[name][:end])[0] == []


@pytest.mark.parametrize("seed", range(30))
def test_garbage_before_and_after_costs_nothing(seed: int) -> None:
    random = Random(seed)
    parts, garbage = [], 0
    for dump in DUMPS.values():
        noise = random.randbytes(random.randrange(30)).replace(START_BYTE, b"\x00") + START_BYTE * random.randrange(3)
        garbage += len(noise)
        parts += [noise, dump]
    found, scanner = fed(b"".join(parts))
    assert found == EXPECTED
    assert scanner.skipped_bytes == garbage


def test_garbage_inside_a_frame_costs_that_frame_only() -> None:
    data = DUMPS["FRAME.DATA.more"]
    for at in range(1, len(data)):
        found, scanner = fed(DUMPS["FRAME.PING"] + data[:at] + b"\x00\x5a\x01" + data[at:] + STREAM)
        assert found[0].kind is FrameKind.PING
        assert found[-len(EXPECTED) :] == EXPECTED
        assert len(found) == len(EXPECTED) + 1, f"inserted at {at}"
        assert scanner.skipped_bytes == len(data) + 3


def test_every_bit_error_costs_that_frame_only() -> None:
    data = DUMPS["FRAME.DATA"]
    for bit in range(8 * len(data)):
        broken = bytearray(data)
        broken[bit // 8] ^= 1 << bit % 8
        assert fed(bytes(broken) + STREAM)[0] == EXPECTED, f"bit {bit}"


def test_every_lost_byte_costs_that_frame_and_what_it_swallowed_at_most() -> None:
    data = DUMPS["FRAME.DATA"]
    for at in range(len(data)):
        assert fed(data[:at] + data[at + 1 :] + STREAM)[0] == EXPECTED, f"byte {at}"


def test_a_broken_length_never_waits() -> None:
    data = DUMPS["FRAME.ACK"]
    for length in (b"\x40\x00", b"\xff\xff", b"\x00\x01"):
        found, scanner = fed(data[:9] + length + data[11:] + DUMPS["FRAME.PING"])
        assert [frame.kind for frame in found] == [FrameKind.PING]
        assert scanner.held_bytes == 0


@pytest.mark.parametrize(
    "changed",
    [
        {"version": 0},
        {"version": 2},
        {"flags": 7},
        {"flags": 15},
        {"flags": 0xF7},
        {"length": MAX_PAYLOAD + 1},
        {"length": 65_535},
    ],
)
def test_a_header_that_means_nothing_here_is_garbage(changed: dict[str, int]) -> None:
    found, scanner = fed(forged_header(**changed) + DUMPS["FRAME.PING"])
    assert [frame.kind for frame in found] == [FrameKind.PING]
    assert scanner.skipped_bytes == HEADER_BYTES
    assert scanner.broken_frames == 0


def test_a_broken_frame_is_counted() -> None:
    data = DUMPS["FRAME.DATA"]
    _found, scanner = fed(data[:-1] + bytes([data[-1] ^ 1]))
    assert scanner.broken_frames == 1


def test_i10_the_buffer_is_bounded_whatever_comes() -> None:
    random = Random(2)
    scanner = FrameScanner()
    hostile = [random.randbytes(5000), START_BYTE * 5000, forged_header(length=MAX_PAYLOAD) * 400, forged_header()[:5]]
    for _ in range(40):
        scanner.feed(random.choice(hostile))
        assert scanner.held_bytes < MAX_FRAME


def test_a_frame_of_the_largest_size() -> None:
    frame = Frame(FrameKind.DATA, 65_535, 65_535, 65_535, bytes(range(256)) * 64, more=True)
    data = build_frame(frame)
    assert len(data) == MAX_PAYLOAD + OVERHEAD_BYTES
    assert fed(data)[0] == [frame]
    assert fed(*(data[at : at + 1000] for at in range(0, len(data), 1000)))[0] == [frame]


def test_give_up_looks_behind_a_frame_that_never_ended() -> None:
    scanner = FrameScanner()
    assert scanner.feed(forged_header(length=MAX_PAYLOAD) + STREAM) == []
    scanner.give_up()
    assert scanner.feed(b"") == EXPECTED
    assert scanner.skipped_bytes == HEADER_BYTES
    scanner.give_up()
    assert scanner.feed(STREAM) == EXPECTED


@pytest.mark.parametrize(
    "frame",
    [
        Frame(FrameKind.DATA, 0, 0, 0, bytes(MAX_PAYLOAD + 1)),
        Frame(FrameKind.DATA, 65_536, 0, 0),
        Frame(FrameKind.DATA, 0, -1, 0),
        Frame(FrameKind.DATA, 0, 0, 65_536),
    ],
)
def test_a_frame_that_does_not_fit_is_our_fault(frame: Frame) -> None:
    with pytest.raises(LocalProtocolError):
        build_frame(frame)


# ------------------------------------------------------------------------------------------- mending and correcting
PAYLOAD = Random(7).randbytes(400)
LEVELS = range(1, STRONGEST + 1)


def turned(data: bytes, *bits: int) -> bytes:
    """Return bytes with some bits turned."""
    broken = bytearray(data)
    for bit in bits:
        broken[bit // 8] ^= 1 << bit % 8
    return bytes(broken)


def counts(scanner: FrameScanner) -> tuple[int, int, int, int, int]:
    """Return bytes taken, skipped, wrong and corrected, and broken frames."""
    return (
        scanner.taken_bytes,
        scanner.skipped_bytes,
        scanner.errors,
        scanner.corrected,
        scanner.broken_frames,
    )


@pytest.mark.parametrize("bit", range(8 * HEADER_BYTES))
def test_in_step_each_single_bit_of_a_header_is_mended(bit: int) -> None:
    first, data = DUMPS["FRAME.PING"], DUMPS["FRAME.DATA"]
    found, scanner = fed(first, turned(data, bit), STREAM)
    assert found[1:] == FrameScanner().feed(data) + EXPECTED
    assert counts(scanner) == (len(first + data + STREAM), 0, 1, 1, 0)
    spoilt = first + turned(data, bit)
    found, scanner = fed(*(spoilt[at : at + 1] for at in range(len(spoilt))))
    assert (len(found), scanner.errors, scanner.corrected) == (2, 1, 1), "counted once, though it was looked at twice"


@pytest.mark.parametrize("bit", range(8 * HEADER_BYTES))
def test_out_of_step_no_header_is_mended_since_it_may_be_none(bit: int) -> None:
    data = DUMPS["FRAME.DATA"]
    found, scanner = fed(b"!", turned(data, bit), STREAM)
    assert found == EXPECTED
    assert scanner.corrected == 0


def test_no_two_bits_of_a_header_are_ever_mended() -> None:
    first, data = DUMPS["FRAME.PING"], DUMPS["FRAME.ACK"]
    for bits in combinations(range(8 * HEADER_BYTES), 2):
        found, scanner = fed(first + turned(data, *bits) + STREAM)
        assert found[1:] == EXPECTED, f"bits {bits}"
        assert scanner.corrected == 0


def test_a_mended_header_needs_a_whole_frame_behind_it() -> None:
    first, data = DUMPS["FRAME.PING"], DUMPS["FRAME.DATA"]
    found, scanner = fed(first, turned(data, 30, 8 * HEADER_BYTES + 3), STREAM)
    assert found[1:] == EXPECTED
    assert scanner.broken_frames == 1


@pytest.mark.parametrize("level", LEVELS)
def test_a_frame_with_parity_is_its_payload_and_checksum_with_their_parity_behind(level: int) -> None:
    frame = Frame(FrameKind.DATA, 1, 2, 3, PAYLOAD, urgent=True)
    plain, data = build_frame(frame), build_frame(frame, level)
    assert data[2] == plain[2] | level << 6
    body = data[HEADER_BYTES : HEADER_BYTES + len(PAYLOAD) + CHECKSUM_BYTES]
    assert body[:-CHECKSUM_BYTES] == PAYLOAD
    assert int.from_bytes(body[-CHECKSUM_BYTES:], "big") == zlib.crc32(data[:HEADER_BYTES] + PAYLOAD)
    assert data[HEADER_BYTES + len(body) :] == parity(body, level)
    assert fed(data)[0] == [frame]
    assert fed(*(data[at : at + 1] for at in range(len(data))))[0] == [frame]


@pytest.mark.parametrize("level", LEVELS)
def test_wrong_bytes_behind_the_header_are_corrected_and_counted(level: int) -> None:
    random = Random(level)
    frame = Frame(FrameKind.DATA, 1, 2, 3, PAYLOAD)
    data = build_frame(frame, level)
    able = PARITY[level] // 2
    for wrong in range(able + 1):
        # All of them in one block: every second byte of the two blocks that there are.
        places = random.sample(range(HEADER_BYTES, HEADER_BYTES + len(PAYLOAD), 2), wrong)
        found, scanner = fed(turned(data, *(8 * place + random.randrange(8) for place in places)), STREAM)
        assert found == [frame, *EXPECTED]
        assert counts(scanner) == (len(data + STREAM), 0, wrong, wrong, 0)


@pytest.mark.parametrize("level", LEVELS)
def test_wrong_parity_alone_harms_nothing(level: int) -> None:
    frame = Frame(FrameKind.DATA, 1, 2, 3, PAYLOAD)
    data = build_frame(frame, level)
    spoilt = data[: -PARITY[level]] + bytes(byte ^ 0xFF for byte in data[-PARITY[level] :])
    assert fed(spoilt + STREAM)[0] == [frame, *EXPECTED]


@pytest.mark.parametrize("level", LEVELS)
def test_beyond_repair_costs_that_frame_only_and_counts_as_one_more_than_can_be_corrected(level: int) -> None:
    data = build_frame(Frame(FrameKind.DATA, 1, 2, 3, PAYLOAD), level)
    spoilt = bytearray(data)
    for place in range(HEADER_BYTES, HEADER_BYTES + 60, 2):
        spoilt[place] ^= 0x0F
    found, scanner = fed(bytes(spoilt) + STREAM)
    assert found == EXPECTED
    assert counts(scanner) == (len(data + STREAM), len(data), PARITY[level] // 2 + 1, 0, 1)


def test_a_header_beyond_mending_where_one_should_be_is_one_error() -> None:
    first, data = DUMPS["FRAME.PING"], DUMPS["FRAME.ACK"]
    found, scanner = fed(first + turned(data, 20, 40) + STREAM)
    assert found[1:] == EXPECTED
    assert counts(scanner) == (len(first + data + STREAM), len(data), 1, 0, 0)


def test_what_no_parity_counts_is_one_error_a_frame() -> None:
    data = DUMPS["FRAME.DATA"]
    found, scanner = fed(turned(data, 8 * HEADER_BYTES, 8 * HEADER_BYTES + 9), STREAM)
    assert found == EXPECTED
    assert counts(scanner) == (len(data + STREAM), len(data), 1, 0, 1)


@pytest.mark.parametrize("level", range(STRONGEST + 1))
def test_the_largest_frame_at_each_level_even_bytewise_in_step_and_out(level: int) -> None:
    frame = Frame(FrameKind.DATA, 65_535, 65_535, 65_535, bytes(range(256)) * 64, more=True)
    data = build_frame(frame, level)
    assert len(data) == MAX_PAYLOAD + OVERHEAD_BYTES + parity_length(MAX_PAYLOAD + CHECKSUM_BYTES, level) <= MAX_FRAME
    scanner, found = FrameScanner(), []
    for at in range(0, 2 * len(data), 100):
        found += scanner.feed((data + data)[at : at + 100])
        assert scanner.held_bytes < MAX_FRAME
    assert found == [frame, frame]
    assert scanner.held_bytes == 0


@pytest.mark.parametrize("level", range(STRONGEST + 1))
@pytest.mark.parametrize("seed", range(5))
def test_after_any_garbage_the_next_whole_frames_are_found(level: int, seed: int) -> None:
    """A false start may swallow what follows up to the largest frame; what comes behind that is found."""
    random = Random(seed)
    frame = Frame(FrameKind.DATA, 1, 2, 3, PAYLOAD)
    data = build_frame(frame, level)
    garbage = random.randbytes(random.randrange(3000))
    follow = -(-MAX_FRAME // len(data)) + 2
    found, _scanner = fed(garbage, data * follow)
    assert found[-2:] == [frame, frame]
    assert len(found) >= follow - 1, "random garbage looks like no header, so it costs one frame at most"


def test_a_forged_header_swallows_its_length_at_most_and_gives_it_back() -> None:
    forged = forged_header(length=len(STREAM) * 3)
    found, scanner = fed(forged, STREAM * 4)
    assert found == EXPECTED * 4
    assert scanner.skipped_bytes == len(forged)
    assert scanner.broken_frames == 1


def test_taken_and_held_are_all_that_was_fed() -> None:
    random = Random(4)
    scanner, total = FrameScanner(), 0
    for _ in range(300):
        data = random.choice((STREAM, STREAM[:50], random.randbytes(40), START_BYTE, forged_header(length=500)))
        scanner.feed(data)
        total += len(data)
        if random.random() < 0.05:
            scanner.give_up()
        assert scanner.taken_bytes + scanner.held_bytes == total
