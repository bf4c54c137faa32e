"""The link beside ZMODEM on the same lines in the same run: what each carries of what the line could.

Run with ``python3 run suites bench`` or ``pytest -m bench -s tests/bench/test_link_table.py``. Every flow is a paced
line of its own (`posretire simulate line`) between two programs, all side by side: at 115,200 bits per second none of
them needs much of a processor. ZMODEM is lrzsz's, with a file of random data of the same size. Printed, not asserted.
"""

from __future__ import annotations

import contextlib
import json
import os
import random
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.lint.repo import ROOT

BAUD = 115_200
BITS = 10
RECORD_BYTES = 128
RECORDS = 4096
BYTES = RECORDS * RECORD_BYTES
LIMIT = 180
HEAD_START = 0.5
GLANCE = 0.02
POSRETIRE = [sys.executable, "-m", "agent.cli.main"]
NEEDS_LRZSZ = pytest.mark.skipif(shutil.which("sz") is None, reason="needs the Debian package lrzsz")


@dataclass(frozen=True)
class Line:
    """One kind of line.

    Args:
        name: For the table.
        latency: Seconds on the way.
        error_rate: Chance that a bit is turned.
    """

    name: str
    latency: float = 0.0
    error_rate: float = 0.0


LINES = (
    Line("clean"),
    Line("100 ms on the way", latency=0.1),
    Line("bit errors 1e-6", error_rate=1e-6),
    Line("bit errors 1e-5", error_rate=1e-5),
    Line("bit errors 5e-5", error_rate=5e-5),
    Line("bit errors 1e-4", error_rate=1e-4),
)


@contextlib.contextmanager
def running(words: list[str], folder: Path) -> Iterator[str]:
    """Run a program that says in one line that it is ready; yields the line."""
    environment = {**os.environ, "POSRETIRE_HOME": str(folder / "home"), "PYTHONPATH": str(ROOT)}
    with subprocess.Popen(
        words, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, cwd=folder, env=environment, text=True
    ) as program:
        assert program.stdout is not None
        try:
            yield program.stdout.readline()
        finally:
            program.terminate()


@contextlib.contextmanager
def line_between(folder: Path, line: Line, far: str) -> Iterator[str]:
    """Run a paced line; yields the path of its near end."""
    near = folder / "near"
    words = [*POSRETIRE, "simulate", "line", "--near", f"pty:{near}", "--far", far, "--baud", str(BAUD), "--json"]
    words += ["--latency", str(line.latency), "--ber", str(line.error_rate), "--seed", "5"]
    with running(words, folder) as ready:
        assert json.loads(ready)["event"] == "ready"
        yield str(near)


@contextlib.contextmanager
def terminal(folder: Path) -> Iterator[dict[str, str]]:
    """Run a simulated terminal with a paced serial port; yields what it announces."""
    words = [*POSRETIRE, "simulate", "haike-h60", "--pty", str(folder / "port"), "--baud", str(BAUD), "--json"]
    words += ["--transactions", str(RECORDS), "--state", str(folder / "state")]
    with running(words, folder) as announced:
        yield json.loads(announced)


def pmp_flow(folder: Path, line: Line, *options: str) -> dict[str, float] | None:
    """Read a journal over a line."""
    folder.mkdir()
    with terminal(folder) as told, line_between(folder, line, told["target"]) as near:
        words = [sys.executable, "-m", "tests.bench.link_flow", f"serial:{near}?baud={BAUD}"]
        words += [option.format(**told) for option in options]
        try:
            done = subprocess.run(words, capture_output=True, text=True, timeout=LIMIT, check=True, cwd=ROOT)
        except (subprocess.TimeoutExpired, subprocess.CalledProcessError):
            return None
        found: dict[str, float] = json.loads(done.stdout)
        return found


