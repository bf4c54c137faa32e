"""From a policy, the trusted makers and the agent's own certificate to the private channels of a command."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from cryptography.hazmat.primitives.serialization import Encoding

from agent.errors import PreconditionNotMet
from agent.evidence.errors import EvidenceRejected
from agent.evidence.keys.agent_key import AgentKey, certificate_of
from agent.evidence.keys.link_credentials import lent_credentials
from agent.evidence.trust.certificates import read_der
from agent.evidence.trust.store import TrustStore
from agent.privacy import LinkPrivacy, PrivateChannels
from protocols.pmp.channel import ChannelRefused


def private_channels(
    rule: LinkPrivacy, trust: TrustStore, home: Path, wall: Callable[[], datetime], key: AgentKey | None = None
) -> PrivateChannels | None:
    """Return what makes the links of a command private, or None where they are plain.

    Where no maker is trusted, nobody could vouch for the other end: such a link is plain, and says so.

    Args:
        rule: What the policy says.
        trust: Whose terminals are trusted.
        home: Home folder; its key and certificate are shown to terminals, or throw-away ones where it has none.
        wall: The present time, for what was revoked when.
        key: The agent's key, where it is open already.

    Raises:
        PreconditionNotMet: ``link-maker-missing``: the policy asks for a private link, and no maker is trusted; or as
            `agent.evidence.keys.agent_key.AgentKey.load`.
    """
    if rule == "plain":
        return None
    if not trust.maker_roots:
        if rule == "require":
            raise PreconditionNotMet("link-maker-missing")
        return None
    from agent.tls import TlsChannels  # TLS is loaded where it is used

    def check(certificate: bytes) -> None:
        try:
            revoked = trust.revoked(read_der(certificate, "terminal"), wall())
        except EvidenceRejected:
            raise ChannelRefused("certificate-unknown", "the terminal's certificate cannot be read") from None
        if revoked:
            raise ChannelRefused("certificate-revoked", "the maker has revoked the terminal's certificate")

    makers = "".join(each.public_bytes(Encoding.PEM).decode() for each in trust.maker_roots)
    with lent_credentials(home, wall(), key) as lent:
        try:
            return TlsChannels(lent.chain, lent.key, lent.password, makers, check, required=rule == "require")
        except OSError:  # ssl.SSLError is one: a certificate that OpenSSL does not take
            raise PreconditionNotMet("agent-key-unreadable", path=str(certificate_of(home))) from None
