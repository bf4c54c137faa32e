"""The bytes that are sent."""

import pytest

from agent.doctor.patterns import FLOW, MESSAGE_BYTES, PATTERNS, burst_sizes, goodput, pattern
from protocols.pmp import commands, messages
from protocols.pmp.commands import Header, build_message
from protocols.pmp.facts import MessageKind
from protocols.pmp.wire import Frame, FrameKind, build_frame


@pytest.mark.parametrize("name", [*PATTERNS, FLOW])
@pytest.mark.parametrize("size", [0, 1, 5, 1024])
def test_every_pattern_has_the_size_that_is_asked_for(name, size):
    assert len(pattern(name, size)) == size


def test_what_they_are():
    assert pattern("alternating", 2) == b"\x55\x55"
    assert pattern("counting", 257)[-2:] == b"\xff\x00"
    assert set(pattern(FLOW, 16)) == {0x11, 0x13, 0x91, 0x93}
    assert pattern("random", 8, 1) == pattern("random", 8, 1) != pattern("random", 8, 2)


def test_there_are_no_others():
    with pytest.raises(KeyError):
        pattern("stripes", 1)


@pytest.mark.parametrize(("total", "sizes"), [(128, [101]), (1051, [1024]), (2048, [1024, 970]), (1060, [1024])])
def test_bursts_have_the_size_that_is_asked_for(total, sizes):
    assert burst_sizes(total) == sizes


def test_what_is_around_a_payload():
    body = commands.ECHO.request.build(messages.Echo(b"12345"))
    message = build_message(Header(MessageKind.REQUEST, commands.ECHO.id, 1, 0), body)
    assert len(build_frame(Frame(FrameKind.DATA, 1, 0, 0, message))) == 5 + MESSAGE_BYTES


def test_goodput_counts_from_when_an_answer_may_begin():
    line = (1024 + MESSAGE_BYTES) * 0.001
    assert goodput([1024, 1024], 3 * line, 0.001) == pytest.approx(1024 / 1051)
    assert goodput([1024, 1024], 5 * line, 0.001) == pytest.approx(512 / 1051)
    assert goodput([1024], 1, 0) is None
