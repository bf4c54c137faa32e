"""Garbage and mutations by the 20,000 for everything that the agent and the simulators read (I10)."""

import os
import shutil
import time
import tracemalloc
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

import pytest

from agent.errors import AgentError
from agent.evidence.facts import Result
from agent.evidence.verify import verify_bundle
from protocols.errors import ProtocolError
from simulators.errors import SimulationError
from tests.fuzz.agent.inputs import inputs, spoilt
from tests.protocols.inputs import mutated

COUNT = 20_000
SLOW = {"profile": 10_000}
"""What is long, or checked at length, is tried less often for its time."""
BUNDLES = 2_000
WATCHED = 200
MOST_MEMORY = 64 << 20
DOCUMENTED = (AgentError, ProtocolError, SimulationError)
NAMES = [
    "job.json",
    "intent.json",
    "erasure-proof.json",
    "journal.jsonl",
    "statement.dsse.json",
    "statement",
    "device-pre.eat",
    "agent.pem",
    "certificate",
    "revocation list",
    "age header",
    "time",
    "film",
    "film to play",
    "policy",
    "work order",
    "profile",
    "instructions",
    "target",
    "recipient",
    "merchant number",
    "kept request",
    "fault",
    "address",
]


@pytest.fixture(scope="module")
def all_inputs(retired):
    # Where there is a disk in memory: writing so many files elsewhere takes most of the time.
    memory = Path("/dev/shm")
    with TemporaryDirectory(dir=memory if os.access(memory, os.W_OK) else None) as scratch:
        yield {each.name: each for each in inputs(retired.bundle, retired.film, Path(scratch))}


def test_every_input_is_tried(all_inputs):
    assert list(all_inputs) == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_i10_whatever_is_read_ends_in_a_documented_error_or_is_taken(name, all_inputs):
    each = all_inputs[name]
    taken = peak = 0
    tracemalloc.start()  # for the first ones alone, since it costs most of the time
    started = time.monotonic()
    count = SLOW.get(name, COUNT)
    for number, data in enumerate(spoilt(each, count)):
        if number == WATCHED:
            peak = tracemalloc.get_traced_memory()[1]
            tracemalloc.stop()
        try:
            each.read(data)
        except DOCUMENTED:
            continue
        except Exception as fault:
            raise AssertionError(f"{name}: {fault!r} for {data!r}") from fault
        taken += 1
    print(f"{name:20} {2 * count:,} inputs, {taken:,} taken, {time.monotonic() - started:.1f} s, {peak / 1e6:.1f} MB")
    assert peak < MOST_MEMORY


def test_i5_no_bundle_with_a_spoilt_file_is_accepted(retired, tmp_path):
    random = Random("bundles")
    names = sorted(path.name for path in retired.bundle.iterdir())
    folder = tmp_path / "bundle"
    shutil.copytree(retired.bundle, folder)
    assert verify_bundle(folder, retired.trust).result is Result.PASS
    for number in range(BUNDLES):
        path = folder / random.choice(names)
        whole = path.read_bytes()
        broken = mutated(random, whole)
        path.write_bytes(broken)
        try:
            verified = verify_bundle(folder, retired.trust).result is Result.PASS
        except DOCUMENTED:
            verified = False
        assert not verified or broken == whole, f"bundle {number}: {path.name}"
        path.write_bytes(whole)
    print(f"{BUNDLES:,} bundles with one spoilt file: none accepted")
