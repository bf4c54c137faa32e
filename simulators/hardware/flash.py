"""NOR flash in a file: a block is erased as a whole to 0xFF, programming only clears bits.

The file is the memory: what is in it is what a laboratory would read out of the chip, so anyone can search it with
``grep`` and ``xxd``. It is mapped, hence a ``kill -9`` of the simulator leaves it as a power cut leaves the chip.
"""

from __future__ import annotations

import mmap
from collections.abc import Callable
from pathlib import Path

from simulators.errors import SimulationError

BLOCK_BYTES = 4096
BLANK = 0xFF
BLANK_BLOCK = bytes([BLANK]) * BLOCK_BYTES


class Flash:
    """Flash memory in an image file.

    Args:
        path: The image; its size is a multiple of 4,096 bytes, at least one block.

    Raises:
        SimulationError: ``state-broken`` where the image is missing or has another size.
    """

    def __init__(self, path: Path) -> None:
        size = path.stat().st_size if path.is_file() else 0
        if size == 0 or size % BLOCK_BYTES:
            raise SimulationError("state-broken", file=path.name)
        with path.open("r+b") as image:
            self._cells = mmap.mmap(image.fileno(), size)
        self.size = size
        self.half_way: Callable[[], None] | None = None
        """Called in the middle of every change, where half of its bytes have changed; the power may go then."""

    @classmethod
    def create(cls, path: Path, blocks: int) -> Flash:
        """Make a blank image in the place of any that is there.

        Args:
            path: Where.
            blocks: Erase blocks of 4,096 bytes.
        """
        with path.open("wb") as image:
            for _ in range(blocks):
                image.write(BLANK_BLOCK)
        return cls(path)

    def read(self, offset: int, length: int) -> bytes:
        """Return ``length`` bytes from ``offset``.

        Raises:
            ValueError: The range leaves the chip.
        """
        self._check(offset, length)
        return self._cells[offset : offset + length]

    def program(self, offset: int, data: bytes) -> None:
        """Clear the bits that are 0 in ``data``; a bit that is 0 already stays 0, whatever ``data`` says.

        Raises:
            ValueError: The range leaves the chip.
        """
        self._check(offset, len(data))
        end = offset + len(data)
        old = self._cells[offset:end]
        if old.count(BLANK) != len(old):
            both = int.from_bytes(old, "big") & int.from_bytes(data, "big")
            data = both.to_bytes(len(old), "big")
        self._change(offset, data)

    def erase_block(self, block: int) -> None:
        """Set all bits of a block.

        Raises:
            ValueError: There is no such block.
        """
        self._check(block * BLOCK_BYTES, BLOCK_BYTES)
        self._change(block * BLOCK_BYTES, BLANK_BLOCK)

    def cut_while_erasing(self, block: int) -> None:
        """Leave a block as a power cut in the middle of its erasing does: half of it erased.

        Raises:
            ValueError: There is no such block.
        """
        self._check(block * BLOCK_BYTES, BLOCK_BYTES)
        half = BLOCK_BYTES // 2
        self._cells[block * BLOCK_BYTES : block * BLOCK_BYTES + half] = BLANK_BLOCK[:half]

    def flush(self) -> None:
        """Write to the disk what the file system still holds back."""
        self._cells.flush()

    def close(self) -> None:
        """Flush and let go of the image."""
        if not self._cells.closed:
            self._cells.flush()
            self._cells.close()

    def _change(self, offset: int, data: bytes) -> None:
        if self.half_way is None:
            self._cells[offset : offset + len(data)] = data
            return
        half = len(data) // 2
        self._cells[offset : offset + half] = data[:half]
        self.half_way()
        self._cells[offset + half : offset + len(data)] = data[half:]

    def _check(self, offset: int, length: int) -> None:
        if offset < 0 or length < 0 or offset + length > self.size:
            raise ValueError(f"{length} bytes at {offset} leave a flash of {self.size} bytes")
