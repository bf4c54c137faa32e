"""Nothing that a line acts on is sent, whatever the bytes are, and what the line puts in is dropped."""

from __future__ import annotations

from random import Random

import pytest

from protocols.pmp.escape import ESCAPE, FORBIDDEN, TURNED, Unescaper, escape, is_clean

EVERY_BYTE = bytes(range(256))
HARD = bytes([*FORBIDDEN, ESCAPE, ESCAPE ^ TURNED, *(byte ^ TURNED for byte in FORBIDDEN), ESCAPE, ESCAPE])


def test_every_byte_comes_back_and_none_that_the_line_acts_on_is_sent() -> None:
    for byte in EVERY_BYTE:
        sent = escape(bytes([byte]))
        assert not set(sent) & set(FORBIDDEN)
        assert Unescaper().feed(sent) == bytes([byte])
        assert len(sent) == (2 if byte in {*FORBIDDEN, ESCAPE} else 1)


def test_each_of_the_five_is_the_escape_byte_and_itself_turned() -> None:
    assert escape(bytes([0x11, 0x13, 0x91, 0x93, 0x7D])) == bytes.fromhex("7d31 7d33 7db1 7db3 7d5d")


def test_every_pair_of_bytes_comes_back() -> None:
    for first in EVERY_BYTE:
        data = b"".join(bytes([first, second]) for second in EVERY_BYTE)
        sent = escape(data)
        assert not set(sent) & set(FORBIDDEN)
        assert Unescaper().feed(sent) == data


@pytest.mark.parametrize("seed", range(20))
def test_a_stream_may_be_split_anywhere(seed: int) -> None:
    random = Random(seed)
    data = bytes(random.choice(HARD if random.random() < 0.7 else EVERY_BYTE) for _ in range(500))
    sent, unescaper, found, at = escape(data), Unescaper(), b"", 0
    while at < len(sent):
        size = random.choice((1, 1, 2, 3, 50))
        found += unescaper.feed(sent[at : at + size])
        at += size
    assert found == data


def test_split_in_two_at_every_place() -> None:
    sent = escape(EVERY_BYTE + HARD)
    for at in range(len(sent) + 1):
        unescaper = Unescaper()
        assert unescaper.feed(sent[:at]) + unescaper.feed(sent[at:]) == EVERY_BYTE + HARD


def test_what_the_line_put_in_is_dropped_even_within_a_pair() -> None:
    data = EVERY_BYTE + HARD
    sent = escape(data)
    for at in range(len(sent) + 1):
        for stray in FORBIDDEN:
            unescaper = Unescaper()
            assert unescaper.feed(sent[:at] + bytes([stray])) + unescaper.feed(sent[at:]) == data


def test_clean_is_what_the_coding_leaves_alone() -> None:
    for byte in EVERY_BYTE:
        data = b"before" + bytes([byte]) + b"after"
        assert is_clean(data) == (escape(data) == data)


def test_i10_noise_ends_in_no_more_bytes_than_it_had() -> None:
    random = Random(3)
    unescaper, fed, found = Unescaper(), 0, 0
    for _ in range(200):
        noise = bytes(random.choice(HARD) for _ in range(random.randrange(30)))
        fed += len(noise)
        found += len(unescaper.feed(noise))
        assert found <= fed
