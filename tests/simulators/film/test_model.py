"""The scripted terminal: a board like any other, whose display plays a film."""

import json

import pytest

from protocols.words import BindingKind, BindingState, Key
from simulators.errors import SimulationError
from simulators.film.model import NUMBER
from simulators.record import RECORD_FILE
from simulators.server import Simulation, SimulationOptions
from tests.simulators.film.made import STEPS, step, written


@pytest.fixture
def play(tmp_path):
    running = []

    def start(path):
        options = SimulationOptions("", "127.0.0.1:0", None, tmp_path / "state", 7, 10, film=path)
        running.append(Simulation(options))
        return running[-1]

    yield start
    for simulation in running:
        simulation.close()


def press(simulation, *keys):
    simulation.terminal.device.press(keys, 0.0)
    return simulation.terminal.device.screen().lines


def type_in(simulation, text):
    for digit in text:
        press(simulation, Key[f"DIGIT_{digit}"])
    return press(simulation, Key.CONFIRM)


def recorded(simulation, tmp_path):
    lines = (tmp_path / "state" / RECORD_FILE).read_text().splitlines()
    return [json.loads(line) for line in lines if '"deviation"' in line]


def test_it_is_the_films_model_with_numbers_of_its_own(play, tmp_path):
    simulation = play(written(tmp_path))
    identity = simulation.terminal.device.identity()
    assert (identity.model, identity.maker, identity.firmware_version) == ("haike-h60", "HAIKE-TEST", "3.2.1")
    assert identity.tusn.startswith("999999" + NUMBER)
    assert identity.label_number == "H60-" + identity.tusn[-8:]
    assert simulation.announce["model"] == "haike-h60"
    assert (tmp_path / "state" / "trust" / "makers" / "haike-test.pem").is_file()


def test_the_films_keys_lead_through_it_and_unbind(play, tmp_path):
    simulation = play(written(tmp_path))
    device, facts = simulation.terminal.device, simulation.announce
    assert device.screen().lines[2] == facts["merchant_number"]
    assert press(simulation, Key.F1, Key.F4)[1] == f"1.{facts['tusn'][-8:]} 本机"
    press(simulation, Key.DIGIT_1)
    assert type_in(simulation, "1" * 14)[2] == "1" * 14 + "_", "one digit short"
    assert type_in(simulation, "2")[0] == "请输入密码:"
    assert device.screen().masked
    shown = type_in(simulation, "123456")
    assert shown[1:4:2] == (facts["tusn"], facts["merchant_number"])
    assert all(binding.state is BindingState.BOUND for binding in device.bindings())
    assert press(simulation, Key.CONFIRM)[2] == facts["tusn"]
    assert all(binding.state is BindingState.UNBOUND for binding in device.bindings())
    assert recorded(simulation, tmp_path) == []


def test_another_key_changes_nothing_and_is_recorded(play, tmp_path):
    simulation = play(written(tmp_path))
    before = simulation.terminal.device.screen().lines
    assert press(simulation, Key.CONFIRM) == before
    assert press(simulation, Key.DIGIT_5) == before
    assert recorded(simulation, tmp_path) == [
        {"event": "deviation", "step": 1, "key": "CONFIRM"},
        {"event": "deviation", "step": 1, "key": "DIGIT"},
    ]


def test_a_film_that_waits_for_the_platform_leaves_the_merchant_pending(play, tmp_path):
    simulation = play(written(tmp_path, (*STEPS[:-1], step("pending", "", "pending", "等待平台审核"))))
    press(simulation, Key.F1, Key.F4)
    press(simulation, Key.DIGIT_1)
    type_in(simulation, "1" * 15)
    type_in(simulation, "123456")
    press(simulation, Key.CONFIRM)
    states = {each.kind: each.state for each in simulation.terminal.device.bindings()}
    assert states[BindingKind.MERCHANT] is BindingState.PENDING


def test_a_state_folder_belongs_to_its_film(play, tmp_path):
    play(written(tmp_path)).close()
    with pytest.raises(SimulationError) as fault:
        play(written(tmp_path, STEPS[:-1]))
    assert fault.value.code == "state-mismatch"


def test_i10_a_film_that_makes_no_menu_is_refused(play, tmp_path):
    with pytest.raises(SimulationError) as fault:
        play(written(tmp_path, (step("x", "<code>", "type", "no field"), step("y", "", "done", ""))))
    assert fault.value.code == "film-broken"
