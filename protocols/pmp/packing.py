"""Packing a piece of a dataset: raw deflate with a window that a small terminal affords (note pmp.md, DATASET_PACKED).

Each piece stands for itself, so that it can be asked for again. RFC 1951 without any wrapper: the link has checksums
of its own.
"""

from __future__ import annotations

import zlib

from protocols.errors import RemoteProtocolError

WINDOW_BITS = 12
"""4 KiB of history; with `MEMORY_LEVEL` the terminal needs 32 KiB to pack, and whoever unpacks needs 4 KiB."""

MEMORY_LEVEL = 5
EFFORT = 6

MAX_GROWTH = 4096
"""Most bytes that packing may add to 64 KiB which cannot be packed."""


def pack(data: bytes) -> bytes:
    """Pack a piece.

    Args:
        data: 0 to 65,536 bytes.
    """
    packer = zlib.compressobj(EFFORT, zlib.DEFLATED, -WINDOW_BITS, MEMORY_LEVEL)
    return packer.compress(data) + packer.flush()


def unpack(packed: bytes, length: int) -> bytes:
    """Unpack a piece; never more than it claims to be, whatever the peer packed.

    Args:
        packed: What the terminal sent.
        length: How many bytes it says that they are.

    Raises:
        RemoteProtocolError: It is no deflate, or holds another number of bytes.
    """
    unpacker = zlib.decompressobj(-WINDOW_BITS)
    try:
        data = unpacker.decompress(packed, length + 1)
    except zlib.error:
        raise RemoteProtocolError("a packed piece cannot be unpacked") from None
    if len(data) != length or not unpacker.eof or unpacker.unused_data:
        raise RemoteProtocolError("a packed piece is not as long as it says")
    return data
