"""All memory of the terminal by region: flash, key memory, and what of it may be read from outside."""

from __future__ import annotations

import hashlib
import hmac
from pathlib import Path

from protocols.terminal import Region
from simulators.board.layout import RegionNumber
from simulators.hardware.flash import BLOCK_BYTES, Flash
from simulators.hardware.keystore import KeyStore

FLASH_FILE = "flash.img"
KEYS_FILE = "keys.bin"


class Memory:
    """The memory behind the regions.

    Args:
        folder: The state folder with the image of the flash and the key memory.
        regions: The memory map.

    Raises:
        SimulationError: ``state-broken`` where a file is missing or has another size.
    """

    def __init__(self, folder: Path, regions: tuple[Region, ...]) -> None:
        self.flash = Flash(folder / FLASH_FILE)
        self.keys = KeyStore(folder / KEYS_FILE)
        self.regions = {region.region: region for region in regions}

    def read(self, number: int, offset: int, length: int) -> bytes:
        """Return part of a region; offset and length lie inside it."""
        if number == RegionNumber.KEYS:
            return self.keys.read(offset, length)
        return self.flash.read(self.regions[number].start + offset, length)

    def digest(self, number: int) -> bytes:
        """Return the SHA-256 of the whole of a region."""
        return hashlib.sha256(self.read(number, 0, self.regions[number].size)).digest()

    def keyed_digest(self, number: int, offset: int, length: int, key: bytes) -> bytes:
        """Return HMAC-SHA-256 under ``key`` of part of a region."""
        return hmac.digest(key, self.read(number, offset, length), "sha256")

    def blocks(self, number: int) -> int:
        """Return how many erase blocks a region has."""
        return self.regions[number].size // BLOCK_BYTES

    def erase_block(self, number: int, block: int) -> None:
        """Erase one block of a region, counted from its start."""
        self.flash.erase_block(self.regions[number].start // BLOCK_BYTES + block)

    def cut_while_erasing(self, number: int, block: int) -> None:
        """Leave one block of a region half erased."""
        self.flash.cut_while_erasing(self.regions[number].start // BLOCK_BYTES + block)
