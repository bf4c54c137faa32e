import socket

import pytest

from simulators.errors import SimulationError
from simulators.lines.listening import listen


def test_it_listens_where_it_says():
    listener, address = listen("127.0.0.1", 0)
    host, _, number = address.rpartition(":")
    try:
        with socket.create_connection((host, int(number)), timeout=5):
            assert listener.getblocking() is False
    finally:
        listener.close()


@pytest.mark.parametrize("number", [-1, 70_000])
def test_a_port_that_does_not_exist_is_one_clear_error(number):
    with pytest.raises(SimulationError) as fault:
        listen("127.0.0.1", number)
    assert fault.value.code == "cannot-listen"


def test_an_address_in_use_is_one_clear_error():
    listener, address = listen("127.0.0.1", 0)
    try:
        with pytest.raises(SimulationError):
            listen("127.0.0.1", int(address.rpartition(":")[2]))
    finally:
        listener.close()
