"""How exact the simulated line is, and how many of them one process carries at once."""

import json
import os
import selectors
import subprocess
import sys
import time
from pathlib import Path

import pytest

from simulators.cable.speed import set_speed

POSRETIRE = Path(sys.executable).with_name("posretire")
TICKS = os.sysconf("SC_CLK_TCK") if hasattr(os, "sysconf") else 100

pytestmark = pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="needs /proc and pseudo-terminals")


def cpu_seconds(process):
    fields = Path(f"/proc/{process.pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


class Lines:
    """The program with lines between pairs of ports, and both sides of each held open."""

    def __init__(self, folder, baud, count):
        self.baud = baud
        ends = ("--near", f"pty:{folder}/near", "--far", f"pty:{folder}/far", "--count", str(count))
        self.process = subprocess.Popen(
            [POSRETIRE, "simulate", "line", *ends, "--json"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        )
        assert self.process.stdout is not None
        places = json.loads(self.process.stdout.readline())["lines"]
        self.pairs = [(self._open(place["near"]), self._open(place["far"])) for place in places]
        time.sleep(0.5)  # until all are noticed

    def _open(self, target):
        user = os.open(target.removeprefix("serial:"), os.O_RDWR | os.O_NOCTTY | os.O_NONBLOCK)
        set_speed(user, self.baud)
        return user

    def close(self):
        for pair in self.pairs:
            for user in pair:
                os.close(user)
        self.process.terminate()
        self.process.communicate()

    def carry(self, size):
        """Send so many bytes down every line; return the share of its speed that each got, and of a core in all."""
        data = os.urandom(size)
        left = {near: memoryview(data) for near, _ in self.pairs}
        came = {far: bytearray() for _, far in self.pairs}
        first: dict[int, tuple[float, int]] = {}
        last = {}
        begun, used = time.monotonic(), cpu_seconds(self.process)
        with selectors.DefaultSelector() as selector:
            for near, far in self.pairs:
                selector.register(near, selectors.EVENT_WRITE)
                selector.register(far, selectors.EVENT_READ)
            while any(len(each) < size for each in came.values()):
                for key, _ in selector.select(1.0):
                    if key.fd in left:
                        left[key.fd] = left[key.fd][os.write(key.fd, left[key.fd][:4096]) :]
                        if not left[key.fd]:
                            selector.unregister(key.fd)
                        continue
                    came[key.fd] += os.read(key.fd, 65_536)
                    last[key.fd] = time.monotonic()
                    first.setdefault(key.fd, (last[key.fd], len(came[key.fd])))
                time.sleep(0.01)  # so that it is the lines that are measured, and not who reads them
        used = (cpu_seconds(self.process) - used) / (time.monotonic() - begun)
        assert all(bytes(each) == data for each in came.values())
        shares = sorted((size - first[far][1]) * 10 / self.baud / (last[far] - first[far][0]) for _, far in self.pairs)
        return shares, used


@pytest.mark.parametrize(
    ("baud", "count", "size"),
    [(115_200, 1, 200_000), (921_600, 1, 1_000_000), (9600, 128, 9600), (115_200, 128, 115_200)],
)
def test_the_pace_of_lines(baud, count, size, tmp_path, capsys):
    lines = Lines(tmp_path, baud, count)
    try:
        shares, used = lines.carry(size)
    finally:
        lines.close()
    with capsys.disabled():
        print(
            f"\n  {count:4} lines of {baud:7,} baud: {shares[0]:.4f} to {shares[-1]:.4f} of their speed,"
            f" {used:.0%} of a core"
        )
    assert 0.5 < shares[0] <= shares[-1] < 1.5
