"""Battery-backed key memory in a file of its own: gone in an instant, all zeros once it is erased."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.cmac import CMAC

from protocols.words import KeyKind
from simulators.errors import SimulationError

SLOTS = 8
SLOT_BYTES = 64
SIZE = SLOTS * SLOT_BYTES
BLANK = 0x00
CHECK_VALUE_BYTES = 3


class KeyStore:
    """Key slots 1 to 8 of 64 bytes: kind, length of the key, the key, zeros.

    Args:
        path: The file, 512 bytes.

    Raises:
        SimulationError: ``state-broken`` where the file is missing or has another size.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        if not path.is_file() or path.stat().st_size != SIZE:
            raise SimulationError("state-broken", file=path.name)

    @classmethod
    def create(cls, path: Path, keys: Mapping[int, tuple[KeyKind, bytes]]) -> KeyStore:
        """Make a key memory in the place of any that is there.

        Args:
            path: Where.
            keys: AES keys of 16 to 32 bytes by slot, each with what it is for.
        """
        cells = bytearray(SIZE)
        for slot, (kind, key) in keys.items():
            entry = bytes([kind, len(key)]) + key
            cells[(slot - 1) * SLOT_BYTES : (slot - 1) * SLOT_BYTES + len(entry)] = entry
        _write(path, bytes(cells))
        return cls(path)

    def holds_key(self, slot: int) -> bool:
        """Tell whether there is a key in a slot."""
        return bool(self._key(slot))

    @property
    def any_key(self) -> bool:
        """True while anything is in the key memory."""
        return any(self.read(0, SIZE))

    def check_value(self, slot: int) -> bytes:
        """Return the key check value: the first 3 bytes of the AES-CMAC of a zero block; zeros for an empty slot."""
        key = self._key(slot)
        if not key:
            return bytes(CHECK_VALUE_BYTES)
        mac = CMAC(AES(key))
        mac.update(bytes(16))
        return mac.finalize()[:CHECK_VALUE_BYTES]

    def erase(self) -> None:
        """Take the battery off the key memory."""
        _write(self._path, bytes(SIZE))

    def read(self, offset: int, length: int) -> bytes:
        """Return bytes of the key memory, fewer where it ends."""
        return self._path.read_bytes()[offset : offset + length]

    def _key(self, slot: int) -> bytes:
        entry = self.read((slot - 1) * SLOT_BYTES, SLOT_BYTES)
        return entry[2 : 2 + entry[1]]


def _write(path: Path, cells: bytes) -> None:
    """Write over the file in place: a new file would leave the old keys on the disk."""
    with path.open("r+b" if path.exists() else "wb") as memory:
        memory.write(cells)
        memory.truncate()
        memory.flush()
        os.fsync(memory.fileno())
