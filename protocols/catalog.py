"""The families that posretire knows, by name; nothing of a family is imported before it is needed."""

from __future__ import annotations

import importlib
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType, ModuleType

from protocols.errors import LocalProtocolError


@dataclass(frozen=True)
class Family:
    """One wire protocol.

    Args:
        name: Its short name: of its folder under ``protocols``, its driver, and its note in ``firmware-notes``.
        title: Its full name.
        package: The package that implements it.
    """

    name: str
    title: str
    package: str

    def load(self) -> ModuleType:
        """Import the family's package."""
        return importlib.import_module(self.package)


FAMILIES: Mapping[str, Family] = MappingProxyType(
    {family.name: family for family in (Family("pmp", "POS maintenance protocol", "protocols.pmp"),)}
)
"""Every family by its name, in the order in which an unknown line is asked."""


def family(name: str) -> Family:
    """Return a family.

    Args:
        name: Its short name.

    Raises:
        LocalProtocolError: There is no such family.
    """
    try:
        return FAMILIES[name]
    except KeyError:
        raise LocalProtocolError(f"no family is called {name!r}") from None
