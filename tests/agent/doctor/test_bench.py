"""Sessions on a line that is examined: opened, broken, opened again, and everything counted."""

import pytest

from agent.doctor.bench import Bench, LineGone, SessionBroke
from agent.doctor.measurements import Nature
from agent.doctor.patterns import burst_sizes
from agent.doctor.tap import Tap
from protocols.pmp import commands
from tests.agent.doctor.faulty_line import EchoTerminal, Faults, FaultyLine
from tests.agent.virtual_time import Clock


@pytest.fixture
def bench():
    def make(terminal=None, faults=None, **line):
        clock = Clock()
        baud = line.setdefault("baud", 115_200)
        answering = terminal or EchoTerminal(baud, highest_baud=line.get("highest_baud", 0))
        numbers = iter(range(0x3C71, 0xFFFF))
        return Bench(Tap(FaultyLine(clock, answering, faults, **line)), clock, lambda: next(numbers))

    return make


def test_a_handshake_is_timed(bench):
    it = bench(faults=Faults(latency=0.1))
    handshake = it.open(3)
    assert 0.2 < handshake.seconds < 0.3
    assert (handshake.baud, handshake.escaped, handshake.heard.nature) == (115_200, False, Nature.NOTHING)


def test_what_comes_in_its_place_is_told(bench):
    it = bench(faults=Faults(eats_flow=True, greeting=b"login: "), baud=9600, terminal=EchoTerminal(115_200))
    handshake = it.open(2)
    assert handshake.seconds is None
    assert handshake.heard.nature is Nature.TEXT


def test_one_echo_is_measured(bench):
    it = bench()
    it.open(3)
    found = it.echo("random", [100])
    assert found.clean
    assert (found.size_bytes, found.ahead_bytes) == (100, 127)
    assert found.byte_seconds == pytest.approx(2 * 127 * 10 / 115_200)
    assert 0 <= found.waiting_seconds < 0.01
    assert found.counts.sent_bytes >= 127
    assert found.counts.received_bytes >= 127
    assert found.goodput_ratio is None


def test_a_burst_is_measured(bench):
    it = bench()
    it.open(3)
    it.echo("counting", [0])
    found = it.echo("random", burst_sizes(4096), ahead=4)
    assert found.ahead_bytes == 4096
    assert 0.85 < found.goodput_ratio <= 1


def test_the_goodput_of_a_long_way_is_that_of_the_line(bench):
    it = bench(faults=Faults(latency=0.1))
    it.open(3)
    it.echo("counting", [0])
    assert it.echo("random", burst_sizes(4096), ahead=4).goodput_ratio > 0.85


def test_what_does_not_come_back_ends_the_session_and_another_can_be_opened(bench):
    it = bench(faults=Faults(buffer=400))
    it.open(3)
    found = it.echo("random", [1024])
    assert found.seconds is None
    assert not found.clean
    assert found.counts.retransmissions
    assert it.lost == 1
    with pytest.raises(SessionBroke):
        it.echo("random", [0])
    with pytest.raises(SessionBroke):
        it.idle(0.1)
    assert it.open(3).seconds is not None
    assert it.echo("random", [0]).clean


def test_late_acknowledgements_are_no_lost_frames(bench):
    it = bench(baud=9600)
    it.open(3)
    found = it.echo("random", [1024])
    assert found.counts.retransmissions  # the answer takes so long that its acknowledgement comes late
    assert not found.counts.errors


def test_lost_frames_are_those_of_which_the_terminal_tells(bench):
    it = bench(faults=Faults(buffer=1500))
    it.open(3)
    found = it.echo("random", burst_sizes(4096), ahead=4)
    assert found.counts.lost_frames == found.counts.retransmissions > 0


def test_the_line_s_end_is_told_apart_from_the_session_s(bench):
    it = bench(faults=Faults(cut_after=200))
    it.open(3)
    with pytest.raises(LineGone, match="gone by the test"):
        it.echo("random", [1024])


def test_idle_lines_are_listened_to(bench):
    it = bench(faults=Faults(garbage=60))
    assert it.listen(0.5).received_bytes >= 24
    assert it.listen(0.5).heard.nature is Nature.GARBAGE
    it.open(6)
    assert it.idle(0.5).received_bytes >= 24


def test_the_rest_of_a_broken_frame_did_not_come_while_idle(bench):
    it = bench(faults=Faults(our_buffer=1500))
    it.open(3)
    it.echo("random", burst_sizes(2048), ahead=2)
    assert it.idle(2).received_bytes == 0


def test_questions_beyond_echo_are_answered_or_not(bench):
    it = bench()
    it.open(3)
    assert it.ask(commands.IDENTIFY).model == "haike-h60"


def test_another_speed_and_the_way_back(bench):
    it = bench(highest_baud=921_600)
    it.open(3)
    assert it.can_raise
    assert it.raise_speed(460_800)
    assert it.tap.baud == 460_800
    assert it.echo("random", [512]).clean
    it.close()
    assert it.tap.baud == 115_200
    assert it.open(6).seconds is not None


def test_a_speed_that_the_line_does_not_carry_is_left_again(bench):
    it = bench(highest_baud=921_600, faults=Faults(good_baud=115_200))
    it.open(3)
    assert not it.raise_speed(460_800)
    assert it.echo("random", [16]).clean


def test_no_other_speed_without_a_line_of_our_own(bench):
    it = bench(baud=None)
    it.open(3)
    assert not it.can_raise
