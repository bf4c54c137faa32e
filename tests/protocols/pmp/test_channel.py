"""The error of a private channel says why, and is one of ours."""

from __future__ import annotations

from protocols.errors import ProtocolError
from protocols.pmp.channel import ChannelRefused


def test_a_refusal_says_why() -> None:
    refusal = ChannelRefused("certificate-expired", "certificate has expired")
    assert isinstance(refusal, ProtocolError)
    assert (refusal.code, str(refusal)) == (
        "certificate-expired",
        "private channel refused: certificate has expired",
    )
