"""Ten thousand sessions drawn by chance: what arrives is right, always, and nearly always all of it arrives."""

from __future__ import annotations

import pytest

from tests.protocols.pmp import schedules

SCHEDULES = 10_000
BLOCKS = 20
FIRST = 1000
MOST_GIVEN_UP = 0.01
"""Of a block; of all of them it is three in a thousand."""


@pytest.mark.parametrize("block", range(BLOCKS))
def test_every_message_once_and_in_the_order_of_its_lane(block: int) -> None:
    size = SCHEDULES // BLOCKS
    outcomes = {seed: schedules.run(seed) for seed in range(FIRST + block * size, FIRST + (block + 1) * size)}
    given_up = [seed for seed, outcome in outcomes.items() if outcome.given_up]
    fast, private = (sum(getattr(each, name) for each in outcomes.values()) for name in ("fast", "private"))
    print(f"{size} sessions: {len(given_up)} given up, {fast} at another speed, {private} private")
    assert len(given_up) <= size * MOST_GIVEN_UP, f"the line was given up with seeds {given_up}"
    assert fast
    assert private
