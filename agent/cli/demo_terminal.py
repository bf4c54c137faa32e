"""A simulated terminal as a process of its own, for the demonstration."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from agent.errors import LinkFault

START_SECONDS = 60.0
END_SECONDS = 10.0
PACKAGES = Path(__file__).resolve().parents[2]


def simulate_command(state: Path, seed: int, transactions: int) -> list[str]:
    """Return the command line that starts the terminal on a free port.

    Args:
        state: Folder of its memory.
        seed: Gives all that is in it.
        transactions: How many are in its journal.
    """
    program = [sys.executable, "-m", "agent.cli.main", "simulate", "haike-h60", "--listen", "127.0.0.1:0", "--json"]
    return [*program, "--state", str(state), "--seed", str(seed), "--transactions", str(transactions)]


@contextmanager
def running_terminal(command: Sequence[str], log: Path) -> Iterator[Mapping[str, Any]]:
    """Run a terminal while the block lasts.

    Args:
        command: Starts it.
        log: File for what it writes on standard error.

    Yields:
        What it announces: target, TUSN, merchant number, password, and where its roots and its memory are.

    Raises:
        LinkFault: ``demo-terminal``: it ended or said nothing in time.
    """
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(_python_path()), "PYTHONUTF8": "1"}
    with log.open("wb") as errors:
        process = subprocess.Popen(  # noqa: S603 - our own program with our own arguments
            command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=errors, env=environment
        )
        try:
            yield _announced(process, log)
        finally:
            _end(process)


def _python_path() -> list[str]:
    given = os.environ.get("PYTHONPATH", "")
    return [str(PACKAGES), *([given] if given else [])]


def _announced(process: subprocess.Popen[bytes], log: Path) -> Mapping[str, Any]:
    """Read the one line that says that it is ready; a terminal that says nothing is ended, which ends the reading."""
    assert process.stdout is not None
    alarm = threading.Timer(START_SECONDS, process.kill)
    alarm.daemon = True
    alarm.start()
    try:
        line = process.stdout.readline()
    finally:
        alarm.cancel()
    try:
        announced = json.loads(line)
    except ValueError:
        announced = None
    if not isinstance(announced, dict) or "target" not in announced:
        _end(process)
        said = log.read_bytes()[-300:].decode("utf-8", "replace").strip().splitlines()
        raise LinkFault("demo-terminal", why=said[-1] if said else f"exit {process.returncode}")
    return announced


def _end(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(END_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    if process.stdout is not None:
        process.stdout.close()
