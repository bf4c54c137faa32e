import os
import select
import sys

import pytest

from simulators.cable.pty_end import PtyEnd, SerialEnd
from simulators.cable.speed import set_speed, speed_of
from simulators.errors import SimulationError

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no pseudo-terminals")


def opened(path):
    return os.open(path, os.O_RDWR | os.O_NOCTTY | os.O_NONBLOCK)


def there(end):
    return end.present


def read(end, now=0.0):
    select.select(end.watched(), [], [], 5)
    return end.read(1000, now)


@pytest.fixture
def end(tmp_path):
    end = PtyEnd(tmp_path / "tty", 9600)
    yield end
    end.close()


def test_it_has_the_speed_that_its_program_sets(end, tmp_path):
    assert end.speed() == 9600
    user = opened(tmp_path / "tty")
    set_speed(user, 57_600)
    end.follow(1200)
    assert end.speed() == 57_600
    os.close(user)
    assert end.speed() == 57_600


def test_it_is_watched_only_while_somebody_is_there(end, tmp_path):
    assert (end.read(10, 0.0), end.present, end.watched()) == (b"", False, ())
    assert end.next_poll(1.0) > 1.0
    user = opened(tmp_path / "tty")
    os.write(user, b"hello")
    end.read(0, 0.0)
    assert end.read(3, 0.0) + end.read(10, 0.0) == b"hello"
    assert there(end)
    assert end.next_poll(1.0) is None
    end.write(b"answer")
    assert select.select([user], [], [], 5)[0]
    assert os.read(user, 10) == b"answer"
    os.close(user)
    assert read(end) == b""
    assert not there(end)


def test_what_comes_out_while_nobody_is_there_is_lost(end, tmp_path):
    end.write(b"nobody hears this")
    assert end.overrun_bytes == 17
    user = opened(tmp_path / "tty")
    end.read(10, 0.0)
    end.write(b"left behind")
    os.close(user)
    end.read(10, 0.0)
    user = opened(tmp_path / "tty")
    end.read(10, 0.0)
    end.write(b"new")
    assert select.select([user], [], [], 5)[0]
    assert os.read(user, 100) == b"new"
    os.close(user)


def test_unplugged_it_is_gone_and_plugged_in_it_is_a_new_one_of_the_first_speed(end, tmp_path):
    user = opened(tmp_path / "tty")
    end.read(10, 0.0)
    set_speed(user, 1200)
    end.unplug()
    end.unplug()
    assert not (tmp_path / "tty").is_symlink()
    assert (end.present, end.watched(), end.next_poll(0.0), end.speed()) == (False, (), None, None)
    assert end.read(10, 0.0) == b""
    end.write(b"x")
    with pytest.raises(OSError, match="Input/output"):
        os.write(user, b"x")
    os.close(user)
    end.plug(1.0)
    end.plug(1.0)
    user = opened(tmp_path / "tty")
    assert end.speed() == 9600
    os.close(user)


def test_where_the_link_is_taken_meanwhile_it_stays_away(end, tmp_path):
    end.unplug()
    (tmp_path / "tty").write_text("somebody else's")
    end.plug(1.0)
    assert end.speed() is None
    assert (tmp_path / "tty").read_text() == "somebody else's"


def test_a_serial_port_of_another_is_opened_at_the_speed_of_the_line(end, tmp_path):
    port = SerialEnd(tmp_path / "tty", 4800)
    end.read(10, 0.0)
    assert port.target == end.target
    assert (port.present, port.speed(), end.speed()) == (True, None, 4800)
    port.follow(38_400)
    assert end.speed() == 38_400
    port.write(b"\x11\x13\r")
    assert read(end) == b"\x11\x13\r"
    end.write(b"\r\n\x00")
    assert read(port) == b"\r\n\x00"
    port.close()
    assert not there(port)


def test_a_serial_port_that_vanishes_is_opened_again(end, tmp_path):
    port = SerialEnd(tmp_path / "tty", 4800)
    end.read(10, 0.0)
    end.unplug()
    assert read(port, 10.0) == b""
    assert not there(port)
    assert port.watched() == ()
    port.write(b"lost")
    assert port.overrun_bytes == 4
    assert port.next_poll(10.0) == 10.5
    assert port.read(10, 10.6) == b""
    assert not there(port)
    end.plug(11.0)
    port.read(10, 11.2)
    assert there(port)
    assert speed_of(port.watched()[0]) == 4800
    port.unplug()
    assert port.next_poll(12.0) is None
    port.plug(12.0)
    port.read(10, 12.0)
    assert there(port)
    port.close()


def test_what_cannot_be_opened_is_one_clear_error(tmp_path):
    (tmp_path / "file").write_text("no port")
    for path in (tmp_path / "missing", tmp_path / "file", tmp_path):
        with pytest.raises(SimulationError) as caught:
            SerialEnd(path, 9600)
        assert caught.value.code == "cannot-open", path
        assert caught.value.facts["why"]


def test_a_serial_port_is_opened_by_one_alone(end, tmp_path):
    port = SerialEnd(tmp_path / "tty", 9600)
    with pytest.raises(SimulationError) as caught:
        SerialEnd(tmp_path / "tty", 9600)
    assert caught.value.code == "cannot-open"
    assert "in use" in caught.value.facts["why"]
    port.close()
    SerialEnd(tmp_path / "tty", 9600).close()
    assert end.target
