"""TARGET of the command line: which line to open, and how."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final, cast
from urllib.parse import SplitResult, urlsplit

from agent.errors import UsageFault
from protocols.line import HIGHEST_BAUD, Flow, Parity

if TYPE_CHECKING:
    from protocols.profile import LinkDefaults

DEFAULT_BAUD = 115_200
MAX_TARGET = 1024

PYSERIAL_SCHEMES = ("rfc2217", "hwgrep", "alt", "cp2110", "loop")
"""Schemes left to pyserial. Not ``spy``: it writes every byte, and so the password, to a file (I4)."""

LOCAL_SCHEMES = ("hwgrep", "alt")
"""Those of them that end in a port of this machine."""

AUTO = "auto"

_LOWEST_BAUD, _FASTEST_BAUD = 50, 4_000_000
_OPTIONS: Final[Mapping[str, tuple[str, ...]]] = {
    "parity": ("none", "even", "odd"),
    "data": ("7", "8"),
    "stop": ("1", "2"),
    "flow": ("none", "xonxoff", "rtscts"),
}
_MODEL = re.compile(r"[a-z0-9][a-z0-9-]{0,62}")
_HOST_AND_PORT = re.compile(r"[\w.-]+:\d{1,5}")


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
    """A serial port of this machine, or a pyserial URL. Characters always have eight data bits.

    Args:
        port: Name of the port, or the URL without our own options.
        baud: Bits per second; where ``auto`` is set, those to begin with.
        url: True where ``port`` is a URL.
        parity: Parity bit of each character.
        stop_bits: Stop bits of each character.
        flow: Flow control.
        highest_baud: Most that the line may be raised to.
        auto: Whether the speed is to be found out.
        model: Model whose profile says what is not given; empty for none.
        given: Options that the TARGET itself named.
    """

    port: str
    baud: int = DEFAULT_BAUD
    url: bool = False
    parity: Parity = "none"
    stop_bits: int = 1
    flow: Flow = "none"
    highest_baud: int = HIGHEST_BAUD
    auto: bool = False
    model: str = ""
    given: frozenset[str] = field(default=frozenset(), compare=False)

    @property
    def scheme(self) -> str:
        """Scheme of the URL, or empty."""
        return self.port.partition("://")[0] if self.url else ""

    @property
    def local(self) -> bool:
        """True where it is a port of this machine."""
        return not self.url or self.scheme in LOCAL_SCHEMES

    @property
    def character_bits(self) -> int:
        """Bits that a byte takes on the line: start, eight of data, parity, stop."""
        return 9 + (self.parity != "none") + self.stop_bits

    def with_defaults(self, link: LinkDefaults) -> SerialTarget:
        """Fill in from a profile what the TARGET itself does not say.

        Args:
            link: How the profile says the model is reached.
        """
        return replace(
            self,
            baud=self.baud if "baud" in self.given and not self.auto else link.baud,
            parity=self.parity if "parity" in self.given else link.parity,
            stop_bits=self.stop_bits if "stop" in self.given else link.stop_bits,
            flow=self.flow if "flow" in self.given else link.flow,
            highest_baud=link.highest_baud,
        )


def parse_target(target: str) -> TcpTarget | SerialTarget:
    """Read a TARGET.

    Args:
        target: ``tcp://HOST:PORT``, ``serial:PORT``, a plain port name (``/dev/ttyUSB0``, ``COM3``), or a pyserial URL
            (``rfc2217://HOST:PORT[?…]``); ``socket://`` is another name of ``tcp://``. All but TCP take
            ``?baud=auto|N&parity=none|even|odd&data=8&stop=1|2&flow=none|xonxoff|rtscts&model=NAME``.

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
        return _port(*_split(text[7:]))
    if not separator:
        if _HOST_AND_PORT.fullmatch(text):
            raise UsageFault("target-needs-scheme", target=text)
        return _port(*_split(text))
    if scheme in ("tcp", "socket"):
        return _tcp(text)
    if scheme in PYSERIAL_SCHEMES:
        address, options = _split(rest)
        settings, others = _take_settings(options)
        if any(option.partition("=")[0].lower() == "logging" for option in others):
            raise UsageFault("target-option", option="logging")  # it would write to stderr
        if scheme == "rfc2217":
            _tcp(f"tcp://{address}")
        url = f"{scheme}://{address}" + ("?" + "&".join(others) if others else "")
        return replace(settings, port=url, url=True)
    raise UsageFault("target-scheme", scheme=scheme)


def _split(text: str) -> tuple[str, list[str]]:
    name, _, query = text.partition("?")
    return name, [option for option in query.split("&") if option]


def _port(name: str, options: list[str]) -> SerialTarget:
    if not name:
        raise UsageFault("target-port-missing")
    settings, others = _take_settings(options)
    if others:
        raise UsageFault("target-option", option=others[0].partition("=")[0])
    return replace(settings, port=name)


def _tcp(text: str) -> TcpTarget:
    try:
        parts: SplitResult = urlsplit(text)
        host, port = parts.hostname, parts.port
    except ValueError:  # a port that is no number or over 65,535, or brackets that do not close
        raise UsageFault("target-address") from None
    if not host or not port or parts.username is not None or parts.path or parts.query or parts.fragment:
        raise UsageFault("target-address")
    return TcpTarget(host, port)


def _take_settings(options: list[str]) -> tuple[SerialTarget, list[str]]:
    """Return the line settings that options ask for, for no port yet, and the options that are not ours."""
    given: dict[str, str] = {}
    others = []
    for option in options:
        name, _, value = option.partition("=")
        if name not in ("baud", "model", *_OPTIONS):
            others.append(option)
            continue
        if name in given:
            raise UsageFault("target-option-twice", option=name)
        if name in _OPTIONS and value not in _OPTIONS[name]:
            raise UsageFault("target-option-value", option=name, choices=", ".join(_OPTIONS[name]))
        given[name] = value
    if given.get("data") == "7":
        raise UsageFault("target-data-bits")
    model = given.get("model", "")
    if "model" in given and not _MODEL.fullmatch(model):
        raise UsageFault("target-model")
    auto = given.get("baud") == AUTO
    settings = SerialTarget(
        port="",
        baud=DEFAULT_BAUD if auto else _baud(given.get("baud", str(DEFAULT_BAUD))),
        parity=cast(Parity, given.get("parity", "none")),
        stop_bits=int(given.get("stop", "1")),
        flow=cast(Flow, given.get("flow", "none")),
        auto=auto,
        model=model,
        given=frozenset(given),
    )
    return settings, others


def _baud(value: str) -> int:
    if not re.fullmatch(r"[0-9]{1,7}", value) or not _LOWEST_BAUD <= int(value) <= _FASTEST_BAUD:
        raise UsageFault("target-baud", lowest=_LOWEST_BAUD, highest=_FASTEST_BAUD)
    return int(value)
