"""Terminals that send their datasets by YMODEM or its kin only, retired over real lines."""

import json
import os

import pytest

PROTOCOLS = ["ymodem", "ymodem-g", "xmodem-1k"]


def given(simulate, where, datasets, *words):
    if "--pty" in where and os.name != "posix":
        pytest.skip("a PTY needs a POSIX system")
    return simulate(*where, "--seed", 7, "--option", f"datasets={datasets}", *words)


@pytest.mark.parametrize("line", ["tcp", "pty"])
@pytest.mark.parametrize("datasets", PROTOCOLS)
def test_a_terminal_is_retired_and_its_bundle_verified(datasets, line, technician, simulate, tmp_path):
    where = ("--listen", "127.0.0.1:0") if line == "tcp" else ("--pty", tmp_path / "line")
    terminal = given(simulate, where, datasets, "--transactions", 1500)
    done = technician.retire(terminal)
    assert done.code == 0, done.out + done.err
    end = done.lines[-1]
    assert (end["event"], end["result"]) == ("end", "PASS")
    verified = technician.run("verify", end["bundle"], "--trust", terminal["trust"], "--json")
    assert verified.document["result"] == "PASS", verified.out
    assert terminal["merchant_number"] not in "".join(technician.everything_said)


@pytest.mark.parametrize("datasets", PROTOCOLS)
def test_an_export_over_a_port_with_a_speed(datasets, technician, simulate, tmp_path):
    where = ("--pty", tmp_path / "line", "--baud", 115_200)
    terminal = given(simulate, where, datasets, "--transactions", 400)
    words = ("--recipient", technician.recipient, "--out", tmp_path / "export.age", "--json")
    done = technician.run("export", terminal["target"], *words)
    assert done.code == 0, done.out + done.err
    assert (done.lines[-1]["result"], done.lines[-1]["records"]) == ("PASS", 400)


@pytest.mark.parametrize("datasets", PROTOCOLS)
@pytest.mark.parametrize(
    ("fault", "error", "code"),
    [("sending-cancelled", "dataset-cancelled", 3), ("sends-less", "terminal-breaks-protocol", 5)],
)
def test_a_transfer_that_fails_changes_nothing_on_the_terminal(fault, error, code, datasets, technician, simulate):
    terminal = given(simulate, ("--listen", "127.0.0.1:0"), datasets, "--transactions", 200, "--fault", fault)
    done = technician.retire(terminal)
    assert done.code == code, done.out + done.err
    assert done.lines[-1]["error"] == error
    assert done.lines[-1]["action"]
    seen = technician.run("inspect", terminal["target"], "--json").document
    assert {each["state"] for each in seen["bindings"]} == {"bound"}
    assert "PASS" not in json.dumps(done.lines)
