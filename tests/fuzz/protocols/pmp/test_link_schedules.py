"""Ten thousand sessions drawn by chance: what arrives is right, always, and nearly always all of it arrives."""

from __future__ import annotations

from random import Random

import pytest

from protocols.pmp.link import MAX_MESSAGE, LinkSettings, Role
from protocols.pmp.wire import MAX_WINDOW
from tests.protocols.pmp import schedules
from tests.protocols.pmp.rig import Drive, Noise, exchange, frames, messages, opened

SCHEDULES = 10_000
BLOCKS = 5
FIRST = 1000
MOST_GIVEN_UP = 0.003
"""Lines so bad that nothing is heard for as long as a peer is waited for."""


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


def test_sequence_numbers_wrap_under_loss_too() -> None:
    near, far = opened(LinkSettings(64, MAX_WINDOW))
    message = bytes(MAX_MESSAGE)
    for _ in range(31):  # 2,048 frames each
        near.send_message(message, 0.0)
        exchange(near, far, 0.0)
        assert messages(far) == [message]
    drive = Drive(near, far, Random(5), Noise(lost=0.2, doubled=0.2, delay=0.2))
    sent = [Random(n).randbytes(13_500) for n in range(10)]
    for message in sent:
        near.send_message(message, 0.0)
    drive.run(lambda: near.idle)
    assert drive.received[Role.TERMINAL] == sent
    near.send_message(b"last", drive.now)
    assert [frame.sequence for frame in frames(near.bytes_to_send())] == [31 * 2048 + 10 * 211 - 65_536]
