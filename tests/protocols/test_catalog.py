"""The registry of families."""

from __future__ import annotations

import subprocess
import sys

import pytest

from protocols.catalog import FAMILIES, Family, family
from protocols.errors import LocalProtocolError


def test_a_family_is_found_by_its_name() -> None:
    assert family("pmp").title == "POS maintenance protocol"


def test_there_is_no_other() -> None:
    with pytest.raises(LocalProtocolError, match="no family"):
        family("PMP")


@pytest.mark.parametrize("each", FAMILIES.values(), ids=lambda each: each.name)
def test_every_family_can_be_loaded(each: Family) -> None:
    assert each.load().__name__ == each.package == f"protocols.{each.name}"
    assert FAMILIES[each.name] is each


def test_the_catalog_loads_no_family() -> None:
    program = (
        "import sys, protocols.catalog; assert 'protocols.pmp' not in sys.modules and 'construct' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", program], check=True, timeout=60)
