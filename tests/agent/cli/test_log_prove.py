"""Run by the command as its user would: see `tests.agent.cli.commands.test_log`."""

from agent.cli import log_prove
from agent.cli.commands import log


def test_the_command_leads_here():
    assert log_prove.__name__ == "agent.cli.log_prove"
    assert callable(log.prove)
