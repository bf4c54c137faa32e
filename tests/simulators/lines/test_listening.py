import socket

import pytest

from simulators.errors import SimulationError
from simulators.lines.listening import listen, parse_address


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


@pytest.mark.parametrize(
    ("text", "address"),
    [("127.0.0.1:0", ("127.0.0.1", 0)), ("[::1]:8583", ("::1", 8583)), ("localhost:65535", ("localhost", 65_535))],
)
def test_addresses(text, address):
    assert parse_address(text) == address


@pytest.mark.parametrize(
    "text", ["", ":", "host", "host:", ":1", "host:65536", "host:-1", "host:1x", "host:١", "host:" + "9" * 5000]
)
def test_what_is_no_address_is_refused(text):
    with pytest.raises(SimulationError) as fault:
        parse_address(text)
    assert fault.value.code == "bad-address"
