"""Fixtures that use the program as its users do: as processes, over a real line."""

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

POSRETIRE = Path(sys.executable).with_name("posretire")
PATIENCE_SECONDS = 120


@dataclass(frozen=True)
class Run:
    """One finished run of the program."""

    code: int
    out: str
    err: str

    @property
    def lines(self):
        return [json.loads(line) for line in self.out.splitlines()]

    @property
    def document(self):
        return json.loads(self.out)


class Technician:
    """Somebody with a home folder, a recipient for the export and a folder for bundles."""

    def __init__(self, folder):
        self.home = folder / "home"
        self.out = folder / "bundles"
        self.owner = folder / "owner.txt"
        self.password = folder / "password.txt"
        self.recipient = ""
        self.everything_said: list[str] = []

    def run(self, *words, text=None):
        environment = {**os.environ, "POSRETIRE_HOME": str(self.home), "PYTHONWARNINGS": "error::ResourceWarning"}
        done = subprocess.run(
            [POSRETIRE, *map(str, words)],
            input=text,
            capture_output=True,
            text=True,
            encoding="utf-8",
            timeout=PATIENCE_SECONDS,
            env=environment,
            check=False,
        )
        self.everything_said += [done.stdout, done.stderr]
        return Run(done.returncode, done.stdout, done.stderr)

    def retire(self, terminal, *words, password=None, merchant=None, command="retire"):
        self.password.write_text((password or terminal["password"]) + "\n", encoding="utf-8")
        self.password.chmod(0o600)
        return self.run(
            command,
            terminal["target"],
            "--merchant",
            merchant or terminal["merchant_number"],
            "--password-file",
            self.password,
            "--recipient",
            self.recipient,
            "--out",
            self.out,
            "--trust",
            terminal["trust"],
            "--reason",
            "shop closed (TEST)",
            "--operator",
            "operator 7 (TEST)",
            "--yes",
            "--json",
            *words,
        )


@pytest.fixture
def technician(tmp_path):
    someone = Technician(tmp_path / "technician")
    (tmp_path / "technician").mkdir()
    assert someone.run("keys", "init", "--json").code == 0
    made = someone.run("keys", "recipient", "--out", someone.owner, "--json")
    assert made.code == 0, made.err
    someone.recipient = made.document["recipient"]
    return someone


@pytest.fixture
def simulate(tmp_path):
    """Start simulated terminals as processes of their own; they are ended after the test."""
    running = []

    def start(*words, state="terminal", model="haike-h60"):
        process = subprocess.Popen(
            [POSRETIRE, "simulate", model, "--state", tmp_path / state, "--json", *map(str, words)],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            encoding="utf-8",
        )
        running.append(process)
        assert process.stdout is not None
        assert process.stderr is not None
        line = process.stdout.readline()
        assert line, process.stderr.read()
        return json.loads(line)

    yield start
    for process in running:
        process.terminate()
    for process in running:
        try:
            process.communicate(timeout=20)
        finally:
            process.kill()
