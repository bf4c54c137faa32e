"""Which driver speaks a family: the module of its name in this package."""

from __future__ import annotations

import importlib
from collections.abc import Callable

from agent.drivers.base import TerminalDriver
from agent.privacy import PrivateChannels
from agent.pump import Keeper
from agent.transport.base import Transport
from protocols.catalog import Family

OpenDriver = Callable[[Transport, Callable[[], float], int, PrivateChannels | None, Keeper | None], TerminalDriver]


def opener(family: Family) -> OpenDriver:
    """Return the function that shakes hands with a terminal of a family.

    Args:
        family: The family; its driver is imported here and not before.
    """
    opening: OpenDriver = importlib.import_module(f"agent.drivers.{family.name}").open_driver
    return opening
