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
from agent.session import HandshakeFailed
from agent.transport.base import Transport, open_transport
from protocols.catalog import FAMILIES
from protocols.errors import LinkLost


def draw_session_number() -> int:
    """Return a random session number, 0 to 65,535."""
    return secrets.randbelow(1 << 16)


@dataclass(frozen=True)
class Connected:
    """A terminal at the other end of an open line; as a context manager it closes the line at the end.

    Args:
        driver: The terminal.
        description: Which line, for people and logs.
    """

    driver: TerminalDriver
    description: str

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
) -> Connected:
    """Open a line and shake hands with the terminal on it.

    Args:
        target: TARGET of the command line; see `agent.transport.target.parse_target`.
        clock: Seconds that only grow.
        session_number: Draws the number of the session.

    Returns:
        The terminal.

    Raises:
        UsageFault: The target makes no sense.
        LinkFault: The line cannot be opened (its code says why), nobody answers (``no-terminal``), what comes is no
            protocol that we know (``unknown-protocol``), the terminal refuses the handshake (``handshake-refused``),
            or the line breaks (``link-lost``).
    """
    return connect_over(open_transport(target), clock=clock, session_number=session_number)


def connect_over(
    transport: Transport,
    *,
    clock: Callable[[], float] = time.monotonic,
    session_number: Callable[[], int] = draw_session_number,
) -> Connected:
    """Shake hands with the terminal on an open line, in each family that we know until one answers.

    Args:
        transport: The line; closed where nobody is found.
        clock: Seconds that only grow.
        session_number: Draws the number of the session.

    Returns:
        The terminal.

    Raises:
        LinkFault: See `connect`.
    """
    noise = 0
    try:
        for family in FAMILIES.values():
            try:
                driver = opener(family)(transport, clock, session_number())
            except HandshakeFailed as fault:
                if fault.answered:
                    raise LinkFault("handshake-refused", line=transport.description, why=fault.reason) from None
                noise += fault.noise
                continue
            except LinkLost as fault:
                if fault.noise:  # such as a web server, or a serial server that says why and hangs up
                    raise LinkFault("unknown-protocol", line=transport.description, bytes=fault.noise) from None
                raise LinkFault("link-lost", line=transport.description, why=fault.reason) from None
            return Connected(driver, transport.description)
    except BaseException:
        transport.close()
        raise
    transport.close()
    if noise:
        raise LinkFault("unknown-protocol", line=transport.description, bytes=noise)
    raise LinkFault("no-terminal", line=transport.description)
