import os
import sys
import termios

import pytest

from simulators.cable.speed import set_speed, speed_of

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no pseudo-terminals")


@pytest.fixture
def pair():
    master, slave = os.openpty()
    yield master, slave
    os.close(master)
    os.close(slave)


def test_what_a_program_sets_is_seen_from_our_side(pair):
    master, slave = pair
    for name in ("B9600", "B115200", "B1200"):
        settings = termios.tcgetattr(slave)
        settings[4] = settings[5] = getattr(termios, name)
        termios.tcsetattr(slave, termios.TCSANOW, settings)
        assert speed_of(master) == speed_of(slave) == int(name[1:])


def test_a_speed_can_be_set_from_either_side_and_outlives_the_user(pair):
    master, slave = pair
    assert set_speed(master, 57_600)
    assert termios.tcgetattr(slave)[5] == termios.B57600
    assert set_speed(slave, 4800)
    assert speed_of(master) == 4800


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux has speeds by number")
def test_any_number_will_do_on_linux(pair):
    master, slave = pair
    assert set_speed(slave, 250_000)
    assert speed_of(master) == 250_000
    assert set_speed(slave, 115_200)
    assert speed_of(master) == 115_200


def test_what_is_no_port_has_none(tmp_path):
    with (tmp_path / "file").open("wb") as file:
        assert speed_of(file.fileno()) is None
        assert not set_speed(file.fileno(), 9600)
