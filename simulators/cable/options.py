"""What ``simulate line`` takes: the two ends by name, and numbers within their limits."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, fields
from pathlib import Path

from simulators.cable.cable import Cable, CableSettings
from simulators.cable.end import End
from simulators.cable.noise import Impairments
from simulators.cable.pty_end import PtyEnd, SerialEnd
from simulators.cable.socket_end import ConnectEnd, ListenEnd
from simulators.errors import SimulationError
from simulators.lines.listening import parse_address

DEFAULT_BAUD = 115_200
LOWEST_BAUD, HIGHEST_BAUD = 50, 4_000_000
MOST_SECONDS = 60.0
MOST_PLUG_SECONDS = 3600.0
MOST_GARBAGE = 65_536
LIMITS: Mapping[str, float] = {"bit_error_rate": 0.5, "latency": MOST_SECONDS, "jitter": MOST_SECONDS}
"""Highest value of an impairment where it is not 1."""


@dataclass(frozen=True)
class CableOptions:
    """What lines to make.

    Args:
        near: The agent's end: ``pty:PATH``, ``listen:HOST:PORT``, ``tcp://HOST:PORT`` or ``serial:PATH``.
        far: The terminal's end, likewise.
        settings: How the lines are; its greeting and its baud stand here as they were given.
        count: How many lines; with more than one, paths end in ``-1`` and so on, and ports are counted on.
    """

    near: str
    far: str
    settings: CableSettings
    count: int = 1


def parse_baud(text: str) -> int | None:
    """Read ``--baud``: a number, or ``auto`` for None.

    Raises:
        SimulationError: ``bad-baud``.
    """
    if text == "auto":
        return None
    if not (text.isascii() and text.isdigit() and len(text) < 9 and LOWEST_BAUD <= int(text) <= HIGHEST_BAUD):
        raise SimulationError("bad-baud", lowest=LOWEST_BAUD, highest=HIGHEST_BAUD)
    return int(text)


def parse_garbage(text: str, seed: int) -> bytes:
    """Read ``--garbage``: a number of random bytes, or the text itself.

    Args:
        text: As it was given.
        seed: Gives the random bytes.

    Raises:
        SimulationError: ``bad-garbage``: more than 65,536 bytes.
    """
    from random import Random

    number = text.isascii() and text.isdigit()
    data = text.encode("utf-8", "surrogateescape")
    if len(data) > MOST_GARBAGE or (number and (len(text) > len(str(MOST_GARBAGE)) or int(text) > MOST_GARBAGE)):
        raise SimulationError("bad-garbage", highest=MOST_GARBAGE)
    return Random(f"{seed}:garbage").randbytes(int(text)) if number else data


def check_impairments(impairments: Impairments) -> None:
    """Refuse what no line can have.

    Raises:
        SimulationError: ``bad-impairment`` with the option and its limit.
    """
    for each in fields(impairments):
        highest = LIMITS.get(each.name, 1.0)
        if not 0 <= getattr(impairments, each.name) <= highest:  # nan is neither
            name = {"bit_error_rate": "ber"}.get(each.name, each.name)
            raise SimulationError("bad-impairment", option=name, highest=f"{highest:g}")
    if impairments.drop + impairments.duplicate + impairments.reorder > 1:
        raise SimulationError("bad-impairment", option="drop + --duplicate + --reorder", highest="1")


def open_cables(options: CableOptions) -> list[Cable]:
    """Make all ends and the lines between them.

    Args:
        options: What lines to make.

    Returns:
        The lines, to be closed by the caller.

    Raises:
        SimulationError: They cannot be made as asked; nothing is left open.
    """
    settings = options.settings
    check_impairments(settings.impairments)
    if settings.plug_after is not None and not 0 <= settings.plug_after <= MOST_PLUG_SECONDS:
        raise SimulationError("bad-impairment", option="plug-after", highest=f"{MOST_PLUG_SECONDS:g}")
    near, far = _End.parse(options.near), _End.parse(options.far)
    if near.path and Path(near.path).absolute() == Path(far.path).absolute():
        raise SimulationError("same-ends", path=near.path)
    if settings.baud is None and "pty" not in (near.kind, far.kind):
        raise SimulationError("line-needs-baud")
    baud = settings.baud or DEFAULT_BAUD
    with ExitStack() as opened:
        cables = []
        for place in range(options.count):
            ends = []
            for end in (near, far):
                ends.append(end.open(place if options.count > 1 else None, baud))
                opened.callback(ends[-1].close)
            cables.append(Cable(ends[0], ends[1], settings, place))
        opened.pop_all()
    return cables


@dataclass(frozen=True)
class _End:
    """An end as it was asked for: a kind, and a path or an address."""

    kind: str
    path: str = ""
    host: str = ""
    number: int = 0

    @classmethod
    def parse(cls, text: str) -> _End:
        kind, colon, rest = text.partition(":")
        if colon and rest and kind in ("pty", "serial") and "\0" not in rest:
            return cls(kind, path=rest)
        if colon and kind == "listen":
            return cls(kind, "", *parse_address(rest))
        if colon and kind == "tcp" and rest.startswith("//"):
            host, number = parse_address(rest.removeprefix("//"))
            if number:
                return cls(kind, "", host, number)
        raise SimulationError("bad-end", end=text)

    def open(self, place: int | None, baud: int) -> End:
        path = Path(self.path if place is None else f"{self.path}-{place + 1}")
        number = self.number + (place or 0) if self.number else 0
        kinds: Mapping[str, Callable[[], End]] = {
            "pty": lambda: PtyEnd(path, baud),
            "serial": lambda: SerialEnd(path, baud),
            "listen": lambda: ListenEnd(self.host, number),
            "tcp": lambda: ConnectEnd(self.host, number),
        }
        return kinds[self.kind]()
