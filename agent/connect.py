"""From a TARGET to a driver: open the line, find out who is there, shake hands."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass
from types import TracebackType

from agent.drivers.base import TerminalDriver
from agent.drivers.catalog import opener
from agent.errors import LinkFault
from agent.privacy import PrivateChannels
from agent.profiles import find_profile
from agent.pump import Keeper
from agent.session import HandshakeFailed
from agent.transport.base import Transport, open_transport
from agent.transport.device_server import device_server_fault
from agent.transport.remark import Told, nobody
from agent.transport.replug import ReplugTransport
from agent.transport.target import SerialTarget, parse_target
from agent.transport.tcp import TcpTransport
from protocols.catalog import FAMILIES
from protocols.errors import LinkLost
from protocols.profile import Profile


def draw_session_number() -> int:
    """Return a random session number, 0 to 65,535."""
    return secrets.randbelow(1 << 16)


@dataclass(frozen=True)
class Connected:
    """A terminal at the other end of an open line; as a context manager it closes the line at the end.

    Args:
        driver: The terminal.
        description: Which line, for people and logs.
        baud: Bits per second that the line was opened with or found to have; None where it has no speed of its own.
    """

    driver: TerminalDriver
    description: str
    baud: int | None = None

    def close(self) -> None:
        """End the session and free the line."""
        self.driver.close()

    def __enter__(self) -> Connected:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def connect(
    target: str,
    *,
    clock: Callable[[], float] = time.monotonic,
    session_number: Callable[[], int] = draw_session_number,
    profiles: Callable[[str], Profile] = find_profile,
    told: Told = nobody,
    channel: PrivateChannels | None = None,
    keeper: Keeper | None = None,
) -> Connected:
    """Open a line and shake hands with the terminal on it.

    Args:
        target: TARGET of the command line; see `agent.transport.target.parse_target`.
        clock: Seconds that only grow.
        session_number: Draws the number of the session.
        profiles: Finds the profile of a model that the target names.
        told: Is told what happens on the line.
        channel: Makes the link private where the terminal can; None for a plain link.
        keeper: Serves the line among others (`agent.pump_loop.PumpLoop`); None where the thread that waits does.

    Returns:
        The terminal.

    Raises:
        UsageFault: The target makes no sense.
        PreconditionNotMet: No profile of the model that it names is known (``unknown-model``), or the terminal offers
            no private link and ``channel`` requires one (``link-not-private``).
        LinkFault: The line cannot be opened (its code says why), nobody answers (``no-terminal``, ``no-speed``), what
            comes is no protocol that we know (``unknown-protocol``), a device server says why it does not serve us
            (``device-server-busy``, ``device-server-failed``), the terminal refuses the handshake
            (``handshake-refused``), the private channel cannot be had (``link-certificate-…``, ``link-handshake``,
            ``link-record``), or the line breaks (``link-lost``).
    """
    place = parse_target(target)
    if isinstance(place, SerialTarget) and place.model:
        defaults = profiles(place.model).link
        place = place.with_defaults(defaults)
        if defaults.private == "no" and channel is not None and not channel.required:
            channel = None
    transport = open_transport(place, told, clock)
    if isinstance(transport, ReplugTransport):
        clock = transport.now  # nobody's patience ends while the port is unplugged
    if isinstance(place, SerialTarget) and place.auto:
        _find_speed(transport, place.baud, clock, session_number, told)
    return connect_over(transport, clock=clock, session_number=session_number, channel=channel, keeper=keeper)


def _find_speed(
    transport: Transport,
    first: int,
    clock: Callable[[], float],
    session_number: Callable[[], int],
    told: Told,
) -> None:
    from agent.autobaud import find_speed

    try:
        find_speed(transport, (first,), clock=clock, session_number=session_number, told=told)
    except BaseException:
        transport.close()
        raise


def connect_over(
    transport: Transport,
    *,
    clock: Callable[[], float] = time.monotonic,
    session_number: Callable[[], int] = draw_session_number,
    channel: PrivateChannels | None = None,
    keeper: Keeper | None = None,
) -> Connected:
    """Shake hands with the terminal on an open line, in each family that we know until one answers.

    Args:
        transport: The line; closed where nobody is found.
        clock: Seconds that only grow.
        session_number: Draws the number of the session.
        channel: Makes the link private where the terminal can; None for a plain link.
        keeper: Serves the line among others (`agent.pump_loop.PumpLoop`); None where the thread that waits does.

    Returns:
        The terminal.

    Raises:
        LinkFault: See `connect`.
        PreconditionNotMet: See `connect`.
    """
    noise = 0
    baud = transport.baud
    try:
        for family in FAMILIES.values():
            try:
                driver = opener(family)(transport, clock, session_number(), channel, keeper)
            except HandshakeFailed as fault:
                if fault.refusal:
                    raise LinkFault(f"link-{fault.refusal}", line=transport.description, why=fault.reason) from None
                if fault.answered:
                    raise LinkFault("handshake-refused", line=transport.description, why=fault.reason) from None
                noise += fault.noise
                continue
            except LinkLost as fault:
                if fault.noise:  # such as a web server, or a device server that says why and hangs up
                    raise _unknown(transport, fault.noise) from None
                raise LinkFault("link-lost", line=transport.description, why=fault.reason) from None
            return Connected(driver, transport.description, baud)
    except BaseException:
        transport.close()
        raise
    transport.close()
    if noise:
        raise _unknown(transport, noise)
    raise LinkFault("no-terminal", line=transport.description)


def _unknown(transport: Transport, noise: int) -> LinkFault:
    """Return the error for bytes of no protocol: where it is a device server that speaks, what it says."""
    greeting = transport.greeting if isinstance(transport, TcpTransport) else b""
    said = device_server_fault(greeting, transport.description)
    return said or LinkFault("unknown-protocol", line=transport.description, bytes=noise)
