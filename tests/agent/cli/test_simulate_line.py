"""``posretire simulate line`` announces its ends, carries bytes, takes signals, and ends with what it did."""

import json
import os
import select
import signal
import subprocess
import sys
import time

import pytest

from agent.cli.simulate import build as build_simulate
from agent.cli.simulate_line import TEXTS, build
from simulators.cable.speed import set_speed

PROGRAM = [sys.executable, "-m", "agent.cli.main", "simulate", "line"]
PATIENCE = 20

posix = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no pseudo-terminals")


class Running:
    """The program between two ports, and somebody at each of them."""

    def __init__(self, folder, *words):
        self.paths = folder / "near", folder / "far"
        ends = ("--near", f"pty:{self.paths[0]}", "--far", f"pty:{self.paths[1]}")
        self.process = subprocess.Popen(
            [*PROGRAM, *ends, *map(str, words), "--json"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        self.ready = json.loads(self.process.stdout.readline())

    def open(self, place, baud=115_200):
        user = os.open(self.paths[place], os.O_RDWR | os.O_NOCTTY | os.O_NONBLOCK)
        set_speed(user, baud)
        return user

    def end(self):
        self.process.terminate()
        out, err = self.process.communicate(timeout=PATIENCE)
        assert self.process.returncode == 0, err
        return json.loads(out)


def until(condition):
    ends_at = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < ends_at
        time.sleep(0.01)


def carried(one, other):
    """Say something again and again until something comes out at the other end, and return it."""
    got = b""

    def came():
        nonlocal got
        os.write(one, b"hello")
        if select.select([other], [], [], 0.02)[0]:
            got = os.read(other, 5)
        return bool(got)

    until(came)
    return got


@posix
def test_it_announces_carries_and_ends_with_what_it_did(tmp_path):
    line = Running(tmp_path)
    places = {"near": f"serial:{tmp_path}/near", "far": f"serial:{tmp_path}/far"}
    assert line.ready == {"event": "ready", "lines": [places], "baud": "auto", "seed": 1}
    near, far = line.open(0), line.open(1)
    assert b"hello".startswith(carried(near, far)[:1])
    os.close(near)
    os.close(far)
    end = line.end()
    assert end["event"] == "end"
    assert end["lines"][0]["near_to_far"]["given_bytes"] >= 5
    assert end["lines"][0]["far_to_near"]["given_bytes"] == 0
    assert list(tmp_path.iterdir()) == []


@posix
def test_it_is_cut_and_unplugged_by_signals(tmp_path):
    line = Running(tmp_path)
    near, far = line.open(0), line.open(1)
    carried(near, far)
    line.process.send_signal(signal.SIGUSR2)
    until(lambda: not line.paths[0].is_symlink())
    os.close(near)
    assert line.paths[1].is_symlink()
    line.process.send_signal(signal.SIGUSR2)
    until(line.paths[0].is_symlink)
    near = line.open(0)
    carried(near, far)
    line.process.send_signal(signal.SIGUSR1)

    def silent():
        os.write(near, b"unheard")
        if select.select([far], [], [], 0.2)[0]:
            return not os.read(far, 1000)
        return True

    until(silent)
    line.process.send_signal(signal.SIGUSR1)
    carried(near, far)
    os.close(near)
    os.close(far)
    assert line.end()["lines"][0]["near_to_far"]["cut_bytes"] >= 7


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ((), "usage-missing"),
        (("--near", "pty:a", "--far", "nonsense"), "bad-end"),
        (("--near", "pty:a", "--far", "tcp://127.0.0.1:1"), "cannot-connect"),
        (("--near", "listen:127.0.0.1:0", "--far", "listen:127.0.0.1:0"), "line-needs-baud"),
        (("--near", "pty:a", "--far", "pty:b", "--baud", "fast"), "bad-baud"),
        (("--near", "pty:a", "--far", "pty:b", "--ber", "2"), "bad-impairment"),
        (("--near", "pty:a", "--far", "pty:b", "--ber", "nan"), "bad-impairment"),
        (("--near", "pty:a", "--far", "pty:b", "--garbage", "99999"), "bad-garbage"),
    ],
)
@posix
def test_i10_what_makes_no_sense_is_one_clear_line_and_exit_2(posretire, words, code, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    said = posretire("simulate", "line", *words, "--json")
    assert (said.code, said.document["error"]) == (2, code)
    assert said.document["action"]
    assert "Traceback" not in said.err
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("before", [(), ("--json",), ("--lang", "zh"), ("-v", "--lang=zh")])
def test_the_first_word_decides_wherever_the_common_options_stand(posretire, before):
    said = posretire("simulate", *before, "line", "--near", "x", "--far", "y")
    assert said.code == 2
    assert "pty:PATH" in said.err


def test_a_model_is_still_a_model(posretire):
    assert posretire("simulate", "no-such-model", "--json").document["error"] == "unknown-simulator"
    assert posretire("simulate", "--seed", "1", "line", "--json").document["error"] == "unknown-simulator"
    assert build_simulate("en").name == "simulate"


def test_both_languages_say_the_same_things(posretire, capsys):
    assert set(TEXTS["en"]) == set(TEXTS["zh"])
    for language in TEXTS:
        names = {name for each in build(language).params for name in each.opts}
        assert {"--near", "--far", "--baud", "--ber", "--count", "--json"} <= names
        assert posretire("simulate", "line", "--help", "--lang", language).code == 0
        assert "SIGUSR1" in capsys.readouterr().out
