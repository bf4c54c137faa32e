"""How noisy a line is goes into one byte and comes out about right, and frames are chosen to suit it."""

from __future__ import annotations

from itertools import pairwise

import pytest

from protocols.pmp.fec import STRONGEST
from protocols.pmp.noise import (
    BEST_QUALITY,
    CLEAN,
    CLEAN_LONGEST,
    MEMORY_BYTES,
    WORST_QUALITY,
    NoiseMeter,
    best_frame,
    caution,
    quality_of,
    rate_of,
)
from protocols.pmp.wire import MAX_PAYLOAD, MIN_PAYLOAD


@pytest.mark.parametrize("quality", range(WORST_QUALITY, BEST_QUALITY + 1))
def test_a_quality_stands_for_a_rate_and_that_rate_for_it(quality: int) -> None:
    assert quality_of(rate_of(quality)) == quality


@pytest.mark.parametrize("rate", [1e-10, 3e-7, 8e-5, 8e-4, 0.01, 0.3])
def test_a_rate_comes_back_within_five_hundredths(rate: float) -> None:
    assert rate_of(quality_of(rate)) == pytest.approx(rate, rel=0.05)


def test_qualities_stay_within_their_byte() -> None:
    assert quality_of(1.0) == quality_of(50.0) == WORST_QUALITY
    assert quality_of(1e-30) == BEST_QUALITY
    assert rate_of(CLEAN) == 0.0


def test_a_line_is_clean_until_an_error_is_seen() -> None:
    meter = NoiseMeter()
    assert meter.quality == CLEAN
    meter.count(1000, 0)
    assert meter.quality == CLEAN
    meter.count(1000, 2)
    assert rate_of(meter.quality) == pytest.approx(2 / 2000, rel=0.05)


def test_errors_before_any_byte_are_the_worst() -> None:
    meter = NoiseMeter()
    meter.count(0, 3)
    assert meter.quality == WORST_QUALITY


def test_a_line_that_got_better_is_called_clean_again() -> None:
    meter = NoiseMeter()
    meter.count(MEMORY_BYTES // 2, 1)
    seen = []
    for _ in range(30):
        meter.count(MEMORY_BYTES // 4, 0)
        seen.append(meter.quality)
    assert seen[0] != CLEAN
    assert seen[-1] == CLEAN
    told = [quality for quality in seen if quality != CLEAN]
    assert told == sorted(told), "each is at least as good as the one before"


def test_what_is_seen_now_counts_more_than_what_was_seen_long_ago() -> None:
    meter = NoiseMeter()
    meter.count(100 * MEMORY_BYTES, 0)
    for _ in range(64):
        meter.count(MEMORY_BYTES // 16, MEMORY_BYTES // 1600)
    assert rate_of(meter.quality) == pytest.approx(0.01, rel=0.3)


@pytest.mark.parametrize("correction", [True, False])
@pytest.mark.parametrize("longest", [1, 64, 100, 960, 8192, MAX_PAYLOAD])
def test_frames_stay_within_what_was_agreed(longest: int, correction: bool) -> None:
    for quality in range(256):
        length, level = best_frame(quality, caution(0), longest, correction)
        assert MIN_PAYLOAD <= length <= max(longest, MIN_PAYLOAD)
        assert 0 <= level <= (STRONGEST if correction and quality != CLEAN else 0)


def test_without_correction_a_better_line_has_no_shorter_frames() -> None:
    lengths = [best_frame(quality, 0, MAX_PAYLOAD, False)[0] for quality in range(WORST_QUALITY, BEST_QUALITY + 1)]
    assert all(worse <= better for worse, better in pairwise(lengths))
    assert lengths[-1] == MAX_PAYLOAD
    assert lengths[0] == MIN_PAYLOAD


def test_with_correction_a_better_line_has_no_more_parity() -> None:
    # Up to one wrong byte in twenty; where nothing gets through any more the choice means nothing.
    levels = [best_frame(quality, 0, MAX_PAYLOAD, True)[1] for quality in range(quality_of(0.05), BEST_QUALITY + 1)]
    assert all(worse >= better for worse, better in pairwise(levels))
    assert levels[0] == STRONGEST
    assert levels[-1] == 0


def test_a_line_that_has_shown_no_error_is_trusted_more_as_it_carries_more() -> None:
    trusted = [caution(carried) for carried in (0, 10_000, 100_000, 10_000_000)]
    assert trusted == sorted(trusted)
    lengths = [best_frame(CLEAN, each, MAX_PAYLOAD, True)[0] for each in trusted]
    assert lengths == sorted(lengths)
    assert lengths[-1] <= CLEAN_LONGEST
