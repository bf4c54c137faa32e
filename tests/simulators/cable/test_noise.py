from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulators.cable.noise import CHUNK, Gaps, Impairments, Noise

STREAM = bytes(place % 251 for place in range(40_000))


def out_of(noise, data, split=1000):
    return b"".join(out for at in range(0, len(data), split) for _, out in noise.pass_on(data[at : at + split]))


def chunks(data):
    return [data[at : at + CHUNK] for at in range(0, len(data), CHUNK)]


@given(st.lists(st.binary(max_size=200), max_size=20))
def test_without_impairments_nothing_is_changed(pieces):
    noise = Noise(Impairments(), "1")
    assert [out for piece in pieces for out in noise.pass_on(piece)] == [(len(piece), piece) for piece in pieces]


@pytest.mark.parametrize("rate", [1e-4, 1e-3, 0.5, 1.0])
def test_chance_strikes_as_often_as_it_should(rate):
    units = 400_000 if rate < 0.1 else 20_000
    gaps = Gaps(rate, Random(5))
    hits = sum(len(gaps.hits(1000)) for _ in range(units // 1000))
    spread = (units * rate * (1 - rate)) ** 0.5
    assert abs(hits - units * rate) <= 4 * spread, "seed 5"


def test_no_chance_is_never():
    assert Gaps(0.0, Random(1)).hits(10**9) == []


def test_bits_are_turned_and_counted():
    noise = Noise(Impairments(bit_error_rate=1e-3), "7")
    out = out_of(noise, STREAM)
    turned = sum((one ^ other).bit_count() for one, other in zip(out, STREAM, strict=True))
    assert turned == noise.damage.flipped_bits
    assert abs(turned - 320) <= 4 * 320**0.5, "seed 7"


@pytest.mark.parametrize(
    "impairments",
    [
        Impairments(bit_error_rate=1e-3),
        Impairments(insert=1e-2, lose=1e-2),
        Impairments(drop=0.1, duplicate=0.1, reorder=0.1, insert=1e-2, lose=1e-2, bit_error_rate=1e-4),
    ],
)
def test_what_happens_does_not_depend_on_how_the_bytes_are_handed_in(impairments):
    whole = out_of(Noise(impairments, "3"), STREAM, len(STREAM))
    assert out_of(Noise(impairments, "3"), STREAM, 7) == whole
    assert out_of(Noise(impairments, "4"), STREAM, 7) != whole
    assert whole != STREAM


def test_bytes_are_lost_and_inserted_one_by_one():
    noise = Noise(Impairments(lose=0.01), "2")
    assert len(out_of(noise, STREAM)) == len(STREAM) - noise.damage.lost_bytes
    assert abs(noise.damage.lost_bytes - 400) <= 80, "seed 2"
    noise = Noise(Impairments(insert=0.01), "2")
    out = out_of(noise, STREAM)
    assert len(out) == len(STREAM) + noise.damage.inserted_bytes
    rest = iter(out)
    assert all(byte in rest for byte in STREAM), "what was sent is all there, in its order"


def test_all_bytes_may_be_lost_or_doubled_by_others():
    assert out_of(Noise(Impairments(lose=1.0), "1"), STREAM[:100]) == b""
    assert out_of(Noise(Impairments(insert=1.0), "1"), STREAM[:100])[::2] == STREAM[:100]


def test_chunks_are_dropped_whole():
    noise = Noise(Impairments(drop=0.2), "9")
    left = chunks(out_of(noise, STREAM))
    assert noise.damage.dropped_chunks == len(chunks(STREAM)) - len(left)
    assert 90 < noise.damage.dropped_chunks < 160, "seed 9"
    rest = iter(chunks(STREAM))
    assert all(chunk in rest for chunk in left)


def test_chunks_come_twice_at_once():
    noise = Noise(Impairments(duplicate=1.0), "9")
    assert out_of(noise, STREAM[:128], 10) == (STREAM[:64] * 2) + (STREAM[64:128] * 2)
    assert noise.damage.duplicated_chunks == 2


def test_a_chunk_lets_the_next_one_go_first():
    noise = Noise(Impairments(reorder=1.0), "9")
    assert out_of(noise, STREAM[:256], 10) == STREAM[64:128] + STREAM[:64] + STREAM[192:256] + STREAM[128:192]
    assert noise.damage.reordered_chunks == 2
    assert not noise.holds


def test_a_chunk_that_waits_in_vain_can_be_let_go():
    noise = Noise(Impairments(reorder=1.0), "9")
    assert out_of(noise, b"hello") == b""
    assert noise.holds
    assert noise.release() == (5, b"hello")
    assert not noise.holds


def test_the_line_is_busy_for_what_goes_in_and_for_what_comes_out():
    for impairments in (
        Impairments(lose=0.5),
        Impairments(insert=0.5),
        Impairments(drop=0.5),
        Impairments(duplicate=0.5),
    ):
        for busy, out in Noise(impairments, "1").pass_on(STREAM[:1000]):
            assert busy >= len(out)
        assert sum(busy for busy, _ in Noise(impairments, "1").pass_on(STREAM[:1000])) >= 1000
