import contextlib
import json
import socket

import pytest

from protocols.pmp import commands as c
from simulators.errors import SimulationError
from simulators.panel import Panel
from simulators.server import Simulation, SimulationOptions
from tests.simulators.client import Client, served
from tests.simulators.rig import Rig


@pytest.fixture
def simulation(tmp_path):
    options = SimulationOptions("haike-h60", None, None, tmp_path, 7, 20, panel="127.0.0.1:0")
    with served(Simulation(options)) as simulation:
        yield simulation


@pytest.fixture
def panel(tmp_path):
    panel = Panel(Rig(tmp_path).terminal, "127.0.0.1", 0)
    yield panel
    panel.close()


class Person:
    def __init__(self, simulation):
        host, _, port = simulation.announce["panel"].rpartition(":")
        self.line = socket.create_connection((host, int(port)), timeout=30)
        self.file = self.line.makefile("rw", encoding="utf-8", newline="\n")

    def say(self, line):
        self.file.write(line + "\n")
        self.file.flush()
        return json.loads(self.file.readline())

    def close(self):
        self.file.close()
        self.line.close()


def test_keys_go_in_and_the_display_comes_out(simulation):
    person = Person(simulation)
    assert person.say("SHOW")["rows"][0] == "海科融通 H60"
    shown = person.say("F1+F4")
    assert (shown["rows"][0], shown["masked"]) == ("功能菜单", False)
    assert person.say("digit_4")["rows"][0] == "系统设置"
    person.close()


def test_the_line_and_the_panel_show_one_terminal_and_the_line_is_told(simulation):
    person, client = Person(simulation), Client.tcp(simulation.announce["target"])
    serial = client.ask(c.SCREEN_READ).serial
    person.say("F1+F4")
    assert client.ask(c.SCREEN_READ).lines[0] == "功能菜单"
    assert [event.serial for event in client.events] == [serial + 1]
    client.close()
    person.close()


def test_two_people_and_one_who_leaves(simulation):
    first, second = Person(simulation), Person(simulation)
    first.say("F1+F4")
    first.close()
    assert second.say("SHOW")["rows"][0] == "功能菜单"
    second.close()


def test_i10_a_line_without_end_is_hung_up_on(simulation):
    person = Person(simulation)
    person.line.sendall(b"A" * 5000)
    with contextlib.suppress(ConnectionResetError):  # also a way to hang up
        assert person.line.recv(100) == b""
    other = Person(simulation)
    assert other.say("SHOW")["rows"]
    other.close()
    person.close()


@pytest.mark.parametrize("line", ["", "F9", "F1+", "F1+F1", "F1+F2+F3+F4+UP", "SHOW+F1", "解绑", "DIGIT_10"])
def test_i10_what_names_no_keys_is_an_answer_too(panel, line):
    assert json.loads(panel.answer(line, 1.0)) == {"error": "no such keys"}


def test_a_key_that_the_model_has_not_is_an_answer_too(panel):
    assert json.loads(panel.answer("MENU", 1.0)) == {"error": "no such key"}
    assert panel.next_deadline() is None


def test_an_address_in_use_is_a_documented_error(panel, tmp_path):
    host, _, port = panel.target.rpartition(":")
    with pytest.raises(SimulationError, match="cannot-listen"):
        Panel(Rig(tmp_path / "b").terminal, host, int(port))
