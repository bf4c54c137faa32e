"""Small values that outlive every restart and every wipe: boot and wipe counts, attempts left, the last wipe.

They are kept in the system region as a log in which the latest value of a name counts. Two banks take turns: when one
is full, the present values are written to the other, sealed with the next generation, and only then is the old one
left alone. A power cut at any byte finds one sealed bank.
"""

from __future__ import annotations

from simulators.hardware.flash import BLOCK_BYTES, Flash
from simulators.hardware.record_log import LogFull, RecordLog

SEAL = 0xB0
BANKS = 2


class Counters:
    """Named values in the system region.

    Args:
        flash: The chip.
        start: First byte of the region, at the start of an erase block.
        size: Bytes of the region; two banks of whole blocks.
    """

    def __init__(self, flash: Flash, start: int, size: int) -> None:
        self._flash = flash
        self._bank_bytes = size // BANKS
        self._starts = [start + bank * self._bank_bytes for bank in range(BANKS)]
        self._values: dict[int, bytes] = {}
        self._bank = 0
        self._generation = 0
        self._load()

    def get(self, name: int) -> bytes | None:
        """Return the value of a name, 0 to 127, or None where it was never put."""
        return self._values.get(name)

    def put(self, name: int, value: bytes) -> None:
        """Keep a value; nothing is written where it is the present one."""
        if self._values.get(name) == value:
            return
        self._values[name] = value
        try:
            self._log(self._bank).append(name, value)
        except LogFull:
            self._compact()

    def number(self, name: int, default: int = 0) -> int:
        """Return a value as a number."""
        value = self.get(name)
        return default if value is None else int.from_bytes(value, "big")

    def put_number(self, name: int, number: int) -> None:
        """Keep a number of up to four bytes."""
        self.put(name, number.to_bytes(4, "big"))

    def _load(self) -> None:
        for bank in range(BANKS):
            records = list(self._log(bank).records())
            seals = [int.from_bytes(record.body, "big") for record in records if record.kind == SEAL]
            if seals and seals[0] > self._generation:
                self._generation, self._bank = seals[0], bank
                self._values = {record.kind: record.body for record in records if record.kind != SEAL}
        if not self._generation:
            self._bank = BANKS - 1
            self._compact()

    def _compact(self) -> None:
        self._bank = (self._bank + 1) % BANKS
        self._generation += 1
        first = self._starts[self._bank] // BLOCK_BYTES
        for block in range(first, first + self._bank_bytes // BLOCK_BYTES):
            self._flash.erase_block(block)
        log = self._log(self._bank)
        for name, value in self._values.items():
            log.append(name, value)
        log.append(SEAL, self._generation.to_bytes(4, "big"))

    def _log(self, bank: int) -> RecordLog:
        return RecordLog(self._flash, self._starts[bank], self._bank_bytes)
