"""What a wipe has to cover: every region that may be wiped and every key that need not survive."""

from __future__ import annotations

from collections.abc import Sequence

from agent.drivers.base import WipePlan
from agent.errors import PreconditionNotMet
from protocols.terminal import Region
from protocols.words import RegionHolds, Technique


def flash_regions(regions: Sequence[Region]) -> tuple[Region, ...]:
    """Return the regions that are wiped block by block, in the order of their numbers."""
    return tuple(sorted((r for r in regions if r.wipeable and r.block_size > 0), key=lambda r: r.region))


def wiped_regions(regions: Sequence[Region]) -> tuple[Region, ...]:
    """Return everything that a wipe empties, key stores included: what has to be read back afterwards."""
    return tuple(sorted((r for r in regions if r.wipeable), key=lambda r: r.region))


def plan_wipe(regions: Sequence[Region], nonce: bytes, technique: Technique) -> WipePlan:
    """Plan the wipe of everything that may be wiped: keys first, then all regions.

    Args:
        regions: The terminal's memory map.
        nonce: 32 bytes bound to the case.
        technique: How the regions are emptied.

    Raises:
        PreconditionNotMet: The terminal shows no region that can be wiped, or a wipeable one that is neither flash
            nor a key store.
    """
    flash = flash_regions(regions)
    others = [r for r in regions if r.wipeable and r.block_size == 0 and r.holds is not RegionHolds.KEYS]
    if not flash:
        raise PreconditionNotMet("nothing-to-wipe")
    if others:
        raise PreconditionNotMet("region-not-wipeable", region=others[0].name)
    return WipePlan(nonce, technique, erase_keys=True, regions=tuple(r.region for r in flash))
