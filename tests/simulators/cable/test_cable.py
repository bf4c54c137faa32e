import pytest

from simulators.cable.cable import Cable, CableSettings
from simulators.cable.noise import Impairments
from tests.simulators.cable.ends import MemoryEnd

DATA = bytes(place % 253 for place in range(5000))


class Line:
    """A cable between two ends in memory, and its clock."""

    def __init__(self, near=None, far=None, **settings):
        self.near, self.far = MemoryEnd(near), MemoryEnd(far)
        self.cable = Cable(self.near, self.far, CableSettings(**settings))
        self.now = 0.0

    @property
    def awake(self):
        return self.cable.awake

    @property
    def plugged(self):
        return self.near.plugged

    def run(self, seconds):
        until = self.now + seconds
        while self.now < until:
            self.cable.turn(self.now)
            self.now += 0.002


def test_bytes_go_both_ways_at_the_speed_of_their_senders():
    line = Line(9600, 9600)
    line.near.to_send += DATA
    line.far.to_send += DATA[::-1]
    line.run(1.0)
    assert len(line.far.came) == pytest.approx(960, rel=0.02)
    assert len(line.near.came) == pytest.approx(960, rel=0.02)
    line.run(5.0)
    assert bytes(line.far.came) == DATA
    assert bytes(line.near.came) == DATA[::-1]


def test_it_holds_the_sender_back():
    line = Line(1200, 1200)
    line.near.to_send += DATA
    line.cable.turn(0.0)
    assert len(DATA) - len(line.near.to_send) == 512


@pytest.mark.parametrize(
    ("near", "far", "baud", "understood", "pace"),
    [
        (9600, 9600, None, True, 960),
        (9600, 9600, 9600, True, 960),
        (9600, 19_200, None, False, 960),
        (19_200, 9600, None, False, 960),
        (9600, 9600, 19_200, False, 960),
        (None, None, 9600, True, 960),
        (9600, None, None, True, 960),
        (None, 9600, None, True, 960),
        (None, 9600, 19_200, False, 960),
        (None, None, None, True, 11_520),
    ],
)
def test_speeds_that_differ_make_garbage(near, far, baud, understood, pace):
    line = Line(near, far, baud=baud)
    line.near.to_send += DATA
    line.run(0.25)
    assert len(line.far.came) == pytest.approx(pace / 4, rel=0.03)
    assert (bytes(line.far.came) == DATA[: len(line.far.came)]) is understood


def test_a_port_of_ours_follows_the_other_end():
    line = Line(9600, None)
    line.run(0.01)
    assert line.far.followed == 9600
    line.near.set_speed = 57_600
    line.run(0.01)
    assert line.far.followed == 57_600
    line = Line(9600, None, baud=4800)
    line.run(0.01)
    assert line.far.followed == 4800


def test_each_way_and_each_line_has_its_own_chance():
    lines = [Line(9600, 9600, impairments=Impairments(bit_error_rate=1e-2), seed=5) for _ in range(2)]
    other = Line(9600, 9600)
    other.cable = Cable(
        other.near, other.far, CableSettings(impairments=Impairments(bit_error_rate=1e-2), seed=5), place=1
    )
    for line in (*lines, other):
        line.near.to_send += DATA
        line.far.to_send += DATA
        line.run(6.0)
    assert lines[0].far.came == lines[1].far.came
    assert lines[0].far.came != lines[0].near.came
    assert lines[0].far.came != other.far.came


def test_a_cut_line_is_silent_and_a_healed_one_carries_again():
    line = Line(9600, 9600)
    line.near.to_send += b"before"
    line.run(0.1)
    line.cable.toggle_cut()
    line.near.to_send += b"during"
    line.run(0.1)
    line.cable.toggle_cut()
    line.near.to_send += b"after"
    line.run(0.1)
    assert bytes(line.far.came) == b"beforeafter"
    assert line.cable.statistics()["near_to_far"]["cut_bytes"] == 6


def test_the_near_end_is_unplugged_and_plugged_in_by_hand():
    line = Line(9600, 9600)
    line.run(1.0)
    assert not line.awake
    line.cable.toggle_plug(line.now)
    assert (line.plugged, line.far.plugged, line.awake) == (False, True, True)
    line.cable.toggle_plug(line.now)
    assert line.plugged


def test_the_near_end_is_unplugged_after_so_many_bytes_and_comes_back_by_itself():
    line = Line(9600, 9600, unplug_after=100, plug_after=0.5)
    line.near.to_send += DATA
    line.far.to_send += DATA
    line.run(0.1)
    assert not line.plugged
    carried = len(line.near.came) + len(line.far.came)
    assert 100 <= carried < 110
    assert line.cable.next_poll(line.now) < 0.56
    line.run(1.0)
    assert line.plugged
    line.run(5.0)
    assert line.plugged, "once is enough"


def test_unplugged_by_hand_it_comes_back_by_itself_too():
    line = Line(9600, 9600, plug_after=0.5)
    line.cable.toggle_plug(line.now)
    line.run(0.4)
    assert not line.plugged
    line.run(0.2)
    assert line.plugged


def test_a_greeting_comes_once_when_somebody_is_there():
    line = Line(9600, 9600, greeting=b"boot v1\r\n")
    line.near.present = False
    line.run(0.5)
    line.near.present = True
    line.run(0.5)
    line.near.present = False
    line.run(0.5)
    line.near.present = True
    line.run(0.5)
    assert bytes(line.near.came) == b"boot v1\r\n"


def test_it_rests_where_nothing_moves():
    line = Line(9600, 9600, impairments=Impairments(latency=1.0))
    line.run(0.1)
    assert not line.awake
    line.near.to_send += b"x"
    line.run(0.9)
    assert line.awake, "there is something on the way"
    line.run(0.3)
    assert bytes(line.far.came) == b"x"
    assert not line.awake
    line.cable.close()
    assert line.near.closed
    assert line.far.closed
