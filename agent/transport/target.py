"""TARGET of the command line: which line to open, and how."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal
from urllib.parse import SplitResult, urlsplit

from agent.errors import UsageFault

DEFAULT_BAUD = 115_200
HIGHEST_BAUD = 921_600
"""Most that a line is raised to where nothing else is known."""

MAX_TARGET = 1024

PYSERIAL_SCHEMES = ("rfc2217", "hwgrep", "alt", "cp2110", "loop")
"""Schemes left to pyserial. Not ``spy``: it writes every byte, and so the password, to a file (I4)."""

_LOWEST_BAUD, _HIGHEST_BAUD = 50, 4_000_000
_HOST_AND_PORT = re.compile(r"[\w.-]+:\d{1,5}")


Flow = Literal["none", "xonxoff", "rtscts"]


@dataclass(frozen=True)
class TcpTarget:
    """A TCP address.

    Args:
        host: Name or address.
        port: 1 to 65,535.
    """

    host: str
    port: int


@dataclass(frozen=True)
class SerialTarget:
    """A serial port of this machine, or a pyserial URL.

    Args:
        port: Name of the port, or the URL without our own options.
        baud: Bits per second.
        url: True where ``port`` is a URL.
        flow: Flow control.
        highest_baud: Most that the line may be raised to.
    """

    port: str
    baud: int = DEFAULT_BAUD
    url: bool = False
    flow: Flow = "none"
    highest_baud: int = HIGHEST_BAUD


def parse_target(target: str) -> TcpTarget | SerialTarget:
    """Read a TARGET.

    Args:
        target: ``tcp://HOST:PORT``, ``serial:PORT[?baud=N]``, a plain port name (``/dev/ttyUSB0``, ``COM3``), or a
            pyserial URL (``rfc2217://HOST:PORT[?baud=N&…]``); ``socket://`` is another name of ``tcp://``.

    Returns:
        What to open.

    Raises:
        UsageFault: It is none of these.
    """
    text = target.strip()
    if not text or len(text) > MAX_TARGET or not text.isprintable():
        raise UsageFault("target-empty" if not text else "target-unreadable")
    scheme, separator, rest = text.partition("://")
    scheme = scheme.lower()
    if text[:7].lower() == "serial:":
        name, _, query = text[7:].partition("?")
        if not name:
            raise UsageFault("target-port-missing")
        baud, others = _take_baud(query)
        if others:
            raise UsageFault("target-option", option=others[0].partition("=")[0])
        return SerialTarget(name, baud)
    if not separator:
        if _HOST_AND_PORT.fullmatch(text):
            raise UsageFault("target-needs-scheme", target=text)
        return SerialTarget(text)
    if scheme in ("tcp", "socket"):
        return _tcp(text)
    if scheme in PYSERIAL_SCHEMES:
        address, _, query = rest.partition("?")
        baud, others = _take_baud(query)
        if any(option.partition("=")[0].lower() == "logging" for option in others):
            raise UsageFault("target-option", option="logging")  # it would write to stderr
        return SerialTarget(f"{scheme}://{address}" + ("?" + "&".join(others) if others else ""), baud, url=True)
    raise UsageFault("target-scheme", scheme=scheme)


def _tcp(text: str) -> TcpTarget:
    try:
        parts: SplitResult = urlsplit(text)
        host, port = parts.hostname, parts.port
    except ValueError:  # a port that is no number or over 65,535, or brackets that do not close
        raise UsageFault("target-address") from None
    if not host or not port or parts.username is not None or parts.path or parts.query or parts.fragment:
        raise UsageFault("target-address")
    return TcpTarget(host, port)


def _take_baud(query: str) -> tuple[int, list[str]]:
    """Return the speed that a query asks for, and its other options."""
    baud, others = DEFAULT_BAUD, []
    for option in filter(None, query.split("&")):
        name, _, value = option.partition("=")
        if name != "baud":
            others.append(option)
            continue
        if not re.fullmatch(r"[0-9]{1,7}", value) or not _LOWEST_BAUD <= int(value) <= _HIGHEST_BAUD:
            raise UsageFault("target-baud", lowest=_LOWEST_BAUD, highest=_HIGHEST_BAUD)
        baud = int(value)
    return baud, others
