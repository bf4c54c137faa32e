"""Each family has its driver."""

from __future__ import annotations

import pytest

from agent.drivers.catalog import opener
from agent.drivers.pmp import open_driver
from protocols.catalog import FAMILIES, Family


def test_pmp() -> None:
    assert opener(FAMILIES["pmp"]) is open_driver


@pytest.mark.parametrize("family", FAMILIES.values(), ids=lambda family: family.name)
def test_every_family_has_one(family: Family) -> None:
    assert callable(opener(family))
