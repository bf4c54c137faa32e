"""What a proof of erasure is computed from."""

from __future__ import annotations

import hmac
import zlib

import pytest

from agent.erasure import PIECE_BYTES, Expansion, expected_answer, milliseconds_allowed
from tests.agent.evidence.made import SEED, keystream

KEY = bytes(range(32))


def test_the_expansion_is_aes_in_counter_mode_from_the_regions_number() -> None:
    stream = Expansion(SEED, 3)
    assert stream.take(5) + stream.take(100) + stream.take(0) + stream.take(1) == keystream(SEED, 3, 106)


def test_no_two_regions_share_anything_and_no_compressor_shortens_it() -> None:
    streams = [Expansion(SEED, region).take(65_536) for region in (1, 2, 255)]
    blocks = [stream[at : at + 16] for stream in streams for at in range(0, 65_536, 16)]
    assert len(set(blocks)) == len(blocks)
    assert len(zlib.compress(b"".join(streams), 9)) > 3 * 65_536


@pytest.mark.parametrize("size", [1, 15, 4096, PIECE_BYTES + 17])
def test_the_answer_is_the_hmac_of_all_of_it(size: int) -> None:
    assert expected_answer(SEED, 2, size, KEY) == hmac.digest(KEY, keystream(SEED, 2, size), "sha256")


def test_the_time_allowed_grows_with_the_size() -> None:
    assert milliseconds_allowed(0) == 5000
    assert milliseconds_allowed(1 << 20) == 21_000
