"""Timestamps with every byte altered to every other value, and with whatever else may come instead (I10)."""

from __future__ import annotations

from random import Random

import pytest

from tests.agent.evidence.made import OPENED
from tests.agent.evidence.timestamp.test_token import DATA, KINDS, verify

ROUNDS = 20_000
SEED = 20261125

pytestmark = [pytest.mark.fuzz, pytest.mark.filterwarnings("ignore:Parsed a serial number")]


@pytest.mark.parametrize("kind", KINDS)
def test_no_byte_of_a_timestamp_can_have_another_value(kind: str) -> None:
    authority = KINDS[kind]
    token = authority.stamp(DATA, OPENED)
    random, accepted = Random(SEED), []
    for place, byte in enumerate(token):
        # Each single bit, the values next to it, and some others.
        near = {byte ^ 1 << bit for bit in range(8)} | {(byte + 1) % 256, (byte - 1) % 256}
        for other in (near | {random.randrange(256) for _ in range(6)}) - {byte}:
            if not verify(token[:place] + bytes([other]) + token[place + 1 :], authority):
                accepted.append((place, byte, other))
    assert accepted == []


@pytest.mark.parametrize("kind", ["ec", "old-attribute"])
def test_i10_whatever_comes_instead_is_refused(kind: str) -> None:
    authority, random = KINDS[kind], Random(SEED)
    token = authority.stamp(DATA, OPENED)
    for _ in range(ROUNDS // 2):
        made = bytearray(token)
        for _ in range(random.choice((1, 1, 2, 4))):
            at = random.randrange(len(made))
            if random.random() < 0.5:
                made[at : at + random.randrange(1, 30)] = random.randbytes(random.randrange(30))
            else:
                made[at:at] = made[: random.randrange(60)]
        assert bytes(made) == token or verify(bytes(made), authority)
