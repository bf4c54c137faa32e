"""What signing and verifying bundles costs: one after the other, and in batches by one process and by all cores.

A bundle here has everything: timestamp, proofs out of the log, the page. Printed and never asserted.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from agent.evidence.batch import cores
from agent.evidence.bundle import read_bundle
from agent.evidence.verify import verify_files
from tests.agent.evidence.made import Bend, World
from tests.corpus.full import Office

BUNDLES = int(os.environ.get("POSRETIRE_BENCH_BUNDLES", "1000"))
FEW = 100
SIGNED = 20
ROUNDS = 30

BATCH = """
import json, resource, sys, time
from dataclasses import replace
from pathlib import Path
from agent.evidence.batch import Batch, Tally, verify_batch

def peak(who):
    return resource.getrusage(who).ru_maxrss * (1 if sys.platform == "darwin" else 1024)

folder, trust, jobs, count = Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4])
batch = Batch.find(folder)
batch = replace(batch, bundles=batch.bundles[:count])
tally, began, first = Tally(), time.perf_counter(), None
for found in verify_batch(batch, [trust], jobs):
    first = first or time.perf_counter() - began
    tally.add(found)
seconds = time.perf_counter() - began
memory = [peak(resource.RUSAGE_SELF), peak(resource.RUSAGE_CHILDREN)]
print(json.dumps({"seconds": seconds, "first": first, "accepted": tally.accepted, "memory": memory}))
"""


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Office:
    return Office(World.make(tmp_path_factory.mktemp("home")))


@pytest.fixture(scope="module")
def batch(office: Office, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A thousand cases; the first of them are issued, the others signed without being verified again."""
    folder = tmp_path_factory.mktemp("batch")
    began = time.perf_counter()
    for number in range(SIGNED):
        office.issue(folder / case(number), Bend(case=case(number)))
    print(f"\nissued, verified by the issuer as well: {SIGNED / (time.perf_counter() - began):.1f} a second")
    for number in range(SIGNED, BUNDLES):
        facts = office.lay_out(folder / case(number), Bend(case=case(number)))
        office.claim_pass(folder / case(number), facts, office.makers())
    return folder


def case(number: int) -> str:
    return f"R20260504-B{number:05d}"


def test_one_after_the_other(office: Office, batch: Path) -> None:
    trust, folders = office.world.trust, sorted(batch.iterdir())[:ROUNDS]
    bundles = [read_bundle(folder) for folder in folders]
    began = time.perf_counter()
    assert all(verify_files(files, trust).accepted for files in bundles)
    seconds = time.perf_counter() - began
    size = sum(file.size for file in bundles[0].files.values())
    print(f"\nverified in this process: {len(bundles) / seconds:.1f} bundles a second, {size / 1024:.0f} KiB each")


@pytest.mark.skipif(sys.platform == "win32", reason="getrusage is POSIX")
def test_a_batch(office: Office, batch: Path) -> None:
    rates = {}
    # One process alone is measured on fewer: its rate does not depend on how many there are.
    for jobs, count in ((1, min(BUNDLES, FEW)), (cores(), BUNDLES)):
        words = [sys.executable, "-c", BATCH, str(batch), str(office.world.home / "trust"), str(jobs), str(count)]
        done = subprocess.run(words, capture_output=True, text=True, check=True)
        found = json.loads(done.stdout)
        assert found["accepted"] == count
        rates[jobs] = count / found["seconds"]
        ours, theirs = (each / (1 << 20) for each in found["memory"])
        print(
            f"\nbatch of {count} by {jobs} processes: {rates[jobs]:.1f} bundles a second, the first after "
            f"{found['first']:.2f} s; peak {ours:.0f} MiB here, {theirs:.0f} MiB in a process apart"
        )
    print(f"all cores to one: {rates[max(rates)] / rates[min(rates)]:.2f}")