def zmodem_flow(folder: Path, line: Line) -> float | None:
    """Send a file of random data by ZMODEM.

    Returns:
        The seconds that the whole file would have taken at the pace of what came after its first bytes: lrzsz's two
        ends often miss each other at the start and wait for half a minute, which is no fault of the line. None where
        it fails or takes too long.
    """
    folder.mkdir()
    sent = folder / "random.bin"
    sent.write_bytes(random.Random(1).randbytes(BYTES))
    (folder / "taken").mkdir()
    arrived = folder / "taken" / sent.name
    first: tuple[float, int] | None = None
    with line_between(folder, line, f"pty:{folder / 'far'}") as near, contextlib.ExitStack() as stack:
        far, close = (stack.enter_context(open_raw(path)) for path in (folder / "far", Path(near)))
        time.sleep(HEAD_START)  # until the line has seen that its ends are open
        options = {"stderr": subprocess.DEVNULL, "cwd": folder / "taken"}
        programs = [
            subprocess.Popen([*words, "--quiet"], stdin=end, stdout=end, **options)  # type: ignore[call-overload]
            for words, end in ((["rz"], close), (["sz", str(sent)], far))
        ]
        until = time.monotonic() + LIMIT
        while (size := arrived.stat().st_size if arrived.exists() else 0) < BYTES and time.monotonic() < until:
            if size and first is None:
                first = time.monotonic(), size
            time.sleep(GLANCE)
        ended = time.monotonic()
        with contextlib.suppress(subprocess.TimeoutExpired):
            programs[0].wait(HEAD_START * 10)
        for each in programs:
            each.kill()
            each.wait()
    if first is None or size < BYTES or arrived.read_bytes() != sent.read_bytes():
        return None
    return (ended - first[0]) * BYTES / (BYTES - first[1])


@contextlib.contextmanager
def open_raw(path: Path) -> Iterator[int]:
    """Open a PTY that carries bytes as they are, at the speed of the line."""
    import termios
    import tty

    # Not as our controlling terminal: its end would be ours.
    descriptor = os.open(path, os.O_RDWR | os.O_NOCTTY)
    try:
        tty.setraw(descriptor)
        settings = termios.tcgetattr(descriptor)
        settings[4] = settings[5] = termios.B115200
        termios.tcsetattr(descriptor, termios.TCSANOW, settings)
        yield descriptor
    finally:
        os.close(descriptor)


def ratio(seconds: float | None, size: float = BYTES) -> str:
    """Say what was carried of what the line could."""
    return "  failed" if seconds is None else f"{size * BITS / BAUD / seconds:8.3f}"


@NEEDS_LRZSZ
@pytest.mark.skipif(sys.platform == "win32", reason="there are no PTYs")
def test_the_link_beside_zmodem(tmp_path: Path) -> None:
    with ThreadPoolExecutor(32) as pool:
        plain = [pool.submit(pmp_flow, tmp_path / f"plain{at}", line) for at, line in enumerate(LINES)]
        packed = [pool.submit(pmp_flow, tmp_path / f"packed{at}", line, "--packed") for at, line in enumerate(LINES)]
        zmodem = [pool.submit(zmodem_flow, tmp_path / f"zmodem{at}", line) for at, line in enumerate(LINES)]
        options = ("--private", "{trust}")
        private = [
            pool.submit(pmp_flow, tmp_path / f"private{at}", line, *options) for at, line in enumerate(LINES[:2])
        ]
    print(f"\nshare of a line at {BAUD:,} bits per second, {BYTES // 1024} KiB; packed: of the journal's own size")
    print(f"{'':20}   pmp    pmp packed  pmp TLS  ZMODEM")
    for at, line in enumerate(LINES):
        found, small = plain[at].result(), packed[at].result()
        hidden = private[at].result() if at < len(private) else None
        columns = [ratio(found and found["seconds"]), ratio(small and small["seconds"])]
        columns += [ratio(hidden and hidden["seconds"]) if at < len(private) else " " * 8, ratio(zmodem[at].result())]
        print(f"{line.name:20}" + "  ".join(columns))
    for line, each in zip(LINES, private, strict=False):
        hidden = each.result()
        if hidden:
            print(f"handshake with TLS, {line.name}: {1000 * hidden['handshake']:.0f} ms")
    assert all(each.result() is not None for each in plain + packed + private)
