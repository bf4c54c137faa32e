"""Filling of wiped regions with the agent's bytes, and what the firmware sees of the flash meanwhile.

How far each region is filled is kept in working memory alone: a restart ends the filling, and what was filled waits for
its erasing.
"""

from __future__ import annotations

import struct

from protocols.eat import ClaimedAnswer
from protocols.pmp.facts import Refusal
from protocols.pmp.layouts import MAX_FILL
from protocols.pmp.messages import FillErase, FillRegions, MemoryFill, RegionNumber
from protocols.words import WipeState
from simulators.board.memory import Memory
from simulators.board.wiping import Counter, Wiper
from simulators.faults import Fault, Faults
from simulators.hardware.counters import Counters
from simulators.hardware.flash import BLANK, Flash
from simulators.pmp.device import Refused

_KEPT = struct.Struct(">B32s32s")


class Firmware(Flash):
    """The flash as the firmware reads its records: blank while it holds bytes of the agent's, which are none.

    Args:
        flash: The chip.
    """

    def __init__(self, flash: Flash) -> None:
        self._chip = flash
        self.size = flash.size
        self.wiper: Wiper | None = None

    def read(self, offset: int, length: int) -> bytes:
        """Return ``length`` bytes from ``offset``, or as many blank ones."""
        content = self._chip.read(offset, length)
        filled = self.wiper is not None and self.wiper.last.state is WipeState.FILLED
        return bytes([BLANK]) * length if filled else content

    def program(self, offset: int, data: bytes) -> None:
        """Clear bits; see `Flash.program`."""
        self._chip.program(offset, data)


class Filler:
    """Fills regions, each in order from its start.

    Args:
        memory: The memory.
        wiper: What erased the regions, and erases them again.
        counters: What outlives the wipe, the answers among it.
        faults: The terminal's faults.
    """

    def __init__(self, memory: Memory, wiper: Wiper, counters: Counters, faults: Faults) -> None:
        self._counters = counters
        self._memory = memory
        self._wiper = wiper
        self._unknown = Fault.NO_FILL in faults
        self._left = faults.number(Fault.FILL_REFUSED)
        self._filled: dict[int, int] = {}

    def forget(self) -> None:
        """Forget how far each region is filled, as a restart does."""
        self._filled = {}

    def begin_wipe(self) -> None:
        """Forget all of it: another wipe begins."""
        self.forget()
        self._counters.put(Counter.ANSWERS, b"")

    def told(self) -> FillRegions:
        """Say which regions can be filled.

        Raises:
            Refused: It knows no filling.
        """
        self._require_known()
        return FillRegions(MAX_FILL, tuple(RegionNumber(each) for each in self._fillable))

    @property
    def _fillable(self) -> list[int]:
        return sorted(each.region for each in self._memory.regions.values() if each.wipeable and each.block_size)

    def fill(self, request: MemoryFill) -> None:
        """Program the next bytes of a region.

        Raises:
            Refused: There is no wipe under this nonce, the region is none that it erased, or these are not the next
                bytes of it.
        """
        number, size = request.region, len(request.data)
        self._require_wipe(request.nonce)
        if self._wiper.last.state is WipeState.FILLED and not self._filled:
            raise Refused(Refusal.WRONG_STATE, "filling broke off")
        if number not in self._fillable:
            raise Refused(Refusal.NO_SUCH_REGION)
        if number not in self._filled and not self._wiper.erased(number):
            raise Refused(Refusal.NOT_ERASED)
        if size > MAX_FILL:
            raise Refused(Refusal.BAD_REQUEST, "length")
        at = self._filled.get(number, 0)
        if request.offset != at or at + size > self._memory.regions[number].size:
            raise Refused(Refusal.OUT_OF_RANGE)
        if not self._filled:
            self._counters.put(Counter.ANSWERS, b"")
        if number not in self._filled:
            self._wiper.give_up_region(number)
        if self._left is not None:
            if self._left == 0:
                raise Refused(Refusal.WRONG_STATE, "no more")
            self._left -= 1
        self._memory.fill(number, at, request.data)
        self._filled[number] = at + size

    def holds(self, number: int, offset: int, length: int) -> bool:
        """Tell whether bytes of a region are filled."""
        return offset + length <= self._filled.get(number, 0)

    def digest(self, number: int, offset: int, length: int, key: bytes) -> bytes:
        """Return the keyed digest of bytes that `holds` tells of; that of a whole region is kept, to be attested."""
        digest = self._memory.filled_digest(number, offset, length, key)
        if length == self._memory.regions[number].size:
            others = [each for each in self.answers if each.region != number]
            kept = [*others, ClaimedAnswer(number, key, digest)]
            rows = sorted((each.region, each.key, each.digest) for each in kept)
            self._counters.put(Counter.ANSWERS, b"".join(_KEPT.pack(*row) for row in rows))
        return digest

    @property
    def answers(self) -> tuple[ClaimedAnswer, ...]:
        """What each region answered last, of those that were filled since the last wipe."""
        kept = self._counters.get(Counter.ANSWERS) or b""
        return tuple(ClaimedAnswer(*row) for row in _KEPT.iter_unpack(kept))

    def erase(self, request: FillErase, now: float) -> None:
        """Begin to erase what was filled; where nothing is, there is nothing to do.

        Raises:
            Refused: There is no wipe under this nonce.
        """
        self._require_wipe(request.nonce)
        self._filled = {}
        if self._wiper.last.state is WipeState.FILLED:
            self._wiper.erase_given_up(now)

    def _require_known(self) -> None:
        if self._unknown:
            raise Refused(Refusal.UNKNOWN_COMMAND)

    def _require_wipe(self, nonce: bytes) -> None:
        self._require_known()
        if self._wiper.last.state not in (WipeState.DONE, WipeState.FILLED):
            raise Refused(Refusal.WRONG_STATE, "not wiped")
        if self._wiper.last.nonce != nonce:
            raise Refused(Refusal.NOT_PREPARED)
