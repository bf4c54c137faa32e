"""Whatever comes instead of TLS: either end refuses it by its documented error, or waits for more (I10)."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any

import pytest

from protocols.pmp.channel import ChannelRefused
from tests.agent.private_rig import DEVICE, channels, tls_opener

ROUNDS = 3_000
SEED = 20261125
CODES = {"handshake", "record", "certificate-unknown", "certificate-expired", "certificate-revoked", "agent-refused"}


def bent(data: bytes, random: Random) -> bytes:
    """Return bytes with one thing wrong, or several."""
    made = bytearray(data)
    for _ in range(random.choice((1, 1, 1, 3))):
        at = random.randrange(len(made))
        kind = random.randrange(5)
        if kind == 0:
            made[at] ^= 1 << random.randrange(8)
        elif kind == 1:
            made[at] = random.choice((0, 1, 0x7F, 0x80, 0xFF))
        elif kind == 2:
            del made[at : at + random.randrange(1, 40)]
        elif kind == 3:
            made[at:at] = random.randbytes(random.randrange(1, 40))
        else:
            made += made[at : at + random.randrange(1, 200)]
        if not made:
            return b"\0"
    return bytes(made)


def fed(channel: Any, data: bytes, random: Random) -> str:
    """Feed bytes in pieces, and say how it ended."""
    at = 0
    try:
        while at < len(data):
            size = random.choice((1, 7, 100, 20_000))
            channel.receive(data[at : at + size])
            at += size
    except ChannelRefused as refusal:
        channel.outgoing()
        return refusal.code
    return "waits" if not channel.established else "established"


def run(ends: Callable[[], tuple[Any, bytes]]) -> dict[str, int]:
    random, ended = Random(SEED), dict.fromkeys(("waits", "established", *CODES), 0)
    for number in range(ROUNDS):
        channel, flight = ends()
        data = random.randbytes(random.randrange(1, 300)) if number % 10 == 0 else bent(flight, random)
        try:
            ended[fed(channel, data, random)] += 1
        except Exception as fault:
            raise AssertionError(f"round {number} of seed {SEED}") from fault
    return ended


@pytest.fixture
def mine(tmp_path: Path) -> Any:
    return channels(tmp_path)


def test_i10_what_is_no_terminals_handshake(mine: Any) -> None:
    opener = tls_opener(DEVICE)

    def ends() -> tuple[Any, bytes]:
        client, server = mine(), opener()
        client.start()
        server.receive(client.outgoing())
        return client, server.outgoing()

    ended = run(ends)
    assert ended["handshake"] > ROUNDS / 2
    # Only what stands behind the handshake may be bent: whatever is within is covered by the Finished message.
    assert ended["established"] < ROUNDS / 20


def test_i10_what_is_no_agents_handshake(mine: Any) -> None:
    opener = tls_opener(DEVICE)

    def ends() -> tuple[Any, bytes]:
        client, server = mine(), opener()
        client.start()
        server.receive(client.outgoing())
        client.receive(server.outgoing())
        return server, client.outgoing()

    ended = run(ends)
    assert ended["handshake"] > ROUNDS / 2
    assert ended["established"] < ROUNDS / 20


def test_i10_what_is_no_record_of_an_open_channel(mine: Any) -> None:
    opener = tls_opener(DEVICE)
    random = Random(SEED)
    for number in range(ROUNDS // 3):
        client, server = mine(), opener()
        client.start()
        server.receive(client.outgoing())
        client.receive(server.outgoing())
        server.receive(client.outgoing())
        source, target = (server, client) if number % 2 else (client, server)
        data = bent(source.seal(random.randbytes(random.randrange(1, 200))), random)
        assert fed(target, data, random) in {"record", "established"}, f"round {number} of seed {SEED}"
