"""The agent over a line as slow and as bad as real ones are."""

import json
import os
import subprocess

import pytest

from tests.e2e.conftest import POSRETIRE

pytestmark = pytest.mark.skipif(os.name != "posix", reason="a PTY needs a POSIX system")


@pytest.fixture
def line(tmp_path):
    """Put lines between a port for the agent and one that is there already; each is ended after the test."""
    running = []

    def start(far, *words):
        ends = ("--near", f"pty:{tmp_path}/near", "--far", far)
        process = subprocess.Popen(
            [POSRETIRE, "simulate", "line", *ends, "--json", *map(str, words)],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        running.append(process)
        assert process.stdout is not None
        (place,) = json.loads(process.stdout.readline())["lines"]

        def end():
            process.terminate()
            out, _ = process.communicate(timeout=20)
            assert process.returncode == 0
            return json.loads(out)["lines"][0]

        return place["near"], end

    yield start
    for process in running:
        process.kill()
        process.communicate()


def test_a_terminal_is_inspected_through_a_line_and_only_at_its_speed(technician, simulate, line, tmp_path):
    terminal = simulate("--pty", tmp_path / "far", "--baud", 57_600, "--seed", 7, "--transactions", 50)
    near, end = line(terminal["target"])
    right = technician.run("inspect", f"{near}?baud=57600", "--json")
    assert right.code == 0, right.err
    assert terminal["tusn"] in right.out
    wrong = technician.run("inspect", f"{near}?baud=9600", "--json")
    assert wrong.code == 3, wrong.out
    right = technician.run("inspect", f"{near}?baud=57600", "--json")
    assert right.code == 0, right.err
    done = end()
    assert done["near_to_far"]["given_bytes"] > 0
    assert done["far_to_near"]["misread_bytes"] == 0, "a terminal says nothing to what it does not understand"


NOISE = ("--ber", "2e-5", "--lose", "2e-5", "--insert", "2e-5", "--garbage", "boot 1.0\r\n")


def damage(counted):
    ways = (counted["near_to_far"], counted["far_to_near"])
    return sum(way["flipped_bits"] + way["lost_bytes"] + way["inserted_bytes"] for way in ways)


def test_a_terminal_is_retired_over_a_noisy_line(technician, simulate, line, tmp_path):
    terminal = simulate("--pty", tmp_path / "far", "--baud", 115_200, "--seed", 7, "--transactions", 20)
    near, end = line(terminal["target"], *NOISE)
    done = technician.retire({**terminal, "target": near})
    assert done.code == 0, done.out + done.err
    assert done.lines[-1]["result"] == "PASS"
    assert damage(end()) > 0


def test_a_terminal_is_unbound_over_a_slow_and_noisy_line(technician, simulate, line, tmp_path):
    terminal = simulate("--pty", tmp_path / "far", "--baud", 9600, "--seed", 7, "--transactions", 20)
    near, end = line(terminal["target"], *NOISE)
    # Reading the memory back would take five minutes here, so it is not wiped.
    done = technician.retire({**terminal, "target": f"{near}?baud=9600"}, command="unbind")
    assert done.code == 0, done.out + done.err
    assert done.lines[-1]["result"] == "PASS"
    assert damage(end()) > 0
