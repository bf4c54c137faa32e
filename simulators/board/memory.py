"""All memory of the terminal by region: flash, key memory, and what of it may be read from outside."""

from __future__ import annotations

import hashlib
import hmac
from pathlib import Path

from protocols.terminal import Region
from simulators.board.layout import RegionNumber
from simulators.hardware.flash import BLANK, BLOCK_BYTES, Flash
from simulators.hardware.keystore import KeyStore

FLASH_FILE = "flash.img"
KEYS_FILE = "keys.bin"


class Memory:
    """The memory behind the regions.

    Args:
        folder: The state folder with the image of the flash and the key memory.
        regions: The memory map.
        hoarded: Blocks of the journal that a liar keeps, for want of any other place, whatever it says: it tells that
            they are blank, and has no room there for what they are to be filled with.

    Raises:
        SimulationError: ``state-broken`` where a file is missing or has another size.
    """

    def __init__(self, folder: Path, regions: tuple[Region, ...], hoarded: range = range(0)) -> None:
        self.flash = Flash(folder / FLASH_FILE)
        self.keys = KeyStore(folder / KEYS_FILE)
        self.regions = {region.region: region for region in regions}
        self._hoarded = hoarded
        self.discards_fill = False
        """True for a liar that keeps what it has, and nothing of what it is to be filled with."""

    def read(self, number: int, offset: int, length: int) -> bytes:
        """Return part of a region; offset and length lie inside it."""
        if number == RegionNumber.KEYS:
            return self.keys.read(offset, length)
        return self._told_blank(number, offset, self._raw(number, offset, length))

    def _raw(self, number: int, offset: int, length: int) -> bytes:
        return self.flash.read(self.regions[number].start + offset, length)

    def _told_blank(self, number: int, offset: int, content: bytes) -> bytes:
        if number != RegionNumber.JOURNAL or not self._hoarded:
            return content
        end = offset + len(content)
        first = min(max(self._hoarded.start * BLOCK_BYTES, offset), end)
        last = min(max(self._hoarded.stop * BLOCK_BYTES, first), end)
        return content[: first - offset] + bytes([BLANK]) * (last - first) + content[last - offset :]

    def digest(self, number: int) -> bytes:
        """Return the SHA-256 of the whole of a region."""
        return hashlib.sha256(self.read(number, 0, self.regions[number].size)).digest()

    def keyed_digest(self, number: int, offset: int, length: int, key: bytes) -> bytes:
        """Return HMAC-SHA-256 under ``key`` of part of a region."""
        return hmac.digest(key, self.read(number, offset, length), "sha256")

    def filled_digest(self, number: int, offset: int, length: int, key: bytes) -> bytes:
        """Return HMAC-SHA-256 under ``key`` of part of a flash region that was filled."""
        return hmac.digest(key, self._raw(number, offset, length), "sha256")

    def fill(self, number: int, offset: int, data: bytes) -> None:
        """Program bytes into a region, a block at a time."""
        for at in range(offset - offset % BLOCK_BYTES, offset + len(data), BLOCK_BYTES):
            start, end = max(at, offset), min(at + BLOCK_BYTES, offset + len(data))
            if not self.discards_fill and not self.hoards(number, at // BLOCK_BYTES):
                self.flash.program(self.regions[number].start + start, data[start - offset : end - offset])

    def hoards(self, number: int, block: int) -> bool:
        """Tell whether a block of a region is one that the liar keeps."""
        return number == RegionNumber.JOURNAL and block in self._hoarded

    def blocks(self, number: int) -> int:
        """Return how many erase blocks a region has."""
        return self.regions[number].size // BLOCK_BYTES

    def erase_block(self, number: int, block: int) -> None:
        """Erase one block of a region, counted from its start."""
        self.flash.erase_block(self.regions[number].start // BLOCK_BYTES + block)

    def cut_while_erasing(self, number: int, block: int) -> None:
        """Leave one block of a region half erased."""
        self.flash.cut_while_erasing(self.regions[number].start // BLOCK_BYTES + block)
