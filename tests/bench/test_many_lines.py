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
from typing import Any

import pytest

from tests.lint.repo import ROOT

SECONDS = 3
BITS = 10
PROGRAM = [sys.executable, "-m", "tests.bench.lines_at_once"]
LIMIT = 60


TRANSACTIONS = 2_000
RECORD_BYTES = 128


@contextmanager
def terminals(count: int, baud: int, *options: str) -> Iterator[str]:
    """Start so many terminals and give their targets as JSON."""
    program = subprocess.Popen(
        [*PROGRAM, "terminals", "--count", str(count), "--baud", str(baud), *options],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
    )
    assert program.stdin is not None
    assert program.stdout is not None
    with program:
        try:
            yield program.stdout.readline()
        finally:
            program.stdin.close()


def served(targets: str, *options: str) -> dict[str, Any]:
    """Let an agent serve terminals, and return what it measured; no line may be lost."""
    done = subprocess.run(
        [*PROGRAM, "owner", *options],
        input=targets,
        stdout=subprocess.PIPE,
        text=True,
        timeout=LIMIT,
        check=True,
        cwd=ROOT,
    )
    found: dict[str, Any] = json.loads(done.stdout)
    assert not found["lost"]
    assert len(found["seconds"]) == len(json.loads(targets))
    return found


def cost(found: dict[str, Any], size: int) -> str:
    """Tell what it cost to move so many bytes a line."""
    megabytes = len(found["seconds"]) * size / 1e6
    return (
        f"processor {100 * found['cpu'] / found['took']:.0f} %, {1000 * found['cpu'] / megabytes:.0f} ms/MB;"
        f" memory {found['memory'] / 1000:.0f} kB a line"
    )


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
        (256, 0, True, False),
    ],
)
def test_lines_at_once(count: int, baud: int, loop: bool, uploads: bool) -> None:
    size = SECONDS * baud // BITS or 500_000
    options = ["--bytes", str(size), *["--loop"] * loop, *["--uploads"] * uploads]
    with terminals(count, baud, "--bytes", str(0 if uploads else size)) as targets:
        found = served(targets, *options)
    print(
        f"\n{count} {f'lines at {baud:,}' if baud else 'TCP lines'}, {'one loop' if loop else 'a thread each'},", end=""
    )
    print(" sending" if uploads else " receiving")
    if baud:
        ratios = [size * BITS / baud / each for each in found["seconds"]]
        print(f"  goodput over the line: median {median(ratios):.3f}, worst {min(ratios):.3f}; {cost(found, size)}")
    else:
        print(f"  {count * size / 1e6 / found['took']:.0f} MB/s; {cost(found, size)}")


@pytest.mark.skipif(sys.platform == "win32", reason="there are no PTYs")
def test_exports_at_once() -> None:
    size, rates = TRANSACTIONS * RECORD_BYTES, {}
    for count in (4, 64):
        with terminals(count, 115_200, "--transactions", str(TRANSACTIONS)) as targets:
            found = served(targets, "--exports", "--loop")
        rates[count] = [size * BITS / 115_200 / each for each in found["seconds"]]
        print(f"\n{count} whole exports at 115,200, one loop: journal's bytes over the line's, packed on the way:")
        print(f"  median {median(rates[count]):.2f}, worst {min(rates[count]):.2f}; {cost(found, size)}")
    few, many = (median(rates[count]) for count in (4, 64))
    print(f"  64 lines over 4: median {many / few:.3f}, worst {min(rates[64]) / few:.3f}")
