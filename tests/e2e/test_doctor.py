"""The doctor against simulated terminals as processes, over TCP, a pseudo-terminal, and a line with faults."""

import json
import subprocess

import pytest

from tests.e2e.conftest import POSRETIRE


@pytest.fixture
def line():
    """Start lines as processes of their own; they are ended after the test."""
    running = []

    def start(*words):
        process = subprocess.Popen(
            [POSRETIRE, "simulate", "line", "--json", *map(str, words)],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            encoding="utf-8",
        )
        running.append(process)
        assert process.stdout is not None
        assert process.stderr is not None
        said = process.stdout.readline()
        assert said, process.stderr.read()
        return json.loads(said)["lines"][0]["near"]

    yield start
    for process in running:
        process.terminate()
        try:
            process.communicate(timeout=20)
        finally:
            process.kill()


def examined(technician, target, *words):
    said = technician.run("doctor", target, "--json", *words)
    assert said.out, said.err
    document = said.document
    assert document["exit"] == said.code
    return document, {verdict["code"] for verdict in document["verdicts"]}


def test_over_tcp(technician, simulate):
    document, _ = examined(technician, simulate()["target"])
    assert document["usable"]
    assert document["measurements"]["model"] == "haike-h60"
    assert document["totals"]["wrong_bytes"] == 0
    assert {each["ahead_bytes"] for each in document["measurements"]["bursts"]} >= {128, 8192}


def test_over_a_pseudo_terminal(technician, simulate, tmp_path):
    document, _ = examined(technician, simulate("--pty", tmp_path / "port")["target"], "--quick")
    assert document["usable"]
    assert document["measurements"]["line"]["serial"] is True


@pytest.mark.parametrize(
    ("fault", "told", "others"),
    [
        (["--ber", "0"], set(), {"bad-cable", "noisy-but-works", "missing-ground", "small-buffer", "flow-control"}),
        (["--ber", "2e-4"], {"bad-cable"}, {"missing-ground", "small-buffer", "flow-control", "good"}),
        (["--garbage", "login: "], set(), {"bad-cable", "console"}),
    ],
)
def test_through_a_line_with_faults(technician, simulate, line, tmp_path, fault, told, others):
    far = simulate("--pty", tmp_path / "far")["target"]
    near = line("--near", f"pty:{tmp_path / 'near'}", "--far", far, "--baud", "115200", *fault)
    document, verdicts = examined(technician, near)
    assert document["usable"], document
    assert told <= verdicts, document
    assert not others & verdicts, document


def test_through_a_line_with_nobody_at_its_end(technician, line, tmp_path):
    near = line("--near", f"pty:{tmp_path / 'near'}", "--far", f"pty:{tmp_path / 'far'}", "--garbage", "login: ")
    document, verdicts = examined(technician, near, "--quick")
    assert verdicts == {"console"}
    assert document["exit"] == 3


def test_nobody_behind_a_line(technician, line, tmp_path):
    near = line("--near", f"pty:{tmp_path / 'near'}", "--far", f"pty:{tmp_path / 'far'}")
    assert examined(technician, near, "--quick")[1] == {"no-answer"}
