"""What the agent asks of the privacy of a link, and what is known of a link that is open; no TLS is loaded here."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, Protocol

from agent.errors import PreconditionNotMet

if TYPE_CHECKING:
    from protocols.pmp.channel import Channel

LinkPrivacy = Literal["prefer", "require", "plain"]
"""``prefer`` takes a private link where the terminal offers one, ``require`` no other, ``plain`` never one."""


@dataclass(frozen=True)
class LinkFacts:
    """How private one link is; what a statement says of it.

    Args:
        private: Whether everything on it is encrypted, to a terminal with a trusted maker's certificate.
        tls_version: As ``TLSv1.3``; empty on a plain link, like all that follows.
        cipher_suite: By its IANA name.
        peer_certificate_sha256: SHA-256 of the terminal's certificate (DER), lower-case hex.
        binding: What both ends of this channel know and no other has, lower-case hex of 32 bytes.
    """

    private: bool = False
    tls_version: str = ""
    cipher_suite: str = ""
    peer_certificate_sha256: str = ""
    binding: str = ""


PLAIN = LinkFacts()


class PrivateChannels(Protocol):
    """Makes the private channel of each session; see `protocols.pmp.channel.OpenChannel`."""

    @property
    def required(self) -> bool:
        """True where a plain link is refused."""

    def __call__(self) -> Channel:
        """Make the channel of a new session."""

    def facts(self) -> LinkFacts:
        """Return what is known of the newest channel, which is established."""


def facts_of(binding: bytes, channel: PrivateChannels | None) -> LinkFacts:
    """Return what is known of a link that was opened, unless it may not be as plain as it is.

    Args:
        binding: As `protocols.pmp.events.LinkOpened` has it.
        channel: What the link was opened with.

    Raises:
        PreconditionNotMet: ``link-not-private``: the terminal offers no private link, and the policy asks for one.
    """
    if channel is None:
        return PLAIN
    if binding:
        return channel.facts()
    if channel.required:
        raise PreconditionNotMet("link-not-private")
    return PLAIN
