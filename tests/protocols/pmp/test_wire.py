"""Frames: found whole, bytewise and through garbage; nothing broken is believed; the buffer is bounded."""

from __future__ import annotations

from random import Random

import pytest

from protocols.errors import LocalProtocolError
from protocols.pmp.wire import (
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
