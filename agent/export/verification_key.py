"""The key that an export is opened with right after it was written, and that exists in memory for no longer."""

from __future__ import annotations

from pyrage import x25519

from protocols.errors import LocalProtocolError


class VerificationKey:
    """An ephemeral age identity: one more recipient of the export, so that what stands on the disk can be opened.

    It is never written anywhere. Once it is forgotten, only the owner's recipients open the export.
    """

    __slots__ = ("_identity", "recipient")

    recipient: str
    """Its public half; stands in the manifest."""

    def __init__(self) -> None:
        identity = x25519.Identity.generate()
        self._identity: x25519.Identity | None = identity
        self.recipient = str(identity.to_public())

    @property
    def identity(self) -> x25519.Identity:
        """The private half.

        Raises:
            LocalProtocolError: It was forgotten.
        """
        if self._identity is None:
            raise LocalProtocolError("an export is verified once; its verification key is forgotten")
        return self._identity

    def forget(self) -> None:
        """Drop the private half; doing so twice changes nothing."""
        self._identity = None

    def __repr__(self) -> str:
        return f"VerificationKey({self.recipient}, …)"

    def __reduce__(self) -> str:
        raise TypeError("a verification key is not pickled")
