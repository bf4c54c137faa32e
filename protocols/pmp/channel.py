"""What a pmp link asks of a private channel: TLS 1.3 without any input or output (note pmp.md, section Link).

The TLS itself is each side's own, agent's and terminal's, so that a mistake cannot agree with itself. The link gives
the channel the bytes that arrived in order, and carries those that the channel has to say.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from protocols.errors import ProtocolError


class ChannelRefused(ProtocolError):
    """The private channel cannot be had, or its peer broke it.

    Args:
        code: Why, as ``certificate-unknown``, ``certificate-expired``, ``certificate-revoked``, ``handshake``,
            ``record``, or ``agent-refused`` where the terminal does not accept the agent's certificate.
        reason: What TLS says, in English, without any of the peer's data.
    """

    def __init__(self, code: str, reason: str) -> None:
        super().__init__(f"private channel refused: {reason}")
        self.code = code
        self.reason = reason


class Channel(Protocol):
    """One end of a private channel over one session of a link."""

    def start(self) -> None:
        """Begin the handshake; the client's first bytes are then to be had from `outgoing`."""

    def receive(self, data: bytes) -> bytes:
        """Take bytes of the peer's channel.

        Args:
            data: 1 byte or more, in order, split or joined in any way.

        Returns:
            What they say, decrypted and in order; possibly nothing.

        Raises:
            ChannelRefused: The handshake failed, or a record is not the peer's. `outgoing` may still hold an alert.
        """

    def outgoing(self) -> bytes:
        """Return the bytes that the channel itself has to say (handshake, alerts), and forget them."""

    def seal(self, data: bytes) -> bytes:
        """Encrypt; only where the channel is established.

        Args:
            data: 1 to 16,384 bytes; they become one record.

        Returns:
            The record, with whatever the channel had to say before it.
        """

    @property
    def established(self) -> bool:
        """True once both sides have finished the handshake as far as this side can tell."""

    @property
    def binding(self) -> bytes:
        """32 bytes that are the same at both ends of this channel and at no other; empty before it is established."""


OpenChannel = Callable[[], Channel]
"""Makes the channel of a new session."""
