import json
import re
import signal
import subprocess
import sys
import threading
from typing import Any

import pytest

from protocols.pmp import commands as c
from protocols.pmp import messages as m
from protocols.words import Technique
from simulators.board.terminal import Board
from simulators.catalog import find_model
from simulators.errors import SimulationError
from simulators.faults import Faults
from simulators.pmp.endpoint import PmpTerminal
from simulators.record import Record
from simulators.server import POWER_CUT_EXIT, Simulation, SimulationOptions, serve
from simulators.state import Blueprint
from tests.simulators.client import Client, served


def options(folder, **changes):
    given = {"model": "haike-h60", "listen": "127.0.0.1:0", "pty": None, "state": folder, "seed": 7, "transactions": 20}
    return SimulationOptions(**{**given, **changes})


def code_of(action):
    with pytest.raises(SimulationError) as caught:
        action()
    return caught.value.code


def test_what_is_announced_is_what_scripts_need(tmp_path):
    simulation = Simulation(options(tmp_path / "state"))
    announced = simulation.announce
    assert announced["test_data"] is True
    assert announced["model"] == "haike-h60"
    assert announced["target"].startswith("tcp://127.0.0.1:")
    assert "targets" not in announced
    assert re.fullmatch(r"99999902\d{8}", announced["tusn"])
    assert re.fullmatch(r"\d{15}", announced["merchant_number"])
    assert re.fullmatch(r"\d{8}", announced["terminal_number"])
    assert re.fullmatch(r"\d{6}", announced["password"])
    assert announced["state"] == str(tmp_path / "state")
    assert announced["trust"] == str(tmp_path / "state" / "trust")
    assert (tmp_path / "state" / "trust" / "makers" / "haike-test.pem").read_bytes().startswith(b"-----BEGIN CERT")
    json.dumps(announced)
    simulation.close()
    simulation.close()


def test_the_folder_holds_what_the_design_says_and_no_secret_in_the_open(tmp_path):
    simulation = Simulation(options(tmp_path))
    names = {path.name for path in tmp_path.iterdir()}
    assert names == {"flash.img", "keys.bin", "identity.pem", "terminal.json", "record.jsonl", "trust", "lock"}
    announced = simulation.announce
    for name in ("terminal.json", "record.jsonl"):
        text = (tmp_path / name).read_text()
        assert not any(announced[secret] in text for secret in ("merchant_number", "terminal_number", "password"))
    simulation.close()


def test_a_terminal_that_is_there_is_started_and_not_made_anew(tmp_path):
    Simulation(options(tmp_path)).close()
    before = (tmp_path / "keys.bin").read_bytes()
    (tmp_path / "keys.bin").write_bytes(bytes(512))
    simulation = Simulation(options(tmp_path, seed=None, transactions=None))
    assert simulation.announce["tusn"]
    simulation.close()
    assert (tmp_path / "keys.bin").read_bytes() == bytes(512) != before
    events = [json.loads(line) for line in (tmp_path / "record.jsonl").read_text().splitlines()]
    assert [event["boot_count"] for event in events if event["event"] == "boot"] == [1, 2]


@pytest.mark.parametrize("changes", [{"seed": 8}, {"transactions": 21}, {"unsettled": 1}])
def test_another_terminal_than_the_one_in_the_folder_is_refused(tmp_path, changes):
    Simulation(options(tmp_path)).close()
    assert code_of(lambda: Simulation(options(tmp_path, **changes))) == "state-mismatch"
    Simulation(options(tmp_path)).close()


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"model": "no-such"}, "unknown-simulator"),
        ({"faults": ("no-such",)}, "unknown-fault"),
        ({"faults": ("tamper=1",)}, "bad-fault-value"),
        ({"listen": "nonsense"}, "bad-address"),
        ({"transactions": 10_000_000}, "bad-amount"),
        ({"unsettled": 21}, "bad-amount"),
        ({"seed": -1}, "bad-amount"),
        ({"listen": "127.0.0.1:0", "pty": "/proc/no/tty"}, "cannot-link"),
    ],
)
def test_i10_what_makes_no_sense_is_one_documented_error_and_leaves_nothing_open(tmp_path, changes, code):
    assert code_of(lambda: Simulation(options(tmp_path, **changes))) == code
    Simulation(options(tmp_path)).close()


