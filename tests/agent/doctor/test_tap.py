"""A line that is listened in on."""

import pytest

from agent.doctor.tap import KEPT_BYTES, Tap
from protocols.errors import LinkLost
from tests.agent.virtual_time import Clock, MemoryLine


class Peer:
    """Says what it was given."""

    def __init__(self):
        self.heard = b""
        self.says = b""

    def feed(self, data):
        self.heard += data

    def take(self):
        out, self.says = self.says, b""
        return out


@pytest.fixture
def peer():
    return Peer()


@pytest.fixture
def line(peer):
    return MemoryLine(Clock(), peer, 9600, 115_200)


def test_bytes_pass_and_are_counted(line, peer):
    tap = Tap(line)
    tap.write(b"one")
    assert tap.write_now(b"two") == 3
    peer.says = b"\x11answer\x93"
    assert tap.read(100, 1) == b"\x11answer\x93"
    peer.says = b"!"
    assert tap.read_now(100) == b"!"
    assert peer.heard == tap.sent == b"onetwo"
    assert tap.received == b"\x11answer\x93!"
    assert (tap.sent_bytes, tap.received_bytes, tap.flow_bytes) == (6, 9, 2)


def test_what_is_kept_is_bounded_and_begins_anew(line, peer):
    tap = Tap(line)
    peer.says = bytes(3 * KEPT_BYTES)
    tap.read(100_000, 1)
    tap.write(bytes(3 * KEPT_BYTES))
    assert len(tap.received) == len(tap.sent) == KEPT_BYTES
    tap.mark()
    assert (tap.received, tap.sent, tap.received_bytes) == (b"", b"", 3 * KEPT_BYTES)


def test_a_session_s_end_leaves_the_line_open(line):
    tap = Tap(line)
    tap.close()
    assert not line.closed
    tap.release()
    assert line.closed


def test_everything_else_is_the_line_s(line):
    tap = Tap(line)
    assert (tap.baud, tap.highest_baud, tap.escaped, tap.descriptor) == (9600, 115_200, False, None)
    assert tap.description == "memory"
    assert tap.set_baud(19_200)
    assert tap.baud == 19_200
    line.cut = True
    with pytest.raises(LinkLost):
        tap.read(1, 0)
