"""Bytes that belong to no frame."""

from random import Random

import pytest

from agent.doctor.hearing import echoed, hear
from agent.doctor.measurements import Heard, Nature

HELLO = bytes.fromhex("a5010200000000000000000940db01010000")


@pytest.mark.parametrize(
    ("received", "nature"),
    [
        (b"", Nature.NOTHING),
        (b"Port already in use\r\n", Nature.DEVICE_SERVER),
        (b"\r\nDevice open failure: Value or file not found\r\n", Nature.DEVICE_SERVER),
        (HELLO, Nature.ECHO),
        (b"\x00\xff" + HELLO + HELLO, Nature.ECHO),
        (HELLO[:11], Nature.GARBAGE),
        (b"\x11", Nature.FLOW),
        (b"\x13\x11\x91", Nature.FLOW),
        (b"\r\nOK\r\n", Nature.TEXT),
        (b"HTTP/1.1 400 Bad Request\r\nServer: x\r\n\r\n", Nature.TEXT),
        (b"\x1b[2J\x1b[1;1Hlogin: ", Nature.TEXT),
        (b"AT", Nature.GARBAGE),
        (bytes(20), Nature.GARBAGE),
    ],
)
def test_what_comes(received, nature):
    heard = hear(received, HELLO)
    assert (heard.nature, heard.size_bytes) == (nature, len(received))


def test_i4_a_text_is_cut_and_its_numbers_are_masked():
    assert hear(b"\x1b[1m\r\n  PAN 6225880000000001 exp 2712\r\nmore", b"").text == "PAN ################ exp ####"
    assert len(hear(b"word " * 100, b"").text) == 60


def test_i10_random_bytes_are_garbage_and_nothing_else():
    for seed in range(300):
        random = Random(seed)
        data = random.randbytes(random.randrange(20, 200))
        assert hear(data, HELLO).nature is Nature.GARBAGE, seed
        assert hear(data, HELLO).text == ""


def test_too_little_was_sent_to_be_known_again():
    assert not echoed(b"abc", b"abc")
    assert not echoed(b"anything", b"")
    assert hear(b"", b"") == Heard()