@pytest.mark.parametrize("name", ["flash.img", "keys.bin", "identity.pem", "terminal.json"])
def test_i10_a_damaged_folder_is_one_documented_error(tmp_path, name):
    Simulation(options(tmp_path)).close()
    (tmp_path / name).write_bytes(b"damaged")
    assert code_of(lambda: Simulation(options(tmp_path))) == "state-broken"
    assert code_of(lambda: Simulation(options(tmp_path))) == "state-broken"


def test_a_folder_that_cannot_be_written_is_refused(tmp_path):
    (tmp_path / "file").write_text("")
    assert code_of(lambda: Simulation(options(tmp_path / "file"))) == "state-unusable"


def test_a_half_made_terminal_is_made_anew(tmp_path):
    Simulation(options(tmp_path)).close()
    (tmp_path / "terminal.json").unlink()
    (tmp_path / "flash.img").write_bytes(b"half")
    Simulation(options(tmp_path)).close()


def test_one_terminal_serves_tcp_and_pty_at_once(tmp_path):
    with served(Simulation(options(tmp_path / "state", pty=str(tmp_path / "tty")))) as simulation:
        assert simulation.announce["targets"][0] == simulation.announce["target"]
        tcp = Client.tcp(simulation.announce["targets"][0])
        serial = Client.serial(simulation.announce["targets"][1])
        assert tcp.ask(c.IDENTIFY) == serial.ask(c.IDENTIFY)
        tcp.close()
        serial.close()


def test_several_terminals_in_one_loop(tmp_path):
    simulations = [Simulation(options(tmp_path / str(seed), seed=seed)) for seed in (1, 2, 3)]
    stop = threading.Event()
    thread = threading.Thread(target=serve, args=(simulations, stop.is_set))
    thread.start()
    clients = [Client.tcp(each.announce["target"]) for each in simulations]
    assert [client.ask(c.IDENTIFY).tusn for client in clients] == [each.announce["tusn"] for each in simulations]
    stop.set()
    thread.join()
    for client, simulation in zip(clients, simulations, strict=True):
        client.close()
        simulation.close()


PROGRAM = """
import json, sys
from pathlib import Path
from simulators.server import Simulation, SimulationOptions
faults = tuple(sys.argv[2:])
simulation = Simulation(SimulationOptions("haike-h60", "127.0.0.1:0", None, Path(sys.argv[1]), 7, 40, faults=faults))
print(json.dumps(simulation.announce), flush=True)
simulation.run(lambda: False)
"""


