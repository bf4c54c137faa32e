"""How long the program takes to say who it is, beside the import of click alone, in the same run."""

import os
import statistics
import subprocess
import sys
import time
from pathlib import Path

RUNS = 15


def seconds(command):
    started = time.perf_counter()
    subprocess.run(command, check=True, capture_output=True, env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"})
    return time.perf_counter() - started


def test_start_up(capsys):
    posretire = str(Path(sys.executable).with_name("posretire"))
    commands = {
        "python -c pass": [sys.executable, "-c", "pass"],
        "import click": [sys.executable, "-c", "import click"],
        "posretire --version": [posretire, "--version"],
        "posretire --help": [posretire, "--help"],
    }
    for command in commands.values():
        seconds(command)
    taken: dict[str, list[float]] = {name: [] for name in commands}
    for _ in range(RUNS):  # in turn, so that a slow moment of the machine meets all of them
        for name, command in commands.items():
            taken[name].append(seconds(command))
    medians = {name: statistics.median(times) for name, times in taken.items()}
    with capsys.disabled():
        print("\nstart-up, median of", RUNS)
        for name, median in medians.items():
            print(f"  {name:22} {median * 1000:7.1f} ms   {median / medians['import click']:.2f} x import click")
    assert set(taken) == set(commands)
