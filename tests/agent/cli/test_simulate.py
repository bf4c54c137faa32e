"""``posretire simulate`` announces its terminals, serves them, and ends cleanly when it is told to."""

import json
import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from agent.cli.simulate import TEXTS, build, numbered
from agent.cli.texts import texts_of
from protocols.pmp import commands as c
from simulators.errors import SimulationError
from simulators.server import SimulationOptions
from tests.simulators.client import Client
from tests.simulators.film.made import written

PROGRAM = [sys.executable, "-m", "agent.cli.main", "simulate", "haike-h60"]


def running(*words):
    return subprocess.Popen(
        [*PROGRAM, *map(str, words)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, encoding="utf-8"
    )


def ended(process, number=signal.SIGTERM):
    process.send_signal(number)
    out, err = process.communicate(timeout=30)
    return process.returncode, out, err


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_announces_answers_and_ends_cleanly(tmp_path, number):
    process = running("--listen", "127.0.0.1:0", "--state", tmp_path / "state", "--transactions", 20, "--json")
    announced = json.loads(process.stdout.readline())
    assert announced["test_data"] is True
    client = Client.tcp(announced["target"])
    assert client.ask(c.IDENTIFY).tusn == announced["tusn"]
    code, out, err = ended(process, number)
    client.close()
    assert (code, out) == (0, "")
    assert announced["target"] in err
    assert "Traceback" not in err


def test_several_terminals_are_one_line_each_and_a_folder_that_was_not_asked_for_is_gone_in_the_end(tmp_path):
    process = running("--count", 2, "--transactions", 5, "--pty", tmp_path / "tty", "--lang", "zh", "--json")
    first, second = (json.loads(process.stdout.readline()) for _ in range(2))
    assert first["tusn"] != second["tusn"]
    assert [each["target"] for each in (first, second)] == [f"serial:{tmp_path}/tty.{place}" for place in (1, 2)]
    assert Path(first["state"]).parent == Path(second["state"]).parent
    client = Client.serial(second["target"])
    assert client.ask(c.IDENTIFY).tusn == second["tusn"]
    client.close()
    code, _, err = ended(process)
    assert code == 0
    assert "模拟终端 haike-h60" in err
    assert not Path(first["state"]).parent.exists()


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["no-such-model"], "unknown-simulator"),
        (["haike-h60", "--fault", "no-such"], "unknown-fault"),
        (["haike-h60", "--option", "second=both"], "unknown-option"),
        (["haike-h60", "--fault", "tamper=1"], "bad-fault-value"),
        (["haike-h60", "--listen", "nonsense"], "bad-address"),
        (["haike-h60", "--count", "2", "--listen", "nonsense"], "bad-address"),
        (["haike-h60", "--unsettled", "301"], "bad-amount"),
        (["haike-h60", "--baud", "9600"], "speed-needs-pty"),
        (["haike-h60", "--baud", "9600", "--listen", "127.0.0.1:0"], "speed-needs-pty"),
        (["haike-h60", "--highest-baud", "9600", "--pty", "no/such/folder"], "speed-needs-pty"),
        (["haike-h60", "--baud", "0", "--pty", "no/such/folder"], "usage-bad-value"),
    ],
)
def test_what_cannot_be_simulated_is_one_clear_line_and_exit_2(posretire, words, code):
    said = posretire("simulate", *words, "--json")
    assert said.code == 2
    assert said.document["error"] == code
    assert "Traceback" not in said.err


def test_i10_another_seed_than_that_of_the_folder_is_refused(posretire, tmp_path):
    process = running("--state", tmp_path / "state", "--seed", 7, "--transactions", 5, "--json")
    process.stdout.readline()
    ended(process)
    said = posretire("simulate", "haike-h60", "--state", tmp_path / "state", "--seed", 8, "--json")
    assert (said.code, said.document["error"]) == (2, "state-mismatch")


def test_every_error_of_the_simulators_has_texts_in_both_languages():
    root = Path(__file__).resolve().parents[3] / "simulators"
    codes = {
        code
        for path in root.rglob("*.py")
        for code in re.findall(r'SimulationError\(\s*"([a-z-]+)"', path.read_text(encoding="utf-8"))
    }
    assert len(codes) >= 12
    for language in ("en", "zh"):
        texts = texts_of(language)
        missing = [code for code in codes if f"error.{code}.what" not in texts or f"error.{code}.do" not in texts]
        assert not missing


def test_both_languages_say_the_same_things():
    assert set(TEXTS["en"]) == set(TEXTS["zh"])
    for language in TEXTS:
        options = {name for each in build(language).params for name in each.opts}
        assert {
            "--listen",
            "--pty",
            "--state",
            "--seed",
            "--transactions",
            "--unsettled",
            "--fault",
            "--baud",
        } <= options


def test_several_terminals_are_numbered_on():
    wanted = SimulationOptions("haike-h60", "127.0.0.1:9000", "tty", Path("s"), 7, 5)
    assert list(numbered(wanted, 1)) == [wanted]
    assert [(each.listen, each.pty, each.state, each.seed) for each in numbered(wanted, 3)] == [
        ("127.0.0.1:9000", "tty.1", Path("s/1"), 7),
        ("127.0.0.1:9001", "tty.2", Path("s/2"), 8),
        ("127.0.0.1:9002", "tty.3", Path("s/3"), 9),
    ]
    free = SimulationOptions("haike-h60", "[::1]:0", None, Path("s"))
    assert [(each.listen, each.pty, each.seed) for each in numbered(free, 2)] == [
        ("[::1]:0", None, 1),
        ("[::1]:0", None, 2),
    ]
    with pytest.raises(SimulationError):
        list(numbered(SimulationOptions("haike-h60", "x", None, Path("s")), 2))


@pytest.mark.parametrize(
    ("words", "code"),
    [((), "usage-missing"), (("haike-h60", "--from-film", "x"), "usage-extra"), (("--from-film", "x"), "film-missing")],
)
def test_it_is_a_model_or_a_film(words, code):
    process = subprocess.Popen(
        [*PROGRAM[:-1], *words, "--json"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, encoding="utf-8"
    )
    out, err = process.communicate(timeout=30)
    assert (process.returncode, json.loads(out)["error"]) == (2, code), err


def test_a_film_is_served_as_a_terminal(tmp_path):
    process = subprocess.Popen(
        [*PROGRAM[:-1], "--from-film", written(tmp_path), "--transactions", "5", "--json"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
    )
    announced = json.loads(process.stdout.readline())
    client = Client.tcp(announced["target"])
    assert client.ask(c.IDENTIFY).model == announced["model"] == "haike-h60"
    assert client.ask(c.SCREEN_READ).lines[0] == "海科融通 H60"
    client.close()
    assert ended(process)[0] == 0
