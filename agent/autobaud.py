"""Finding the speed of a line: a short handshake at each usual speed until somebody answers."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from agent.errors import LinkFault
from agent.pump import Pump
from agent.session import HandshakeFailed, Session
from agent.transport.base import Transport
from agent.transport.remark import LineRemark, Told
from protocols.errors import LinkLost
from protocols.pmp.link import Link, LinkEvent, LinkSettings, Role

USUAL_SPEEDS = (115_200, 9600, 57_600, 38_400, 19_200, 921_600, 460_800, 230_400, 4800, 2400, 1200)
HELLO_TRIES = 2


def find_speed(
    transport: Transport,
    first: Iterable[int],
    *,
    clock: Callable[[], float],
    session_number: Callable[[], int],
    told: Told,
) -> int:
    """Try speeds until a terminal answers, and leave the line at that speed.

    Takes at most about two seconds a speed.

    Args:
        transport: A serial line; stays open.
        first: Speeds to begin with, such as those of profiles.
        clock: Seconds that only grow.
        session_number: Draws the number of a session.
        told: Is told of each speed that is tried, and of the one found.

    Returns:
        Bits per second.

    Raises:
        LinkFault: Nobody answers at any of them (``no-speed``), or the line broke (``link-lost``).
    """
    tried = []
    try:
        for baud in _once([*first, *USUAL_SPEEDS]):
            told(LineRemark("speed-tried", {"baud": baud}))
            if baud != transport.baud and not transport.set_baud(baud):
                continue
            tried.append(baud)
            if _answers(transport, clock, session_number()):
                told(LineRemark("speed-found", {"baud": baud}))
                return baud
    except LinkLost as fault:
        raise LinkFault("link-lost", line=transport.description, why=fault.reason) from None
    raise LinkFault("no-speed", line=transport.description, speeds=", ".join(map(str, tried)) or "-")


def _once(speeds: Iterable[int]) -> Iterator[int]:
    yield from dict.fromkeys(speeds)


def _answers(transport: Transport, clock: Callable[[], float], session_number: int) -> bool:
    """Tell whether a terminal answers at the speed that the line has now; its session is ended again."""
    settings = LinkSettings.for_line(transport.baud, escaped=transport.escaped)
    link = Link(Role.AGENT, settings, session=session_number, hello_tries=HELLO_TRIES)
    pump: Pump[LinkEvent] = Pump(transport, link, clock)
    try:
        Session(pump, link).open()
    except HandshakeFailed as fault:
        return fault.answered
    link.close()
    pump.flush()
    return True
