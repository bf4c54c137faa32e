"""What an export costs: its rate beside its parts and the bare sink in the same run, and the peak of memory.

The sink is SHA-256, age and a file that is synced: what remains when nobody reads a terminal. The journal here comes
from memory, so the line and the driver are not in these figures. What keeps an export below half of the sink is told
by `test_what_a_record_costs`: Python, a record at a time, which no terminal's line outruns.
"""

import cProfile
import hashlib
import io
import os
import pstats
import subprocess
import sys
import time
from io import FileIO

import pyrage
import pytest
from pyrage import x25519

from agent.drivers.pmp_journal import read_transaction
from agent.export.content import read_journal
from agent.export.lines import transaction_line
from agent.export.spool import SealedSpool
from agent.export.verify import verify_export
from tests.agent.drivers.scripted import record
from tests.agent.export.fake_driver import RECORD_BYTES, Owner, fake_terminal, transaction, write

RECORDS = 100_000
ROUNDS = 3

MEMORY_PROBE = """
import resource, sys
from pathlib import Path

def peak():
    # A new program inherits the peak of the one that started it in ru_maxrss, but not in VmHWM.
    status = Path("/proc/self/status")
    if status.exists():
        return next(int(line.split()[1]) * 1024 for line in status.read_text().splitlines() if line.startswith("VmHWM"))
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)

from agent.export.verify import verify_export
from tests.agent.drivers.scripted import record
from tests.agent.export.fake_driver import Owner, fake_terminal, write

folder = Path(sys.argv[1])
before = peak()
verify_export(write(fake_terminal(int(sys.argv[2])), folder / "export.age", Owner(folder)))
print(before, peak())
"""


class Sink:
    """Digests and keeps ciphertext."""

    def __init__(self, file):
        self.file = file
        self.digest = hashlib.sha256()

    def write(self, data):
        self.digest.update(data)
        return self.file.write(data)


def sink_alone(path, size, recipients):
    """Encrypt, digest, write and sync as many bytes as the export has."""
    zeros = bytes(1 << 16)
    left = size

    class Source:
        def read(self, wanted):
            nonlocal left
            piece = zeros[: min(wanted, left)]
            left -= len(piece)
            return piece

    with FileIO(path, "wb") as file:
        pyrage.encrypt_io(Source(), Sink(file), recipients)
        os.fsync(file.fileno())
    path.unlink()


def journal_alone(folder, driver):
    """Turn the journal into sealed lines, without packing them."""
    with SealedSpool(folder) as spool:
        read_journal(driver.open_journal(), spool, lambda _done, _total: None)


def seconds(work, *arguments):
    started = time.perf_counter()
    result = work(*arguments)
    return time.perf_counter() - started, result


def test_export_rate(tmp_path, capsys):
    owner = Owner(tmp_path)
    recipients = [owner.identity.to_public(), x25519.Identity.generate().to_public()]
    driver = fake_terminal(RECORDS)
    made = [transaction(number) for number in range(RECORDS + 1)]  # making them up is no part of an export
    driver.transaction = made.__getitem__
    best: dict[str, float] = {}
    for number in range(ROUNDS):  # in turn, so that a slow moment of the machine meets all of them
        reading, _ = seconds(lambda: sum(1 for _ in driver.open_journal().transactions()))
        lines, _ = seconds(journal_alone, tmp_path, driver)
        writing, written = seconds(write, driver, tmp_path / f"{number}.age", owner)
        verifying, _ = seconds(verify_export, written)
        sink, _ = seconds(sink_alone, tmp_path / "sink", written.size, recipients)
        taken = {
            "the made-up terminal alone": reading,
            "… and its lines, sealed": lines,
            "write_export": writing,
            "verify_export": verifying,
            "the sink alone": sink,
        }
        best = {name: min(value, best.get(name, value)) for name, value in taken.items()}
    with capsys.disabled():
        print(f"\nexport of {RECORDS:,} transactions, {written.size / 1e6:.1f} MB encrypted, best of {ROUNDS}")
        for name, value in best.items():
            print(
                f"  {name:27} {value:6.3f} s  {written.size / value / 1e6:7.1f} MB/s of export"
                f"  {RECORDS * RECORD_BYTES / value / 1e6:7.1f} MB/s of journal"
                f"  {best['the sink alone'] / value:6.1%} of the sink"
            )
    assert written.journal.records == RECORDS


def test_what_a_record_costs(tmp_path, capsys):
    """Show the limit of an export: each record is read, checked, masked and written by Python, one at a time."""
    records = [record(number) for number in range(1, RECORDS // 4)]
    reading, transactions = seconds(lambda: [read_transaction(each) for each in records])
    writing, lines = seconds(lambda: [transaction_line(each) for each in transactions])

    def seal():
        with SealedSpool(tmp_path) as spool:
            for at in range(0, len(lines), 512):
                spool.write("\n".join(lines[at : at + 512]).encode())

    sealing, _ = seconds(seal)
    profile = cProfile.Profile()
    profile.runcall(lambda: [transaction_line(read_transaction(each)) for each in records[:10_000]])
    table = io.StringIO()
    pstats.Stats(profile, stream=table).sort_stats("tottime").print_stats(8)
    costs = ", ".join(
        f"{name} {1e6 * taken / len(records):.1f}"
        for name, taken in (("read", reading), ("line", writing), ("seal", sealing))
    )
    with capsys.disabled():
        print(f"\nmicroseconds a record: {costs}; a record is 128 bytes in the terminal, {len(lines[0])} in the export")
        print("".join(line for line in table.getvalue().splitlines(keepends=True) if line.strip()))


@pytest.mark.parametrize("records", [1_000, RECORDS])
def test_memory(tmp_path, capsys, records):
    command = [sys.executable, "-c", MEMORY_PROBE, str(tmp_path), str(records)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    before, peak = (int(word) for word in done.stdout.split())
    with capsys.disabled():
        print(
            f"\nexport and verification of {records:,} transactions: peak {peak / 1e6:.1f} MB,"
            f" of which {before / 1e6:.1f} MB before it began"
        )
    assert peak >= before


OPENING_PROBE = (
    MEMORY_PROBE.split("from agent.export.verify")[0]
    + """
from agent.export.opening import open_for_owner
from tests.agent.export.fake_driver import Owner, fake_terminal, write

folder, count = Path(sys.argv[1]), int(sys.argv[2])
owner = Owner(folder)
write(fake_terminal(count, receipts=["终端号:T0000042"] * (count // 10)), folder / "export.age", owner)
before = peak()
import time
started = time.perf_counter()
opened = open_for_owner(folder / "export.age", [owner.identity], csv=folder / "t.csv", out=folder / "un")
print(before, peak(), time.perf_counter() - started, opened.receipts)
"""
)


@pytest.mark.parametrize("records", [1000, RECORDS])
def test_opening_for_the_owner_costs(tmp_path, capsys, records):
    done = subprocess.run(
        [sys.executable, "-c", OPENING_PROBE, str(tmp_path), str(records)], capture_output=True, text=True, check=True
    )
    before, after, taken, receipts = map(float, done.stdout.split())
    with capsys.disabled():
        print(
            f"\nopening {records:,} transactions and {receipts:,.0f} receipts into CSV and folder: {taken:.2f} s, "
            f"peak {after / 1e6:.1f} MB, {before / 1e6:.1f} MB before"
        )
    assert (tmp_path / "t.csv").read_bytes().count(b"\r\n") == records + 1
