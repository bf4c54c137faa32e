import select
import socket

import pytest

from simulators.cable.socket_end import ConnectEnd, ListenEnd
from simulators.errors import SimulationError


def connected(target):
    host, _, port = target.removeprefix("tcp://").rpartition(":")
    return socket.create_connection((host, int(port)), 5)


def there(end):
    return end.present


def read(end, now=0.0):
    select.select(end.watched(), [], [], 5)
    return end.read(1000, now)


@pytest.fixture
def end():
    end = ListenEnd("127.0.0.1", 0)
    yield end
    end.close()


def test_it_takes_one_connection_at_a_time(end):
    assert (end.present, end.speed(), end.next_poll(0.0), end.read(10, 0.0)) == (False, None, None, b"")
    end.write(b"nobody hears this")
    assert end.overrun_bytes == 17
    with connected(end.target) as first:
        read(end)
        first.sendall(b"hello")
        assert read(end) == b"hello"
        end.write(b"answer")
        assert first.recv(10) == b"answer"
        with connected(end.target) as second:
            read(end)
            assert first.recv(10) == b""
            second.sendall(b"second")
            assert read(end) == b"second"
        assert read(end) == b""
    assert not there(end)


def test_unplugged_it_hangs_up_and_lets_nobody_in(end):
    with connected(end.target) as user:
        read(end)
        end.unplug()
        assert user.recv(10) == b""
    with connected(end.target) as user:
        read(end)
        assert user.recv(10) == b""
    end.plug(1.0)
    with connected(end.target):
        read(end)
        assert there(end)


def test_a_connection_is_made_and_made_again(end):
    port = ConnectEnd("127.0.0.1", int(end.target.rpartition(":")[2]))
    assert port.target == end.target
    read(end)
    port.write(b"hello")
    assert read(end) == b"hello"
    end.unplug()
    end.plug(0.0)
    assert read(port, 10.0) == b""
    assert not there(port)
    assert port.next_poll(10.0) == 10.5
    assert port.next_poll(11.0) == 11.0
    for turn in range(100):
        port.read(10, 11.0 + turn)
        if port.present:
            break
        select.select([], [], [], 0.01)
    read(end)
    port.write(b"again")
    assert read(end) == b"again"
    port.unplug()
    assert read(end) == b""
    assert port.next_poll(99.0) is None
    port.close()


def test_nobody_there_is_one_clear_error():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        number = taken.getsockname()[1]
    for host, port in (("127.0.0.1", number), ("no-such-host.invalid", 1), ("x" * 300, 1)):
        with pytest.raises(SimulationError) as caught:
            ConnectEnd(host, port)
        assert caught.value.code == "cannot-connect"
