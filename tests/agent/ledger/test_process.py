"""Whether a process is there, and is the one that it was."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from agent.ledger.process import own_process, started_at, still_runs


def test_this_process_runs():
    assert still_runs(*own_process())
    assert own_process()[0] == os.getpid()


def test_a_process_that_ended_does_not():
    ended = subprocess.Popen([sys.executable, "-c", ""])
    started = started_at(ended.pid)
    ended.wait()
    assert not still_runs(ended.pid, started)


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="only Linux tells when a process started")
def test_another_process_of_the_same_number_is_not_taken_for_it():
    pid, started = own_process()
    assert started
    assert not still_runs(pid, started + "0")
    assert still_runs(pid, ""), "where nobody can tell, it is there"


def test_a_process_of_another_user_is_there(mocker):
    mocker.patch("agent.ledger.process.os.kill", side_effect=PermissionError)
    assert still_runs(os.getpid(), "")
