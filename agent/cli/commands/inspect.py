"""``posretire inspect``: what a terminal says of itself; it changes nothing."""

from __future__ import annotations

from contextlib import closing

import click

from agent.cli.command import Invocation, make_command
from agent.cli.texts import texts_of
from agent.errors import ExitCode


def build(language: str) -> click.Command:
    """Make the command."""
    return make_command(texts_of(language), "inspect", inspect_terminal, [click.Argument(["target"])])


def inspect_terminal(invocation: Invocation, target: str) -> ExitCode:
    """Connect, ask, show."""
    from agent.cli.inspection import read_inspection
    from agent.cli.inspection_page import show_inspection
    from agent.connect import connect

    with closing(connect(target).driver) as driver:
        known = profile_is_known(invocation, driver.identity().model)
        found = read_inspection(target, driver, profile_known=known)
    invocation.reporter.document(found.as_json())
    show_inspection(invocation.reporter, found)
    return ExitCode.DONE
