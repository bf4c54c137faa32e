"""One agent at a time, and whoever died is recognised."""

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Barrier

import pytest

from agent.clock import Clock
from agent.errors import PreconditionNotMet
from agent.ledger.leases import LEASE, Leases
from agent.ledger.store import Ledger

PORT = "port:/dev/ttyUSB0"
NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)


def at(moment: datetime) -> Clock:
    return Clock(wall=lambda: moment)


@pytest.fixture
def ledger(tmp_path):
    with Ledger.open(tmp_path) as ledger:
        yield ledger


def on_another_host(ledger):
    return Leases(ledger._exclusively, host="bench-2")


def test_a_lease_is_held_until_it_is_given_back(ledger):
    leases = ledger.leases()
    lease = leases.take(PORT, "R-1", at(NOW))
    with pytest.raises(PreconditionNotMet) as fault:
        leases.take(PORT, "R-2", at(NOW))
    assert fault.value.code == "lease-held"
    assert (fault.value.facts["case"], fault.value.facts["pid"]) == ("R-1", os.getpid())
    leases.take("port:/dev/ttyUSB1", "R-2", at(NOW))
    leases.give_back(lease)
    assert leases.take(PORT, "R-2", at(NOW)).left_behind is None


def test_on_one_host_the_lease_of_a_process_that_lives_never_ends(ledger):
    ledger.leases().take(PORT, "R-1", at(NOW))
    with pytest.raises(PreconditionNotMet):
        ledger.leases().take(PORT, "R-2", at(NOW + timedelta(days=400)))


def test_the_lease_of_a_process_that_died_is_taken_over_and_told(tmp_path, ledger):
    program = (
        "import sys, os; from pathlib import Path\n"
        "from agent.clock import Clock; from agent.ledger.store import Ledger\n"
        "Ledger.open(Path(sys.argv[1])).leases().take(sys.argv[2], 'R-1', Clock())\n"
        "print(os.getpid()); sys.stdout.flush(); os._exit(9)\n"
    )
    done = subprocess.run([sys.executable, "-c", program, tmp_path, PORT], capture_output=True, text=True, check=False)
    assert done.returncode == 9, done.stderr
    owner = ledger.leases().take(PORT, "R-2", Clock()).left_behind
    assert owner is not None
    assert (owner.case, owner.pid) == ("R-1", int(done.stdout))


def test_of_another_host_only_the_end_of_the_lease_tells(ledger):
    on_another_host(ledger).take(PORT, "R-1", at(NOW))
    with pytest.raises(PreconditionNotMet) as fault:
        ledger.leases().take(PORT, "R-2", at(NOW + LEASE - timedelta(seconds=1)))
    assert (fault.value.facts["host"], fault.value.facts["until"]) == ("bench-2", "2026-11-25T13:00:00.000Z")
    taken = ledger.leases().take(PORT, "R-2", at(NOW + LEASE + timedelta(seconds=1)))
    assert taken.left_behind is not None
    assert taken.left_behind.host == "bench-2"


def test_a_renewed_lease_holds_on_and_a_lost_one_says_so(ledger):
    theirs = on_another_host(ledger).take(PORT, "R-1", at(NOW))
    on_another_host(ledger).renew(theirs, at(NOW + LEASE))
    with pytest.raises(PreconditionNotMet):
        ledger.leases().take(PORT, "R-2", at(NOW + LEASE + timedelta(seconds=1)))
    ledger.leases().take(PORT, "R-2", at(NOW + 3 * LEASE))
    with pytest.raises(PreconditionNotMet) as fault:
        on_another_host(ledger).renew(theirs, at(NOW + 3 * LEASE))
    assert fault.value.code == "lease-lost"


def test_giving_back_what_somebody_else_has_taken_leaves_it_theirs(ledger):
    theirs = on_another_host(ledger).take(PORT, "R-1", at(NOW))
    ledger.leases().take(PORT, "R-2", at(NOW + 2 * LEASE))
    on_another_host(ledger).give_back(theirs)
    with pytest.raises(PreconditionNotMet):
        ledger.leases().take(PORT, "R-3", at(NOW + 2 * LEASE))


def test_of_many_at_once_one_gets_it(tmp_path, ledger):
    barrier = Barrier(8)

    def reach(number: int) -> bool:
        with Ledger.open(tmp_path) as own:
            barrier.wait()
            try:
                own.leases().take(PORT, f"R-{number}", Clock())
            except PreconditionNotMet:
                return False
            return True

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(reach, range(8))) == 1
