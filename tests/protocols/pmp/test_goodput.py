"""What a link carries of a serial line at 115,200 bits per second, in virtual time: exact, the same in every run."""

from __future__ import annotations

from dataclasses import replace

import pytest

from protocols.pmp.handshake import Capability, LinkSettings
from protocols.pmp.noise import CLEAN_LONGEST
from tests.protocols.pmp.paced import goodput

KIB = 1024
USUAL = LinkSettings.for_line(115_200)
WITHOUT_CORRECTION = replace(USUAL, capabilities=USUAL.capabilities & ~Capability.CORRECTION)


@pytest.mark.parametrize(
    ("latency", "error_rate", "size", "least"),
    [
        (0.0, 0.0, 256 * KIB, 0.985),
        (0.1, 0.0, 512 * KIB, 0.985),
        (0.0, 1e-6, 256 * KIB, 0.97),
        (0.0, 1e-5, 256 * KIB, 0.94),
        (0.0, 5e-5, 256 * KIB, 0.88),
        (0.0, 1e-4, 256 * KIB, 0.95),
    ],
)
def test_with_correction(latency: float, error_rate: float, size: int, least: float) -> None:
    assert goodput(size, latency=latency, error_rate=error_rate).ratio >= least


@pytest.mark.parametrize(
    ("error_rate", "least"), [(0.0, 0.985), (1e-6, 0.95), (1e-5, 0.91), (5e-5, 0.82), (1e-4, 0.77)]
)
def test_without_correction(error_rate: float, least: float) -> None:
    assert goodput(256 * KIB, error_rate=error_rate, settings=WITHOUT_CORRECTION).ratio >= least


@pytest.mark.parametrize("seed", range(2, 6))
def test_correction_carries_a_line_that_turns_a_bit_in_ten_thousand(seed: int) -> None:
    done = goodput(256 * KIB, error_rate=1e-4, seed=seed)
    assert done.ratio >= 0.95
    told = done.line.near.statistics
    assert told.corrected_bytes > 0.9 * told.wrong_bytes > 100


def test_a_line_that_has_shown_no_error_has_no_parity_and_no_frame_longer_than_the_first_error_may_cost() -> None:
    done = goodput(128 * KIB)
    assert done.line.far.statistics.frame == (CLEAN_LONGEST, 0)
    assert done.line.far.statistics.retransmissions == 0


def test_it_is_the_same_in_every_run() -> None:
    assert goodput(64 * KIB, error_rate=1e-4).ratio == goodput(64 * KIB, error_rate=1e-4).ratio
