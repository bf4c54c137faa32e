"""Run by the command as its user would: see `tests.agent.cli.commands.test_log`."""

from agent.cli import log_show
from agent.cli.commands import log


def test_the_command_leads_here():
    assert log_show.__name__ == "agent.cli.log_show"
    assert callable(log.show)
