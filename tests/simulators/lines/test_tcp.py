import socket

import pytest

from protocols.pmp import commands as c
from protocols.pmp import messages as m
from protocols.pmp.facts import Dataset
from protocols.words import Key
from simulators.errors import SimulationError
from simulators.lines.tcp import TcpLine
from simulators.server import Simulation, SimulationOptions
from tests.simulators.client import Client, served
from tests.simulators.rig import Rig


@pytest.fixture
def simulation(tmp_path):
    with served(Simulation(SimulationOptions("haike-h60", "127.0.0.1:0", None, tmp_path, 7, 40))) as simulation:
        yield simulation


def test_a_terminal_answers_over_tcp(simulation):
    client = Client.tcp(simulation.announce["target"])
    assert client.ask(c.IDENTIFY).tusn == simulation.announce["tusn"]
    screen = client.ask(c.SCREEN_READ)
    client.ask(c.KEY_PRESS, m.KeyPress(screen.serial, (Key.F1, Key.F4)))
    assert client.ask(c.SCREEN_READ).lines[0] == "功能菜单"
    assert [event.serial for event in client.events] == [screen.serial + 1]
    client.close()


def test_a_new_connection_takes_the_place_of_the_old_one(simulation):
    first = Client.tcp(simulation.announce["target"], 1)
    handle = first.ask(c.DATASET_OPEN, m.DatasetName(Dataset.JOURNAL)).handle
    second = Client.tcp(simulation.announce["target"], 1)
    assert first.wait_for_end() is None
    assert second.ask(c.DATASET_OPEN, m.DatasetName(Dataset.JOURNAL)).handle != handle
    first.close()
    second.close()


def test_a_reboot_hangs_up_and_the_terminal_comes_back(simulation):
    client = Client.tcp(simulation.announce["target"], 1)
    client.ask(c.REBOOT)
    assert client.wait_for_end() is None
    client.close()
    again = Client.tcp(simulation.announce["target"], 2)
    assert again.ask(c.IDENTIFY).boot_count == 2
    again.close()


def test_garbage_and_a_reset_connection_do_not_disturb_the_terminal(simulation):
    host, _, port = simulation.announce["target"].removeprefix("tcp://").rpartition(":")
    rude = socket.create_connection((host, int(port)))
    rude.sendall(b"GET / HTTP/1.1\r\n\r\n" + b"\xa5" * 5000)
    rude.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\x00\x00\x00\x00\x00\x00\x00")
    rude.close()
    client = Client.tcp(simulation.announce["target"])
    assert client.ask(c.IDENTIFY).boot_count == 1
    client.close()


def test_an_address_that_is_taken_is_a_documented_error(tmp_path):
    rig = Rig(tmp_path)
    with socket.create_server(("127.0.0.1", 0)) as taken, pytest.raises(SimulationError) as caught:
        TcpLine(rig.join().port, "127.0.0.1", taken.getsockname()[1])
    assert caught.value.code == "cannot-listen"
    for host in ("no-such-host.invalid", "256.1.1.1"):
        with pytest.raises(SimulationError):
            TcpLine(rig.join().port, host, 0)


def test_closing_twice_is_closing_once(tmp_path):
    line = TcpLine(Rig(tmp_path).join().port, "127.0.0.1", 0)
    assert line.target.startswith("tcp://127.0.0.1:")
    line.close()
    line.close()
