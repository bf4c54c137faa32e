"""Where things are in the memory of a terminal: the regions, sized by the journal that the terminal was made for."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

from protocols.pmp.records import RECORD_BYTES
from protocols.terminal import Region
from protocols.words import Addressable, RegionHolds
from simulators.hardware import flash, keystore

JOURNAL_SPARE = 256
MOST_DELETED = 500
LEAST_DELETED = 20
PARAMETER_BLOCKS = 4
RECEIPT_BLOCKS = 32
LOG_BLOCKS = 16
SYSTEM_BLOCKS = 4
KEYS_ADDRESS = 0x2000_0000
IDENTITY_ADDRESS = 0x3000_0000
IDENTITY_BYTES = 4096


class RegionNumber(IntEnum):
    """Numbers of the regions."""

    JOURNAL = 1
    PARAMETERS = 2
    RECEIPTS = 3
    LOGS = 4
    KEYS = 5
    IDENTITY = 6
    SYSTEM = 7


@dataclass(frozen=True)
class JournalGeometry:
    """How the journal region is divided: one status byte a record in blocks of their own, then the records.

    The records stand in blocks of their own so that a run of live ones can be read as it lies in the flash.

    Args:
        capacity: Most records.
        deleted: Old records that the factory's journal has in front of the live ones.
    """

    capacity: int
    deleted: int

    @property
    def bodies_offset(self) -> int:
        """Where the records begin, in bytes from the start of the region."""
        return _blocks(self.capacity) * flash.BLOCK_BYTES

    @property
    def blocks(self) -> int:
        """Erase blocks of the whole region."""
        return _blocks(self.capacity) + _blocks(self.capacity * RECORD_BYTES)


def journal_geometry(transactions: int) -> JournalGeometry:
    """Return the division of a journal made for ``transactions`` live records."""
    deleted = max(LEAST_DELETED, min(MOST_DELETED, transactions // 20))
    return JournalGeometry(transactions + deleted + JOURNAL_SPARE, deleted)


def memory_map(transactions: int) -> tuple[Region, ...]:
    """Return the regions of a terminal whose journal was made for ``transactions`` live records."""
    sizes = {
        RegionNumber.JOURNAL: journal_geometry(transactions).blocks,
        RegionNumber.PARAMETERS: PARAMETER_BLOCKS,
        RegionNumber.RECEIPTS: RECEIPT_BLOCKS,
        RegionNumber.LOGS: LOG_BLOCKS,
        RegionNumber.SYSTEM: SYSTEM_BLOCKS,
    }
    regions = []
    start = 0
    for number, blocks in sizes.items():
        size = blocks * flash.BLOCK_BYTES
        wipeable = number is not RegionNumber.SYSTEM
        regions.append(_region(number, start, size, flash.BLOCK_BYTES, wipeable, flash.BLANK))
        start += size
    regions.append(_region(RegionNumber.KEYS, KEYS_ADDRESS, keystore.SIZE, 0, True, keystore.BLANK))
    regions.append(_region(RegionNumber.IDENTITY, IDENTITY_ADDRESS, IDENTITY_BYTES, 0, False, flash.BLANK))
    return tuple(sorted(regions, key=lambda region: region.region))


def flash_blocks(regions: tuple[Region, ...]) -> int:
    """Return how many erase blocks the chip has that holds the flash regions."""
    return sum(region.size // flash.BLOCK_BYTES for region in regions if region.block_size)


def _region(number: RegionNumber, start: int, size: int, block_size: int, wipeable: bool, blank: int) -> Region:
    return Region(
        region=number,
        name=number.name.lower(),
        holds=RegionHolds[number.name],
        start=start,
        size=size,
        block_size=block_size,
        wipeable=wipeable,
        addressable=Addressable.YES,
        blank=blank,
    )


def _blocks(size: int) -> int:
    return -(-size // flash.BLOCK_BYTES)
