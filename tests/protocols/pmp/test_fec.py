"""Parity is that of the published code, and corrects half as many wrong bytes a block as it has, never more."""

from __future__ import annotations

from random import Random

import pytest
from reedsolo import RSCodec

from protocols.errors import LocalProtocolError
from protocols.pmp.fec import BLOCK_BYTES, PARITY, STRONGEST, blocks_of, correct, parity, parity_length

LEVELS = range(1, STRONGEST + 1)
LENGTHS = (1, 2, 5, 100, 238, 239, 240, 249, 253, 254, 255, 500, 1028, 16_388)


def oracle(data: bytes, level: int) -> bytes:
    """Make the parity by another implementation: each block for itself, in the order of their first bytes."""
    codec, blocks = RSCodec(PARITY[level], prim=0x11D, generator=2, fcr=0), blocks_of(len(data), level)
    return b"".join(bytes(codec.encode(data[start::blocks])[-PARITY[level] :]) for start in range(blocks))


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("length", LENGTHS)
def test_parity_is_what_another_implementation_makes(length: int, level: int) -> None:
    data = Random(length).randbytes(length)
    assert parity(data, level) == oracle(data, level)


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("length", LENGTHS)
def test_the_length_of_the_parity_is_known_from_the_data_alone(length: int, level: int) -> None:
    assert len(parity(bytes(length), level)) == parity_length(length, level)
    assert -(-length // blocks_of(length, level)) + PARITY[level] <= BLOCK_BYTES


def test_without_a_level_there_is_no_parity() -> None:
    assert parity_length(1000, 0) == 0
    for level in (0, -1, STRONGEST + 1):
        with pytest.raises(LocalProtocolError, match=f"level {level}"):
            parity(b"x", level)


@pytest.mark.parametrize("level", LEVELS)
def test_half_as_many_bytes_as_there_is_parity_are_put_right_wherever_they_are(level: int) -> None:
    random, able = Random(level), PARITY[level] // 2
    for _ in range(40):
        length = random.randrange(1, 600)
        data = random.randbytes(length)
        whole = bytearray(data + parity(data, level))
        blocks = blocks_of(length, level)
        expected = 0
        for block in range(blocks):
            check = length + block * PARITY[level]
            places = [*range(block, length, blocks), *range(check, check + PARITY[level])]
            broken = random.sample(places, random.randint(0, able))
            expected += len(broken)
            for place in broken:
                whole[place] ^= random.randrange(1, 256)
        assert correct(bytes(whole[:length]), bytes(whole[length:]), level) == (data, expected)


@pytest.mark.parametrize("level", LEVELS)
def test_a_burst_is_shared_among_the_blocks(level: int) -> None:
    data = Random(level).randbytes(4000)
    check = parity(data, level)
    longest = blocks_of(len(data), level) * (PARITY[level] // 2)
    for at in (0, 1, 1777, 4000 - longest):
        burst = bytes(byte ^ 0xFF for byte in data[at : at + longest])
        assert correct(data[:at] + burst + data[at + longest :], check, level) == (data, longest)


@pytest.mark.parametrize("level", LEVELS)
def test_beyond_repair_is_none_or_another_block_and_never_what_it_was(level: int) -> None:
    random = Random(level)
    told = 0
    for _ in range(100):
        data = random.randbytes(200)
        check = parity(data, level)
        broken = bytearray(data)
        for place in random.sample(range(200), PARITY[level] // 2 + 1):
            broken[place] ^= random.randrange(1, 256)
        answer = correct(bytes(broken), check, level)
        assert answer is None or answer[0] != data
        told += answer is None
    assert told > (0, 15, 60, 95)[level], "with little parity many broken blocks look like other blocks; with much, few"


@pytest.mark.parametrize("level", LEVELS)
def test_i10_pure_noise_ends_in_an_answer(level: int) -> None:
    random = Random(level)
    for _ in range(50):
        data = random.randbytes(random.randrange(1, 300))
        answer = correct(data, random.randbytes(parity_length(len(data), level)), level)
        assert answer is None or len(answer[0]) == len(data)
