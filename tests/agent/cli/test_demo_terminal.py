"""The terminal of the demonstration is a process that is always ended."""

import os
import sys

import pytest

from agent.cli.demo_terminal import running_terminal, simulate_command
from agent.errors import LinkFault

TALKS = "import json,os,time; print(json.dumps({'target':'tcp://x:1','pid':os.getpid()}), flush=True); time.sleep(600)"


def gone(pid):
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    return False


@pytest.mark.skipif(os.name != "posix", reason="asks for a process by signal 0")
def test_it_runs_while_the_block_lasts_and_no_longer(tmp_path):
    with running_terminal([sys.executable, "-c", TALKS], tmp_path / "log") as announced:
        assert announced["target"] == "tcp://x:1"
        assert not gone(announced["pid"])
    assert gone(announced["pid"])


@pytest.mark.skipif(os.name != "posix", reason="asks for a process by signal 0")
def test_it_is_ended_when_the_block_fails(tmp_path):
    pids = []

    def interrupted():
        with running_terminal([sys.executable, "-c", TALKS], tmp_path / "log") as it:
            pids.append(it["pid"])
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert gone(pids[0])


@pytest.mark.parametrize(
    ("program", "why"),
    [("import sys; sys.exit('no room for it')", "no room for it"), ("print('hello')", "exit"), ("print('[]')", "exit")],
)
def test_a_terminal_that_does_not_start_says_why(tmp_path, program, why):
    with pytest.raises(LinkFault) as fault, running_terminal([sys.executable, "-c", program], tmp_path / "log"):
        pytest.fail("not reached")
    assert fault.value.code == "demo-terminal"
    assert why in str(fault.value.facts["why"])


def test_the_command_line(tmp_path):
    words = simulate_command(tmp_path, 7, 300)
    assert words[0] == sys.executable
    assert words[3:5] == ["simulate", "haike-h60"]
    assert "--json" in words
