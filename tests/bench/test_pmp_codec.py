"""Frames a second built and parsed, beside the same by hand with struct and zlib, and journal records a second.

Run with ``python3 run suites bench`` or ``pytest -m bench -s``. Printed, never asserted on.
"""

from __future__ import annotations

import binascii
import struct
import zlib
from collections.abc import Callable
from statistics import median
from time import perf_counter

import pytest

from protocols.pmp.commands import DATASET_READ, HEADER_BYTES
from protocols.pmp.records import JOURNAL_RECORD
from protocols.pmp.wire import Frame, FrameKind, FrameScanner, build_frame
from tests.protocols.pmp import note

ROUNDS = 7
PER_ROUND = 5_000
TARGET = 150_000


def rate(work: Callable[[], object], count: int) -> float:
    """Return the median of how many things a second some work does; it does ``count`` a call."""
    seconds = []
    for _ in range(ROUNDS):
        start = perf_counter()
        work()
        seconds.append(perf_counter() - start)
    return count / median(seconds)


def build_by_hand(payload: bytes) -> bytes:
    """Build a DATA frame with struct and zlib alone."""
    header = struct.pack(">BBBHHHH", 0xA5, 1, 1, 2, 3, 4, len(payload))
    header += struct.pack(">H", binascii.crc_hqx(header, 0))
    return header + payload + struct.pack(">I", zlib.crc32(payload, zlib.crc32(header)))


def parse_by_hand(data: bytes, size: int) -> int:
    """Parse whole frames of one size that follow each other, and count them."""
    unpack = struct.Struct(">BBBHHHHH").unpack_from
    count = at = 0
    while at < len(data):
        start, _version, _flags, _session, _sequence, _acknowledged, length, checksum = unpack(data, at)
        assert start == 0xA5
        assert length == size
        assert binascii.crc_hqx(data[at : at + 11], 0) == checksum
        end = at + 13 + length
        payload = data[at + 13 : end]
        assert zlib.crc32(payload, zlib.crc32(data[at : at + 13])) == int.from_bytes(data[end : end + 4], "big")
        at = end + 4
        count += 1
    return count


@pytest.mark.parametrize("size", [1024, 16_384])
def test_frames(size: int) -> None:
    frame = Frame(FrameKind.DATA, 2, 3, 4, bytes(range(256)) * (size // 256))
    data = build_frame(frame)
    assert data == build_by_hand(frame.payload)
    chunk = max(1, 65_536 // len(data))
    stream = data * chunk
    scanner = FrameScanner()
    assert len(scanner.feed(stream)) == parse_by_hand(stream, size) == chunk

    def repeat(work: Callable[[], object], times: int) -> Callable[[], None]:
        def run() -> None:
            for _ in range(times):
                work()

        return run

    built = rate(repeat(lambda: build_frame(frame), PER_ROUND), PER_ROUND)
    by_hand = rate(repeat(lambda: build_by_hand(frame.payload), PER_ROUND), PER_ROUND)
    times = PER_ROUND // chunk
    parsed = rate(repeat(lambda: scanner.feed(stream), times), times * chunk)
    parsed_by_hand = rate(repeat(lambda: parse_by_hand(stream, size), times), times * chunk)
    print(f"\npmp frames of {size:,} bytes, target {TARGET:,}/s at 1,024")
    print(f"  build {built:>11,.0f}/s   by hand {by_hand:>11,.0f}/s   ratio {built / by_hand:.2f}")
    print(f"  parse {parsed:>11,.0f}/s   by hand {parsed_by_hand:>11,.0f}/s   ratio {parsed / parsed_by_hand:.2f}")


def test_records() -> None:
    data = note.dumps()["JOURNAL.record"]
    record = JOURNAL_RECORD.parse(data)
    unpack = struct.Struct(">IBBBBQH7sII12s6s2s10s2s20sI39s").unpack

    def each(work: Callable[[], object]) -> float:
        def run() -> None:
            for _ in range(PER_ROUND):
                work()

        return rate(run, PER_ROUND)

    parsed, built = each(lambda: JOURNAL_RECORD.parse(data)), each(lambda: JOURNAL_RECORD.build(record))
    bare = each(lambda: unpack(data))
    print(f"\njournal records: parse {parsed:,.0f}/s, build {built:,.0f}/s; struct alone unpacks {bare:,.0f}/s")


def test_pieces_of_a_dataset() -> None:
    body = note.dumps()["DATASET_READ.response"][HEADER_BYTES:]
    piece = body[:8] + struct.pack(">I", 65_536) + bytes(65_536)

    def run() -> None:
        for _ in range(500):
            DATASET_READ.response.parse(piece)

    print(f"\nDATASET_READ answers of 64 KiB: parse {rate(run, 500) * 65_536 / 1e6:,.0f} MB/s")
