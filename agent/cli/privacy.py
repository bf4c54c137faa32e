"""How the commands that have no policy ask for a private link."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from agent.cli.command import Invocation, option
from agent.cli.commands.verify import trust_folders
from agent.cli.texts import Texts
from agent.privacy import LinkPrivacy

if TYPE_CHECKING:
    from agent.privacy import PrivateChannels

RULES = ("prefer", "require", "plain")


def privacy_options(texts: Texts) -> list[click.Parameter]:
    """Return the options ``--trust`` and ``--link-privacy``."""
    return [
        option(texts, "--trust", "trust", key="trust", multiple=True, metavar="DIR"),
        option(
            texts,
            "--link-privacy",
            "link_privacy",
            key="link-privacy",
            type=click.Choice(RULES),
            default="prefer",
            metavar="|".join(RULES),
        ),
    ]


def channels_of(
    invocation: Invocation, link_privacy: LinkPrivacy = "prefer", trust: tuple[str, ...] = ()
) -> PrivateChannels | None:
    """Return what makes the command's link private, or None where it is plain.

    Args:
        invocation: Where the home folder is.
        link_privacy: As in a policy.
        trust: Trust folders besides the home's own.

    Raises:
        UsageFault: ``trust-unreadable``.
        PreconditionNotMet: See `agent.workflow.privacy.private_channels`.
    """
    from agent.clock import Clock
    from agent.evidence.trust import TrustStore
    from agent.workflow.privacy import private_channels

    trusted = TrustStore.load(trust_folders(invocation.home, trust))
    return private_channels(link_privacy, trusted, invocation.home, Clock().wall)
