"""Thousands of lines drawn by chance: what arrives is right, always, and nearly always all of it arrives."""

from __future__ import annotations

import pytest

from tests.protocols.pmp.test_link import run_schedule

SCHEDULES = 6000
BLOCKS = 12
MOST_GIVEN_UP = 0.01


@pytest.mark.parametrize("block", range(BLOCKS))
def test_every_byte_once_and_in_order(block: int) -> None:
    size = SCHEDULES // BLOCKS
    seeds = range(1000 + block * size, 1000 + (block + 1) * size)
    given_up = [seed for seed in seeds if not run_schedule(seed)]
    assert len(given_up) <= size * MOST_GIVEN_UP, f"the line was given up with seeds {given_up}"
