"""Packed pieces come back the same, and none unpacks to more than it said."""

from __future__ import annotations

import zlib
from random import Random

import pytest

from protocols.errors import RemoteProtocolError
from protocols.pmp.layouts import MAX_PIECE
from protocols.pmp.packing import MAX_GROWTH, WINDOW_BITS, pack, unpack


@pytest.mark.parametrize("size", [0, 1, 4096, 4097, MAX_PIECE])
def test_pieces_come_back_the_same(size: int) -> None:
    for data in (bytes(size), Random(size).randbytes(size), bytes(range(256)) * (size // 256)):
        assert unpack(pack(data), len(data)) == data


def test_what_cannot_be_packed_hardly_grows() -> None:
    assert len(pack(Random(1).randbytes(MAX_PIECE))) <= MAX_PIECE + MAX_GROWTH


def test_stored_blocks_of_a_small_terminal_are_understood() -> None:
    packer = zlib.compressobj(0, zlib.DEFLATED, -WINDOW_BITS)
    data = Random(2).randbytes(1000)
    assert unpack(packer.compress(data) + packer.flush(), 1000) == data


def bomb(size: int) -> bytes:
    """Pack so many zeros as tightly as deflate can."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -WINDOW_BITS)
    return packer.compress(bytes(size)) + packer.flush()


def test_i10_a_bomb_is_not_unpacked_beyond_what_it_said(mocker) -> None:
    sizes: list[int] = []
    unpacker = zlib.decompressobj

    class Watched:
        def __init__(self, bits: int) -> None:
            self._real = unpacker(bits)

        def decompress(self, data: bytes, most: int) -> bytes:
            out = self._real.decompress(data, most)
            sizes.append(len(out))
            return out

        def __getattr__(self, name: str) -> object:
            return getattr(self._real, name)

    mocker.patch("protocols.pmp.packing.zlib.decompressobj", Watched)
    with pytest.raises(RemoteProtocolError, match="not as long"):
        unpack(bomb(100_000_000), MAX_PIECE)
    assert sizes == [MAX_PIECE + 1]


@pytest.mark.parametrize(
    ("packed", "length"),
    [
        (pack(b"x" * 100), 99),
        (pack(b"x" * 100), 101),
        (pack(b"x" * 100)[:-1], 100),
        (pack(b"x" * 100) + b"\0", 100),
        (pack(b""), 1),
        (b"", 0),
        (b"", 5),
    ],
)
def test_another_length_than_it_says_breaks_the_protocol(packed: bytes, length: int) -> None:
    with pytest.raises(RemoteProtocolError, match="not as long"):
        unpack(packed, length)


def test_what_is_no_deflate_breaks_the_protocol() -> None:
    with pytest.raises(RemoteProtocolError, match="cannot be unpacked"):
        unpack(b"\xff" * 20, 20)


def test_i10_seeded_garbage_ends_in_the_documented_error() -> None:
    random = Random(20261125)
    whole = pack(bytes(range(200)) * 20)
    for _ in range(2000):
        broken = bytearray(whole)
        broken[random.randrange(len(broken))] ^= 1 << random.randrange(8)
        try:
            assert len(unpack(bytes(broken), 4000)) == 4000
        except RemoteProtocolError:
            continue
