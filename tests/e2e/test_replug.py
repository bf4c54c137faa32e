"""Terminals at the end of a cable: its speed is found, it is set as asked, and it may be pulled out."""

import json
import os
import signal
import subprocess

import pytest

from tests.e2e.conftest import POSRETIRE

pytestmark = pytest.mark.skipif(os.name != "posix", reason="pseudo-terminals are POSIX")


@pytest.fixture
def cable(tmp_path):
    """Lay a line of 115,200 baud from a terminal's pseudo-terminal to another, which can be unplugged."""
    running = []

    def lay(terminal, *words):
        near = tmp_path / "tty-near"
        process = subprocess.Popen(
            [POSRETIRE, "simulate", "line", "--near", f"pty:{near}", "--far", terminal["target"], "--json", *words],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            encoding="utf-8",
        )
        running.append(process)
        assert process.stdout is not None
        assert json.loads(process.stdout.readline())["event"] == "ready"
        return {**terminal, "target": f"serial:{near}"}, process

    yield lay
    for process in running:
        process.terminate()
        process.communicate(timeout=20)


def test_an_export_outlives_its_cable(simulate, cable, technician, tmp_path):
    terminal, _ = cable(
        simulate("--pty", tmp_path / "tty-terminal", "--transactions", 1500),
        *("--baud", "115200", "--unplug-after", "20000", "--plug-after", "2"),
    )
    out = tmp_path / "export.age"
    done = technician.run("export", terminal["target"], "--recipient", technician.recipient, "--out", out, "--json")
    assert done.code == 0, done.out + done.err
    remarks = [line["code"] for line in done.lines if line["event"] == "line"]
    assert remarks == ["unplugged", "replugged"]
    assert (done.lines[-1]["result"], done.lines[-1]["records"]) == ("PASS", 1500)


def test_the_speed_of_a_line_is_found(simulate, cable, technician, tmp_path):
    terminal, _ = cable(simulate("--pty", tmp_path / "tty-terminal"), "--baud", "38400")
    found = technician.run("inspect", terminal["target"] + "?baud=auto", "--json")
    assert found.code == 0, found.out + found.err
    assert (found.document["baud"], found.document["identity"]["tusn"]) == (38_400, terminal["tusn"])
    assert "A terminal answers at 38400 baud." in found.err


@pytest.mark.parametrize("options", ["flow=xonxoff", "flow=rtscts&parity=even&stop=2", "model=haike-h60"])
def test_a_terminal_behind_a_line_of_other_settings(options, simulate, technician, tmp_path):
    terminal = simulate("--pty", tmp_path / "tty-terminal", "--transactions", 50)
    out = tmp_path / "export.age"
    target = f"{terminal['target']}?{options}"
    done = technician.run("export", target, "--recipient", technician.recipient, "--out", out, "--json")
    assert done.code == 0, done.out + done.err
    assert (done.lines[-1]["result"], done.lines[-1]["records"]) == ("PASS", 50)


def test_a_retirement_outlives_a_cable_that_is_pulled_by_hand(simulate, cable, technician, tmp_path):
    terminal, line = cable(simulate("--pty", tmp_path / "tty-terminal", "--transactions", 300))
    technician.password.write_text(terminal["password"] + "\n", encoding="utf-8")
    technician.password.chmod(0o600)
    words = ["--merchant", terminal["merchant_number"], "--password-file", technician.password, "--yes", "--json"]
    words += ["--recipient", technician.recipient, "--out", technician.out, "--trust", terminal["trust"]]
    process = subprocess.Popen(
        [POSRETIRE, "retire", terminal["target"], *words, "--reason", "shop closed (TEST)", "--operator", "7 (TEST)"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        env={**os.environ, "POSRETIRE_HOME": str(technician.home)},
    )
    assert process.stdout is not None
    events = []
    pulled = False
    for text in process.stdout:
        events.append(json.loads(text))
        if not pulled and events[-1]["event"] == "step" and events[-1]["step"] == "wipe":
            pulled = True
            line.send_signal(signal.SIGUSR2)
        if events[-1].get("code") == "unplugged":
            line.send_signal(signal.SIGUSR2)
    process.communicate(timeout=60)
    assert [each["code"] for each in events if each["event"] == "line"] == ["unplugged", "replugged"]
    assert (process.returncode, events[-1]["result"]) == (0, "PASS"), events
