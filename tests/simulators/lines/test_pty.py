import os
import select
import selectors
import sys

import pytest

from protocols.pmp import commands as c
from protocols.pmp import messages as m
from protocols.pmp.facts import Dataset
from protocols.words import Key
from simulators.errors import SimulationError
from simulators.lines.pty import PtyLine
from simulators.server import Simulation, SimulationOptions
from tests.simulators.client import Client, served
from tests.simulators.rig import Rig

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no pseudo-terminals")


@pytest.fixture
def simulation(tmp_path):
    options = SimulationOptions("haike-h60", None, str(tmp_path / "tty"), tmp_path / "state", 7, 2000)
    with served(Simulation(options)) as simulation:
        yield simulation


def test_a_terminal_answers_over_a_pseudo_terminal(simulation):
    client = Client.serial(simulation.announce["target"])
    assert client.ask(c.IDENTIFY).tusn == simulation.announce["tusn"]
    opened = client.ask(c.DATASET_OPEN, m.DatasetName(Dataset.JOURNAL))
    data = b"".join(
        client.ask(c.DATASET_READ, m.DatasetRead(opened.handle, at, 65_536)).data
        for at in range(0, opened.size, 65_536)
    )
    assert len(data) == 2000 * 128
    client.close()


def test_the_port_may_be_closed_and_opened_again_and_the_terminal_stays_as_it_was(simulation):
    first = Client.serial(simulation.announce["target"], 1)
    first.ask(c.KEY_PRESS, m.KeyPress(first.ask(c.SCREEN_READ).serial, (Key.F1, Key.F4)))
    first.close()
    for session in (2, 3):
        again = Client.serial(simulation.announce["target"], session)
        assert again.ask(c.SCREEN_READ).lines[0] == "功能菜单"
        assert again.ask(c.IDENTIFY).boot_count == 1
        again.close()


def test_a_reboot_ends_the_session_and_keeps_the_line(simulation):
    client = Client.serial(simulation.announce["target"], 1)
    before = client.opened
    client.ask(c.REBOOT)
    client.close()
    again = Client.serial(simulation.announce["target"], 2)
    assert again.opened.boot_id != before.boot_id
    assert again.ask(c.IDENTIFY).boot_count == 2
    again.close()


def test_the_link_goes_with_the_terminal_and_an_old_link_is_replaced(tmp_path):
    path = tmp_path / "tty"
    path.symlink_to("/nowhere")
    line = PtyLine(Rig(tmp_path / "state").join().port, path)
    assert line.target == f"serial:{path}"
    assert path.exists()
    line.close()
    line.close()
    assert not path.is_symlink()


def test_a_link_that_is_not_ours_any_more_stays(tmp_path):
    path = tmp_path / "tty"
    line = PtyLine(Rig(tmp_path / "state").join().port, path)
    path.unlink()
    path.symlink_to(tmp_path / "another")
    line.close()
    assert path.is_symlink()


def test_a_path_that_is_taken_by_something_else_is_a_documented_error(tmp_path):
    port = Rig(tmp_path / "state").join().port
    (tmp_path / "file").write_text("keep me")
    for path in (tmp_path / "file", tmp_path / "missing" / "tty"):
        with pytest.raises(SimulationError) as caught:
            PtyLine(port, path)
        assert caught.value.code == "cannot-link"
    assert (tmp_path / "file").read_text() == "keep me"


def test_a_system_without_pseudo_terminals_is_told_so(tmp_path, monkeypatch):
    port = Rig(tmp_path / "state").join().port
    with monkeypatch.context() as patched:
        patched.setattr(sys, "platform", "win32")
        with pytest.raises(SimulationError) as caught:
            PtyLine(port, tmp_path / "tty")
    assert caught.value.code == "no-pty"


def test_what_the_last_one_did_not_read_is_not_for_the_next_one(simulation):
    first = Client.serial(simulation.announce["target"], 1)
    opened = first.ask(c.DATASET_OPEN, m.DatasetName(Dataset.JOURNAL))
    first.leave_behind(c.DATASET_READ, m.DatasetRead(opened.handle, 0, 65_536))
    again = Client.serial(simulation.announce["target"], 2)
    assert again.ask(c.IDENTIFY).boot_count == 1
    again.close()


def test_while_nobody_has_the_port_open_the_loop_rests(tmp_path):
    line = PtyLine(Rig(tmp_path / "state").join().port, tmp_path / "tty")
    with selectors.DefaultSelector() as selector:
        line.attach(selector, 10.0)
        for turn in range(50):
            now = 10.0 + turn
            line.handle_timeout(now)
            line.flush(now)
            assert line.next_deadline() == pytest.approx(now + 0.1)
            assert selector.select(0) == []
        user = os.open(tmp_path / "tty", os.O_RDWR | os.O_NOCTTY)
        line.handle_timeout(100.0)
        assert line.next_deadline() is None
        os.write(user, b"hello\n")
        select.select([], [], [], 0.01)
        assert len(selector.select(1)) == 1
        os.close(user)
        for key, events in selector.select(1):
            key.data(events, 101.0)
        for key, events in selector.select(0):
            key.data(events, 101.0)
        assert line.next_deadline() == pytest.approx(101.1)
        assert selector.select(0) == []
        line.close()
