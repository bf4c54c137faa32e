"""``posretire inspect``: what a terminal says of itself; it changes nothing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

import click

from agent.cli.command import Invocation, make_command
from agent.cli.commands.profiles import folders_option, library
from agent.cli.privacy import asked_for, privacy_options
from agent.cli.texts import texts_of
from agent.errors import AgentError, ExitCode
from agent.privacy import LinkPrivacy

if TYPE_CHECKING:
    from protocols.profile import Profile


def build(language: str) -> click.Command:
    """Make the command."""
    texts = texts_of(language)
    options = [click.Argument(["target"]), *privacy_options(texts), folders_option(texts)]
    return make_command(texts, "inspect", inspect_terminal, options)


def inspect_terminal(
    invocation: Invocation, target: str, trust: tuple[str, ...], link_privacy: LinkPrivacy, folders: tuple[str, ...]
) -> ExitCode:
    """Connect, ask, show."""
    from agent.cli.inspection import check_genuine, read_inspection
    from agent.cli.inspection_page import show_inspection
    from agent.cli.line import line_teller
    from agent.clock import Clock
    from agent.connect import connect

    asked = asked_for(invocation, link_privacy, trust)
    channel, trusted = asked.channel, asked.trusted
    profiles = library(invocation, folders).load
    with connect(target, profiles=profiles, told=line_teller(invocation.reporter), channel=channel) as connected:
        identity = connected.driver.identity()
        profile = _profile(profiles, identity.model)
        genuine = check_genuine(connected.driver, trusted, identity, Clock().wall())
        found = read_inspection(
            target, connected.driver, profile_known=profile is not None, genuine=genuine, baud=connected.baud
        )
        if channel is not None and profile is not None and profile.link.private == "prefer":
            found = replace(found, downgraded=not found.link.private)
    invocation.reporter.document(found.as_json())
    show_inspection(invocation.reporter, found)
    return ExitCode.DONE


def _profile(profiles: Callable[[str], Profile], model: str) -> Profile | None:
    """Return the profile that could be used; one that is wrong counts as none."""
    try:
        return profiles(model)
    except AgentError:
        return None
