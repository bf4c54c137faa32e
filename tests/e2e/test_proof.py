"""Proofs of erasure as their users meet them: by a policy file, over a real line, with processes that are killed."""

import json
import os
import signal
import subprocess

import pytest

from tests.e2e.conftest import PATIENCE_SECONDS, POSRETIRE

WORDS = ("--listen", "127.0.0.1:0", "--seed", 7, "--transactions", 60)


@pytest.fixture
def policy(tmp_path):
    path = tmp_path / "policy.toml"
    path.write_text("minimum_evidence_level = 3\n", encoding="utf-8")
    return path


def verified(technician, terminal, bundle):
    return technician.run("verify", bundle, "--trust", terminal["trust"], "--json")


def test_level_3_by_policy_and_verified_by_somebody_else(technician, simulate, policy, tmp_path):
    terminal = simulate(*WORDS)
    done = technician.retire(terminal, "--policy", policy)
    assert done.code == 0, done.out + done.err
    end = done.lines[-1]
    assert (end["result"], end["evidence_level"]) == ("PASS", 3)
    steps = [each["step"] for each in done.lines if each["event"] == "step" and each["state"] == "done"]
    assert steps[-3:] == ["prove", "attest", "bundle"]
    filled = [
        each
        for each in done.lines
        if each["event"] == "progress" and (each["step"], each["unit"]) == ("prove", "bytes")
    ]
    assert filled[-1]["done"] == filled[-1]["total"]
    report = verified(technician, terminal, end["bundle"])
    assert report.code == 0
    assert {"erasure-proof": "ok"}.items() <= {each["id"]: each["status"] for each in report.document["checks"]}.items()


@pytest.mark.parametrize(
    ("fault", "code", "named"),
    [
        ("too-little-memory", 6, "erasure-disproven"),
        ("fill-refused=2", 7, "level-not-reached"),
        ("no-fill", 5, "erasure-not-provable"),
    ],
)
def test_a_terminal_that_does_not_prove_it_never_passes(fault, code, named, technician, simulate, policy):
    terminal = simulate(*WORDS, "--fault", fault)
    done = technician.retire(terminal, "--policy", policy)
    assert done.code == code, done.out + done.err
    assert '"PASS"' not in done.out
    assert f'"{named}"' in done.out


def start(words, **options):
    return subprocess.Popen(
        [POSRETIRE, *map(str, words)],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        encoding="utf-8",
        **options,
    )


@pytest.mark.parametrize("victim", ["terminal", "agent"])
def test_i7_killed_in_the_middle_of_the_filling_and_taken_up(victim, technician, policy, tmp_path):
    """The terminal with its power, or the agent; both come back, and the end is level 3 and an empty flash."""
    at_simulator = ["simulate", "haike-h60", "--state", tmp_path / "terminal", "--json", *WORDS[:-1], 4000]
    simulator = start(at_simulator)
    terminal = json.loads(simulator.stdout.readline())
    technician.password.write_text(terminal["password"] + "\n", encoding="utf-8")
    technician.password.chmod(0o600)
    given = ["--merchant", terminal["merchant_number"], "--password-file", technician.password, "--yes", "--json"]
    asked = ["retire", terminal["target"], *given, "--policy", policy, "--out", technician.out]
    asked += ["--trust", terminal["trust"], "--recipient", technician.recipient]
    retiring = start(asked, env={**os.environ, "POSRETIRE_HOME": str(technician.home)})
    case = ""
    for line in retiring.stdout:
        event = json.loads(line)
        case = event.get("case", case)
        if event["event"] == "progress" and event["step"] == "prove":
            (simulator if victim == "terminal" else retiring).send_signal(signal.SIGKILL)
            break
    retiring.stdout.read()
    assert retiring.wait(PATIENCE_SECONDS) == (7 if victim == "terminal" else -signal.SIGKILL)
    target = terminal["target"]
    if victim == "terminal":
        simulator.communicate(timeout=PATIENCE_SECONDS)
        image = (tmp_path / "terminal" / "flash.img").read_bytes()
        assert len(image) - image.count(0xFF) > 10_000, "the randomness is in the flash"
        simulator = start(at_simulator)
        target = json.loads(simulator.stdout.readline())["target"]
    try:
        done = technician.run("resume", case, "--target", target, *given)
        assert done.code == 0, done.out + done.err
        end = done.lines[-1]
        assert (end["result"], end["evidence_level"], end["case"]) == ("PASS", 3, case)
        assert verified(technician, terminal, end["bundle"]).code == 0
        image = (tmp_path / "terminal" / "flash.img").read_bytes()
        assert image[:4096] == b"\xff" * 4096
    finally:
        simulator.terminate()
        simulator.communicate(timeout=PATIENCE_SECONDS)
