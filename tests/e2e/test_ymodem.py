"""XMODEM-1K, YMODEM and YMODEM-G against lrzsz, which none of us wrote."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from random import Random

import pytest

from protocols.ymodem.codes import Variant
from protocols.ymodem.events import DataReceived, HeaderReceived, TransferCancelled, TransferDone, TransferFailed
from protocols.ymodem.header import FileHeader
from protocols.ymodem.receiver import Receiver
from tests.e2e.lrzsz import drive
from tests.protocols.ymodem.rig import LIMIT, content, flips, sender_of

SIZES = (0, 1, 127, 128, 129, 1023, 1024, 1025, 100_000)
NAME = "dataset.bin"
SEND = {
    Variant.XMODEM_1K: ["sz", "--quiet", "--binary", "--xmodem", "--1k", NAME],
    Variant.YMODEM: ["sz", "--quiet", "--binary", "--ymodem", NAME],
    Variant.YMODEM_G: ["sz", "--quiet", "--binary", "--ymodem", NAME],  # it streams where it is asked by "G"
}
RECEIVE = {
    Variant.XMODEM_1K: ["rz", "--quiet", "--binary", "--xmodem", "--with-crc", NAME],
    Variant.YMODEM: ["rz", "--quiet", "--binary", "--ymodem"],
}

pytestmark = [
    pytest.mark.skipif(shutil.which("sz") is None, reason="sz is missing: install Debian's package lrzsz"),
    pytest.mark.skipif(os.name != "posix", reason="lrzsz needs a POSIX system"),
]


def received(variant: Variant, data: bytes, folder: Path, **how) -> None:
    """Receive a file from sz and check every byte of it."""
    (folder / NAME).write_bytes(data)
    events = drive(Receiver(variant, LIMIT, len(data)), SEND[variant], folder, **how)
    assert b"".join(event.data for event in events if isinstance(event, DataReceived)) == data
    headers = [event.header for event in events if isinstance(event, HeaderReceived)]
    assert headers == ([FileHeader(NAME.encode(), len(data))] if variant.batch else [])
    assert events[-2:] == [TransferDone(len(data)), 0]


def sent(variant: Variant, data: bytes, folder: Path, **how) -> None:
    """Send a file to rz and check every byte of what it wrote."""
    events = drive(sender_of(variant, data, NAME.encode()), RECEIVE[variant], folder, **how)
    assert events == [TransferDone(len(data)), 0]
    written = (folder / NAME).read_bytes()
    assert written[: len(data)] == data
    padding = written[len(data) :]
    assert not padding.strip(b"\x1a")
    assert len(padding) < (1 if variant.batch else 1024), "XMODEM has no length: whoever receives has to know it"


@pytest.mark.parametrize("pty", [False, True], ids=["pipes", "pty"])
@pytest.mark.parametrize("variant", list(Variant))
@pytest.mark.parametrize("size", SIZES)
def test_sz_to_us(size, variant, pty, tmp_path):
    received(variant, content(size), tmp_path, pty=pty)


@pytest.mark.parametrize("variant", list(RECEIVE))
@pytest.mark.parametrize("size", SIZES)
def test_us_to_rz(size, variant, tmp_path):
    # Over pipes alone: at its end rz resets a terminal's modes, and its last ACK is lost in a pseudo-terminal by that.
    sent(variant, content(size), tmp_path)


@pytest.mark.parametrize("variant", list(RECEIVE))
@pytest.mark.parametrize("seed", range(3))
def test_through_bit_errors(variant, seed, tmp_path):
    data = content(20_000)
    for way, act in (("from", received), ("to", sent)):
        folder = tmp_path / way
        folder.mkdir()
        act(variant, data, folder, spoil=flips(Random(f"{variant} {seed} {way}"), 1e-5))


def test_a_bit_error_ends_a_stream(tmp_path):
    (tmp_path / NAME).write_bytes(content(100_000))
    spoil = flips(Random("stream"), 1e-5)
    events = drive(Receiver(Variant.YMODEM_G, LIMIT), SEND[Variant.YMODEM_G], tmp_path, spoil=spoil)
    assert isinstance(events[-2], TransferFailed)
    assert events[-1] != 0


def test_we_refuse_and_sz_knows_it(tmp_path):
    (tmp_path / NAME).write_bytes(content(1000))
    events = drive(Receiver(Variant.YMODEM, LIMIT, 999), SEND[Variant.YMODEM], tmp_path)
    assert isinstance(events[-2], TransferFailed)
    assert events[-1] != 0


def test_rz_refuses_and_we_know_it(tmp_path):
    (tmp_path / NAME).write_bytes(b"in the way")
    events = drive(
        sender_of(Variant.YMODEM, content(1000), NAME.encode()), [*RECEIVE[Variant.YMODEM], "--protect"], tmp_path
    )
    assert isinstance(events[0], TransferFailed)
    assert isinstance(events[0].fault, TransferCancelled)
