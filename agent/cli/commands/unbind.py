"""``posretire unbind``: export, unbind, prove it, and leave the memory as it is."""

from __future__ import annotations

import click

from agent.cli.asking import ConsolePerson
from agent.cli.case_request import Given
from agent.cli.command import Invocation, make_command, option
from agent.cli.commands.retire import case_options, run
from agent.cli.texts import texts_of
from agent.errors import ExitCode


def build(language: str) -> click.Command:
    """Make the command."""
    texts = texts_of(language)
    rebind = option(texts, "--rebind", "rebind", key="rebind", metavar="NO")
    return make_command(texts, "unbind", unbind, [click.Argument(["target"]), *case_options(texts), rebind])


def unbind(
    invocation: Invocation, target: str, password_file: str | None, password_stdin: bool, **given: object
) -> ExitCode:
    """Gather, run, show."""
    from agent.workflow.retire import retire

    person = ConsolePerson(invocation.reporter)
    wanted = Given(**given, wipe=False)  # type: ignore[arg-type]
    return run(invocation, target, wanted, (password_file, password_stdin), person, retire)