def started(folder: Any, *faults: str) -> tuple[Any, dict[str, Any]]:
    process = subprocess.Popen([sys.executable, "-c", PROGRAM, str(folder), *faults], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    return process, json.loads(process.stdout.readline())


def unbind(folder):
    """Unbind the terminal in a folder, as its menu does."""
    simulation = Simulation(options(folder, transactions=40))
    device = simulation.terminal.device
    assert isinstance(device, Board)
    device._unbinding.unbind()
    simulation.close()


def test_i7_a_power_cut_kills_the_process_and_the_next_start_finds_the_wipe_interrupted(tmp_path):
    unbind(tmp_path)
    process, announced = started(tmp_path, "cut-at-block=9")
    client = Client.tcp(announced["target"])
    regions = tuple(m.RegionNumber(each) for each in (1, 2, 3, 4))
    prepared = client.ask(c.WIPE_PREPARE, m.WipePrepare(bytes(32), Technique.BLOCK_ERASE, True, regions))
    client.ask(c.WIPE_START, m.WipeStart(prepared.token))
    assert process.wait(30) == POWER_CUT_EXIT
    client.close()
    with served(Simulation(options(tmp_path, transactions=40))) as simulation:
        again = Client.tcp(simulation.announce["target"])
        assert again.ask(c.WIPE_STATUS).state.name == "INTERRUPTED"
        assert again.ask(c.IDENTIFY).boot_count == 3
        again.close()


def test_i7_a_terminal_survives_its_own_kill(tmp_path):
    process, announced = started(tmp_path)
    client = Client.tcp(announced["target"])
    assert client.ask(c.IDENTIFY).boot_count == 1
    process.send_signal(signal.SIGKILL)
    assert process.wait(30) == -signal.SIGKILL
    client.close()
    process, announced = started(tmp_path)
    client = Client.tcp(announced["target"])
    assert client.ask(c.IDENTIFY).boot_count == 2
    client.close()
    process.kill()
    process.wait(30)


def test_a_model_can_be_started_without_the_server(tmp_path):
    Simulation(options(tmp_path)).close()
    model = find_model("haike-h60")
    record = Record(tmp_path / "record.jsonl")
    device = model.start(tmp_path, Blueprint("haike-h60", 7, 20, 0), Faults(), 0.0, record.add, lambda: None, {})
    device.boot()
    assert device.identity().boot_count == 2
    device.close()
    record.close()


def test_a_serial_port_with_a_speed_is_announced_and_served_at_that_speed(tmp_path):
    wanted = options(tmp_path / "state", listen=None, pty=str(tmp_path / "tty"), baud=57_600, highest_baud=115_200)
    with served(Simulation(wanted)) as simulation:
        assert simulation.announce["baud"] == 57_600
        client = Client.serial(simulation.announce["target"])
        assert client.ask(c.IDENTIFY).tusn == simulation.announce["tusn"]
        client.close()


@pytest.mark.parametrize(
    "wrong", [{"baud": 9600}, {"highest_baud": 9600, "pty": "tty"}, {"baud": 9600, "highest_baud": 9600}]
)
def test_a_speed_without_a_serial_port_is_refused(tmp_path, wrong):
    assert code_of(lambda: Simulation(options(tmp_path, **wrong))) == "speed-needs-pty"
    assert not list(tmp_path.iterdir())


def test_a_revoked_terminal_is_on_its_makers_list_for_as_long_as_the_fault_is_asked_for(tmp_path):
    lists = tmp_path / "trust" / "makers" / "haike-test.crl"
    for faults, there in ((("tls-revoked",), True), ((), False)):
        Simulation(options(tmp_path, faults=faults)).close()
        assert lists.exists() is there


def test_agents_are_read_before_anything_is_made(tmp_path):
    assert code_of(lambda: Simulation(options(tmp_path / "s", agents=tmp_path / "nobody"))) == "agents-unreadable"
    assert not (tmp_path / "s").exists()


def test_the_serial_port_is_ready_for_no_more_than_it_was_told(tmp_path, monkeypatch):
    opened = []
    open_port = PmpTerminal.open_port

    def noted(terminal, settings, *others, **named):
        opened.append((settings.baud, settings.highest_baud))
        return open_port(terminal, settings, *others, **named)

    monkeypatch.setattr(PmpTerminal, "open_port", noted)
    pty = str(tmp_path / "tty")
    for highest in (None, 115_200):
        Simulation(options(tmp_path / "state", pty=pty, baud=9600, highest_baud=highest)).close()
    Simulation(options(tmp_path / "state", listen=None, pty=pty)).close()
    assert opened == [(0, 0), (9600, 9600), (0, 0), (9600, 115_200), (0, 0)]


def test_a_terminal_that_sends_its_datasets_by_ymodem_has_no_private_link(tmp_path, monkeypatch):
    opened = []
    open_port = PmpTerminal.open_port

    def noted(terminal, settings, faults, channel, **named):
        opened.append((channel is not None, named["datasets"]))
        return open_port(terminal, settings, faults, channel, **named)

    monkeypatch.setattr(PmpTerminal, "open_port", noted)
    for chosen in ((), ("datasets=ymodem-g",)):
        Simulation(options(tmp_path / "state", options=chosen)).close()
    assert opened == [(True, "pmp"), (False, "ymodem-g")]
