"""Listening on an address, for whatever comes over TCP."""

from __future__ import annotations

import socket

from simulators.errors import SimulationError


def listen(host: str, number: int) -> tuple[socket.socket, str]:
    """Listen without ever blocking.

    Args:
        host: Address to listen on.
        number: Port to listen on; 0 for any free one.

    Returns:
        The listener, and where it listens as ``HOST:PORT``.

    Raises:
        SimulationError: ``cannot-listen``.
    """
    try:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        listener = socket.create_server((host, number), family=family)
    except (OSError, OverflowError) as fault:
        why = getattr(fault, "strerror", None) or type(fault).__name__
        raise SimulationError("cannot-listen", address=f"{host}:{number}", why=why) from None
    listener.setblocking(False)
    shown = f"[{host}]" if ":" in host else host
    return listener, f"{shown}:{listener.getsockname()[1]}"


def parse_address(text: str) -> tuple[str, int]:
    """Read ``HOST:PORT``; an IPv6 address stands in brackets.

    Raises:
        SimulationError: ``bad-address``.
    """
    host, colon, number = text.rpartition(":")
    host = host.removeprefix("[").removesuffix("]") if host.startswith("[") else host
    if (
        not colon
        or not host
        or not (number.isascii() and number.isdigit() and len(number) <= 5)
        or int(number) > 0xFFFF
    ):
        raise SimulationError("bad-address", address=text)
    return host, int(number)
