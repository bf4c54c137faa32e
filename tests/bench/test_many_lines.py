"""Many lines in one process: what each line carries of its speed, and what that costs in processor time and memory.

Run with ``python3 run suites bench`` or ``pytest -m bench -s tests/bench/test_many_lines.py``. Printed; all that is
asserted is that no line is lost. The terminals are in a process of their own (`tests.bench.lines_at_once`). On a
machine with other work to do they fall behind first: of 256 lines and more read the processor time, not the goodput.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from statistics import median

import pytest

from tests.lint.repo import ROOT

SECONDS = 5
BITS = 10
PROGRAM = [sys.executable, "-m", "tests.bench.lines_at_once"]
LIMIT = 60


@contextmanager
def terminals(count: int, baud: int, size: int) -> Iterator[str]:
    """Start so many terminals and give their targets as JSON."""
    options = ["--count", str(count), "--baud", str(baud), "--bytes", str(size)]
    program = subprocess.Popen(
        [*PROGRAM, "terminals", *options], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT
    )
    assert program.stdin is not None
    assert program.stdout is not None
    with program:
        try:
            yield program.stdout.readline()
        finally:
            program.stdin.close()
            program.terminate()


@pytest.mark.skipif(sys.platform == "win32", reason="there are no PTYs")
@pytest.mark.parametrize(
    ("count", "baud", "loop", "uploads"),
    [
        (64, 115_200, False, False),
        (64, 115_200, True, False),
        (64, 115_200, True, True),
        (128, 115_200, False, False),
        (128, 115_200, True, False),
        (512, 115_200, True, False),
        (16, 921_600, True, False),
        (16, 921_600, True, True),
        (256, 0, False, False),
        (256, 0, True, False),
    ],
)
def test_lines_at_once(count: int, baud: int, loop: bool, uploads: bool) -> None:
    size = SECONDS * baud // BITS or 500_000
    options = ["--bytes", str(size), *["--loop"] * loop, *["--uploads"] * uploads]
    with terminals(count, baud, 0 if uploads else size) as targets:
        done = subprocess.run(
            [*PROGRAM, "owner", *options],
            input=targets,
            stdout=subprocess.PIPE,
            text=True,
            timeout=LIMIT,
            check=True,
            cwd=ROOT,
        )
    found = json.loads(done.stdout)
    seconds, megabytes = found["seconds"], count * size / 1e6
    served = "one loop" if loop else "a thread each"
    print(
        f"\n{count} {'lines at ' + format(baud, ',') if baud else 'TCP lines'}, {served}, {'to' if uploads else 'from'}"
    )
    if baud and seconds:
        ratios = [size * BITS / baud / each for each in seconds]
        print(f"  goodput over the line: median {median(ratios):.3f}, worst {min(ratios):.3f}", end="")
    else:
        print(f"  {megabytes / found['took']:.0f} MB/s", end="")
    print(
        f"; processor {100 * found['cpu'] / found['took']:.0f} %, {1000 * found['cpu'] / megabytes:.0f} ms/MB;"
        f" memory {found['memory'] / 1000:.0f} kB a line"
    )
    assert not found["lost"]
    assert len(seconds) == count
