import hashlib
import hmac
import random

import pytest

from agent.wipe.read_back import PIECE_BYTES, SAMPLED_BLOCKS, blank_digest, read_back
from protocols.terminal import Region
from protocols.words import Addressable, RegionHolds


class Memory:
    """A terminal whose region holds ``content``; ``claimed`` is what its digest is computed over."""

    def __init__(self, content, claimed=None):
        self.content = content
        self.claimed = content if claimed is None else claimed

    def read_memory(self, _region, offset, length):
        return self.content[offset : offset + length]

    def memory_digest(self, _region, offset, length, key):
        return hmac.digest(key, self.claimed[offset : offset + length], hashlib.sha256)


def region(size):
    return Region(1, "journal", RegionHolds.JOURNAL, 0, size, 4096, True, Addressable.YES, 0xFF)


def checked(memory, size, method="full"):
    read: list[int] = []
    outcome = read_back(memory, region(size), method, random.Random(5).randbytes, read.append)
    assert sum(read) == outcome.bytes_read
    return outcome


@pytest.mark.parametrize("size", [1, 4096, PIECE_BYTES, 3 * PIECE_BYTES + 4096])
def test_a_blank_region_is_read_to_its_last_byte(size):
    outcome = checked(Memory(b"\xff" * size), size)
    assert outcome.blank
    assert outcome.bytes_read == size


@pytest.mark.parametrize("at", [0, 4095, PIECE_BYTES, 2 * PIECE_BYTES - 1])
def test_one_stray_byte_is_found_and_named(at):
    size = 2 * PIECE_BYTES
    content = bytearray(b"\xff" * size)
    content[at] = 0xFE
    outcome = checked(Memory(bytes(content)), size)
    assert not outcome.blank
    assert (outcome.not_blank, outcome.first_not_blank, outcome.digest_matches) == (1, at, False)


def test_a_digest_that_does_not_match_is_not_blank_even_where_the_bytes_read_are():
    size = 8192
    outcome = checked(Memory(b"\xff" * size, claimed=b"\xff" * 8191 + b"\x00"), size)
    assert outcome.not_blank == 0
    assert not outcome.blank


def test_the_digest_method_samples_blocks():
    size = 4096 * 200
    outcome = checked(Memory(b"\xff" * size), size, "digest")
    assert outcome.blank
    assert outcome.bytes_read == SAMPLED_BLOCKS * 4096


def test_the_digest_method_reads_a_small_region_whole():
    assert checked(Memory(b"\xff" * 8192), 8192, "digest").bytes_read == 8192


def test_the_blank_digest_is_that_of_the_blank_bytes():
    assert blank_digest(b"k" * 32, region(70_000)) == hmac.digest(b"k" * 32, b"\xff" * 70_000, hashlib.sha256)
