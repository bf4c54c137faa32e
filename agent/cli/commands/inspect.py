"""``posretire inspect``: what a terminal says of itself; it changes nothing."""

from __future__ import annotations

import click

from agent.cli.command import Invocation, make_command
from agent.cli.commands.profiles import folders_option, library
from agent.cli.texts import texts_of
from agent.errors import AgentError, ExitCode


def build(language: str) -> click.Command:
    """Make the command."""
    texts = texts_of(language)
    return make_command(texts, "inspect", inspect_terminal, [click.Argument(["target"]), folders_option(texts)])


def inspect_terminal(invocation: Invocation, target: str, folders: tuple[str, ...] = ()) -> ExitCode:
    """Connect, ask, show."""
    from agent.cli.inspection import read_inspection
    from agent.cli.inspection_page import show_inspection
    from agent.connect import connect

    with connect(target) as connected:
        known = _profile_known(invocation, connected.driver.identity().model, folders)
        found = read_inspection(target, connected.driver, profile_known=known)
    invocation.reporter.document(found.as_json())
    show_inspection(invocation.reporter, found)
    return ExitCode.DONE


def _profile_known(invocation: Invocation, model: str, folders: tuple[str, ...]) -> bool:
    """Tell whether there is a profile that could be used; one that is wrong counts as none."""
    try:
        library(invocation, folders).load(model)
    except AgentError:
        return False
    return True
