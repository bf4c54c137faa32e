"""The terminal of a case that needs none any more, because all that is left to do is to issue its evidence."""

from __future__ import annotations

from typing import NoReturn

from protocols.errors import LocalProtocolError


class AbsentTerminal:
    """Stands where a `agent.drivers.base.TerminalDriver` stands, and refuses whatever it is asked."""

    def __getattr__(self, name: str) -> NoReturn:
        raise LocalProtocolError(f"no terminal is connected, and {name} was asked of it")
