"""Terminals behind a device server: ser2net serves a simulated terminal's pseudo-terminal, raw and by RFC 2217."""

import shutil
import socket
import subprocess
import time

import pytest

pytestmark = pytest.mark.skipif(shutil.which("ser2net") is None, reason="needs ser2net (Debian package ser2net)")

CONFIGURATION = """\
connection: &rfc
    accepter: telnet(rfc2217),tcp(nodelay),127.0.0.1,{rfc2217}
    connector: serialdev,{device},115200n81,local
    options:
      chardelay: false
connection: &raw
    accepter: tcp(nodelay),127.0.0.1,{raw}
    connector: serialdev,{device},115200n81,local
    options:
      chardelay: false
connection: &nothing
    accepter: tcp,127.0.0.1,{nothing}
    connector: serialdev,{device}.gone,115200n81,local
"""
PATIENCE_SECONDS = 20


def free_ports(count):
    held = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [each.getsockname()[1] for each in held]
    for each in held:
        each.close()
    return ports


def listens(port):
    try:
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
    except OSError:
        return False
    return True


@pytest.fixture
def served(tmp_path, simulate):
    """Serve a simulated terminal by ser2net; its targets stand under ``raw``, ``rfc2217`` and ``nothing``."""
    running = []

    def serve(*words):
        device = tmp_path / "tty-terminal"
        terminal = simulate("--pty", device, *words)
        return terminal, ser2net(tmp_path, device, running)

    yield serve
    for process in running:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:  # it waits for devices that are gone
            process.kill()
            process.wait()


@pytest.fixture
def server(served):
    """Serve a simulated terminal with a few transactions."""
    return served("--transactions", 60)


def ser2net(tmp_path, device, running):
    ports = dict(zip(("raw", "rfc2217", "nothing"), free_ports(3), strict=True))
    configuration = tmp_path / "ser2net.yaml"
    configuration.write_text(CONFIGURATION.format(device=device, **ports), encoding="utf-8")
    process = subprocess.Popen(
        ["ser2net", "-n", "-u", "-c", configuration, "-P", tmp_path / "pid"], stderr=subprocess.DEVNULL
    )
    running.append(process)
    until = time.monotonic() + PATIENCE_SECONDS
    while not listens(ports["nothing"]):
        assert process.poll() is None, "ser2net ended at once"
        assert time.monotonic() < until, "ser2net does not listen"
        time.sleep(0.1)
    return {
        "raw": f"tcp://127.0.0.1:{ports['raw']}",
        "rfc2217": f"rfc2217://127.0.0.1:{ports['rfc2217']}?ign_set_control",
        "nothing": f"tcp://127.0.0.1:{ports['nothing']}",
    }


@pytest.mark.parametrize("way", ["raw", "rfc2217"])
def test_a_terminal_behind_a_device_server_is_inspected_and_retired(way, server, technician):
    terminal, targets = server
    inspected = technician.run("inspect", targets[way], "--json")
    assert inspected.code == 0, inspected.err
    assert inspected.document["identity"]["tusn"] == terminal["tusn"]
    assert inspected.document["baud"] == {"raw": None, "rfc2217": 115_200}[way]
    retired = technician.retire({**terminal, "target": targets[way]})
    assert retired.code == 0, retired.err
    assert retired.lines[-1]["result"] == "PASS"


def test_the_speed_is_found_over_rfc2217(server, technician):
    _, targets = server
    inspected = technician.run("inspect", targets["rfc2217"] + "&baud=auto", "--json")
    assert inspected.code == 0, inspected.err
    assert inspected.document["baud"] == 115_200
    assert "115200 baud" in inspected.err


def test_a_terminal_is_exported_over_rfc2217_from_another_speed_on(served, technician, tmp_path):
    _, targets = served("--transactions", 600, "--baud", 9600, "--highest-baud", 115_200)
    out = tmp_path / "export.age"
    target = targets["rfc2217"] + "&baud=9600"
    done = technician.run("export", target, "--recipient", technician.recipient, "--out", out, "--json")
    assert done.code == 0, done.out + done.err
    assert (done.lines[-1]["result"], done.lines[-1]["records"]) == ("PASS", 600)


def test_what_is_wrong_on_the_server_is_said(server, technician):
    _, targets = server
    failed = technician.run("inspect", targets["nothing"], "--json")
    assert (failed.code, failed.document["error"]) == (3, "device-server-failed")
    raw_port = int(targets["raw"].rpartition(":")[2])
    with socket.create_connection(("127.0.0.1", raw_port)):
        for way in ("raw", "rfc2217"):
            busy = technician.run("inspect", targets[way], "--json")
            assert (busy.code, busy.document["error"]) == (3, "device-server-busy")
