"""The errors of talking to a terminal, told apart by whose fault they are.

::

    ProtocolError
    ├── LocalProtocolError    we used the protocol wrongly (a defect of ours)
    ├── RemoteProtocolError   the peer's bytes break the protocol
    ├── DeviceRefused         the peer understood and said no
    ├── LinkLost              the line ended or never answered
    ├── DeadlineExceeded      the peer is there but did not answer in time
    ├── StateUnknown          a command with an effect was sent and its answer was lost
    └── ProfileError          a profile's data is not what a profile must be
"""

from __future__ import annotations

EXCERPT_BYTES = 16


class ProtocolError(Exception):
    """Base of every error that the protocol layer raises."""


class LocalProtocolError(ProtocolError):
    """We asked for something the protocol does not allow: a defect of the caller."""


class RemoteProtocolError(ProtocolError):
    """The peer sent bytes that break the protocol.

    Args:
        reason: What was wrong, without any of the peer's data.
        offset: Where in the message, in bytes from its start.
        excerpt: At most 16 bytes around the fault. Kept apart from the text because they may hold card data:
            nothing prints them unless asked to.
    """

    def __init__(self, reason: str, *, offset: int = 0, excerpt: bytes = b"") -> None:
        super().__init__(f"{reason} (at byte {offset})")
        self.reason = reason
        self.offset = offset
        self.excerpt = bytes(excerpt[:EXCERPT_BYTES])


class DeviceRefused(ProtocolError):
    """The terminal understood the command and refused it.

    Args:
        command: Name of the command.
        code: The family's refusal code.
        meaning: The code's name in the family's document.
        detail: What the terminal said besides, as text.
    """

    def __init__(self, command: str, code: int, meaning: str, detail: str = "") -> None:
        super().__init__(f"terminal refused {command}: {meaning} (code {code})" + (f": {detail}" if detail else ""))
        self.command = command
        self.code = code
        self.meaning = meaning
        self.detail = detail


class LinkLost(ProtocolError):
    """The line is gone, or nobody ever answered on it.

    Args:
        reason: What happened, without any of the peer's data.
        answered: False where the peer never sent one whole frame.
        noise: Bytes that came and belonged to no frame.
        refusal: Code of the `protocols.pmp.channel.ChannelRefused` that ended it, or empty.
    """

    def __init__(
        self, reason: str = "the line is gone", *, answered: bool = True, noise: int = 0, refusal: str = ""
    ) -> None:
        super().__init__(reason)
        self.reason = reason
        self.answered = answered
        self.noise = noise
        self.refusal = refusal


class DeadlineExceeded(ProtocolError):
    """The peer is there but the answer did not come in time.

    Args:
        command: Name of the command that was not answered.
        seconds: How long we waited.
    """

    def __init__(self, command: str, seconds: float) -> None:
        super().__init__(f"no answer to {command} within {seconds:g} s")
        self.command = command
        self.seconds = seconds


class StateUnknown(ProtocolError):
    """A command with an effect was sent and its answer was lost, so nobody knows whether it was done (I3).

    Args:
        command: Name of the command.
        cause: What ended the wait.
    """

    def __init__(self, command: str, cause: BaseException) -> None:
        super().__init__(f"{command} was sent and its answer was lost: {cause}")
        self.command = command
        self.cause = cause


class ProfileError(ProtocolError):
    """A profile's data breaks the rules of profiles.

    Args:
        path: Where, as ``menu.screens[3].items[0].leads``; empty for the whole.
        reason: What is wrong.
    """

    def __init__(self, path: str, reason: str) -> None:
        super().__init__(f"{path}: {reason}" if path else reason)
        self.path = path
        self.reason = reason
