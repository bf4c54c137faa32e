"""Opening a target picks the right kind of line."""

from __future__ import annotations

import os
import socket
import subprocess
import sys

import pytest

from agent.errors import LinkFault, UsageFault
from agent.transport.base import open_transport
from agent.transport.replug import ReplugTransport
from agent.transport.serial_line import SerialTransport
from agent.transport.tcp import TcpTransport


def test_tcp() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        transport = open_transport(f"tcp://127.0.0.1:{server.getsockname()[1]}")
        assert isinstance(transport, TcpTransport)
        transport.close()


def test_pyserial_url() -> None:
    transport = open_transport("loop://?baud=9600")
    assert isinstance(transport, SerialTransport)
    assert transport.baud == 9600
    transport.close()


@pytest.mark.skipif(os.name != "posix", reason="PTYs are POSIX")
@pytest.mark.parametrize(("patient", "kind"), [(True, ReplugTransport), (False, SerialTransport)])
def test_a_port_of_this_machine_is_waited_for_where_that_is_wanted(patient: bool, kind: type) -> None:
    master, slave = os.openpty()
    transport = open_transport(os.ttyname(slave), patient=patient)
    assert isinstance(transport, kind)
    transport.close()
    os.close(master)
    os.close(slave)


def test_a_port_that_is_not_there() -> None:
    with pytest.raises(LinkFault):
        open_transport("no-such-port")


def test_nonsense() -> None:
    with pytest.raises(UsageFault):
        open_transport("http://host")


def test_tcp_does_without_pyserial() -> None:
    program = (
        "import sys; import agent.connect; from agent.errors import LinkFault\n"
        "try: agent.connect.connect('tcp://127.0.0.1:1')\n"
        "except LinkFault: pass\n"
        "assert 'serial' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", program], check=True, timeout=60)
