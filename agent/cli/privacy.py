"""How the commands that have no policy ask for a private link."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import click

from agent.cli.command import Invocation, option
from agent.cli.commands.verify import trust_folders
from agent.cli.texts import Texts
from agent.errors import PreconditionNotMet
from agent.privacy import LinkPrivacy

if TYPE_CHECKING:
    from agent.drivers.base import TerminalDriver
    from agent.evidence.trust.store import TrustStore
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


@dataclass(frozen=True)
class Asked:
    """How private the link of a command shall be, and whom it trusts.

    Args:
        channel: What makes the link private, or None where it is plain.
        trusted: Whose terminals are trusted.
    """

    channel: PrivateChannels | None
    trusted: TrustStore

    def check(self, driver: TerminalDriver) -> None:
        """Stop where somebody sits between two private links; a plain link proves nothing, and nothing is asked.

        Args:
            driver: The connected terminal.

        Raises:
            PreconditionNotMet: ``terminal-not-genuine``.
            ProtocolError: The line or the terminal failed.
        """
        from agent.cli.inspection import check_genuine
        from agent.clock import Clock

        if driver.link.private:
            genuine = check_genuine(driver, self.trusted, driver.identity(), Clock().wall())
            if genuine.state == "no":
                raise PreconditionNotMet("terminal-not-genuine", why=genuine.why)


def asked_for(invocation: Invocation, link_privacy: LinkPrivacy = "prefer", trust: tuple[str, ...] = ()) -> Asked:
    """Return what makes the command's link private.

    Args:
        invocation: Where the home folder is.
        link_privacy: As in a policy.
        trust: Trust folders besides the home's own.

    Raises:
        UsageFault: ``trust-unreadable``.
        PreconditionNotMet: See `agent.workflow.privacy.private_channels`.
    """
    from agent.clock import Clock
    from agent.evidence.trust.store import TrustStore
    from agent.workflow.privacy import private_channels

    trusted = TrustStore.load(trust_folders(invocation.home, trust))
    return Asked(private_channels(link_privacy, trusted, invocation.home, Clock().wall), trusted)
