"""Telling what bytes are that belong to no frame: an echo, a device server, a console, flow control, or garbage."""

from __future__ import annotations

import re

from agent.doctor.measurements import Heard, Nature
from agent.transport.device_server import device_server_fault
from protocols.pmp.escape import FORBIDDEN

ECHO_BYTES = 12
"""So many bytes of ours in a row are no coincidence: less than the shortest frame, far more than chance makes."""

TEXT_SHARE = 0.9
"""Of a text at another speed far fewer bytes can be printed: about 0.4 of random ones can."""

TEXT_BYTES = 4
"""Fewer are not called a text: random bytes are printed easily."""

SHOWN_CHARACTERS = 60


def hear(received: bytes, sent: bytes) -> Heard:
    """Tell what bytes are.

    Args:
        received: What came, from its beginning.
        sent: What this side had sent.
    """
    size = len(received)
    if not size:
        return Heard()
    if device_server_fault(received, "") is not None:
        return Heard(Nature.DEVICE_SERVER, size, _shown(received))
    if echoed(received, sent):
        return Heard(Nature.ECHO, size)
    if all(each in FORBIDDEN for each in received):
        return Heard(Nature.FLOW, size)
    printable = sum(0x20 <= each < 0x7F or each in b"\r\n\t\x1b" for each in received)
    if size >= TEXT_BYTES and printable >= TEXT_SHARE * size:
        return Heard(Nature.TEXT, size, _shown(received))
    return Heard(Nature.GARBAGE, size)


def echoed(received: bytes, sent: bytes) -> bool:
    """Tell whether what came holds what was sent.

    Args:
        received: What came.
        sent: What this side had sent.
    """
    return len(sent) >= ECHO_BYTES and sent[:ECHO_BYTES] in received


def _shown(received: bytes) -> str:
    """Return the first line of a text; nobody knows whose it is, so that its numbers are masked (I4)."""
    text = re.sub(r"\x1b\[[0-9;?]*[ -/]*[@-~]", "", received.decode("ascii", "replace"))
    line = next((each.strip() for each in re.split(r"[\r\n]+", text) if each.strip()), "")
    return re.sub(r"[0-9]", "#", line)[:SHOWN_CHARACTERS]
