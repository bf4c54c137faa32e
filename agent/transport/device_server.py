"""What device servers write into the data of a raw connection instead of serving it.

The sentences are those of ser2net (its sources from 2.x to 4.x); other servers that were seen use the same words.
"""

from __future__ import annotations

from agent.errors import LinkFault

GREETING_BYTES = 256
"""How much of what comes first is worth looking at."""

_BUSY = ("port already in use", "port's device already in use", "kicked off, new user is coming")
_FAILED = (
    "device open failure",
    "port's device failed open",
    "error enabling port connector",
    "port disabled",
    "denied due to your net address",
    "access denied",
)


def device_server_fault(greeting: bytes, line: str) -> LinkFault | None:
    """Tell whether it is a device server that speaks, and what it says.

    Args:
        greeting: What came first on the connection.
        line: Which line, for people.

    Returns:
        ``device-server-busy`` or ``device-server-failed``, or None where it is neither.
    """
    text = greeting.decode("ascii", "replace").lower()
    for code, sentences in (("device-server-busy", _BUSY), ("device-server-failed", _FAILED)):
        for sentence in sentences:
            if sentence in text:
                return LinkFault(code, line=line, why=sentence)
    return None
