"""``posretire inspect``: what a terminal says of itself; it changes nothing."""

from __future__ import annotations

import click

from agent.cli.command import Invocation, make_command, option
from agent.cli.commands.profiles import folders_option, library
from agent.cli.commands.verify import trust_folders
from agent.cli.texts import texts_of
from agent.errors import AgentError, ExitCode


def build(language: str) -> click.Command:
    """Make the command."""
    texts = texts_of(language)
    trust = option(texts, "--trust", "trust", key="trust", multiple=True, metavar="DIR")
    return make_command(texts, "inspect", inspect_terminal, [click.Argument(["target"]), trust, folders_option(texts)])


def inspect_terminal(invocation: Invocation, target: str, trust: tuple[str, ...], folders: tuple[str, ...]) -> ExitCode:
    """Connect, ask, show."""
    from agent.cli.inspection import check_genuine, read_inspection
    from agent.cli.inspection_page import show_inspection
    from agent.cli.line import line_teller
    from agent.clock import Clock
    from agent.connect import connect
    from agent.evidence.trust import TrustStore
    from agent.workflow.privacy import private_channels

    trusted = TrustStore.load(trust_folders(invocation.home, trust))
    channel = private_channels("prefer", trusted, invocation.home, Clock().wall)
    profiles = library(invocation, folders).load
    with connect(target, profiles=profiles, told=line_teller(invocation.reporter), channel=channel) as connected:
        identity = connected.driver.identity()
        known = _profile_known(invocation, identity.model, folders)
        genuine = check_genuine(connected.driver, trusted, identity, Clock().wall())
        found = read_inspection(target, connected.driver, profile_known=known, genuine=genuine, baud=connected.baud)
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
