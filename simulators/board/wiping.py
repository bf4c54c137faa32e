"""The wipe of a terminal: prepared, started, block after block, and remembered through a power cut.

How it stands is kept in the counters, which no wipe touches: written before the first key is erased, then as it goes
on. What a restart finds still running has been interrupted.
"""

from __future__ import annotations

import hmac
import math
import struct
from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import IntEnum

from protocols.terminal import RegionOutcome, WipeProgress, WipeStatus
from protocols.words import RegionResult, WipeState
from simulators.board.layout import RegionNumber
from simulators.board.memory import Memory
from simulators.faults import Fault, Faults
from simulators.hardware.counters import Counters

NONCE_BYTES = 32
TOKEN_BYTES = 16
PROGRESS_INTERVAL = 0.05
STEP_SECONDS = 0.01
LONGEST_STEP = 1.0
MOST_BLOCKS_A_STEP = 64
NO_NONCE = bytes(NONCE_BYTES)
ERASING_NOTHING = (Fault.DIGESTS_FROM_IMAGE, Fault.ANSWERS_BLANK, Fault.SWAPS_BETWEEN)
"""Faults under which no block of flash is erased."""

_KEPT = struct.Struct(">BBB32sI")
_KEPT_REGION = struct.Struct(">BBII")


class Counter(IntEnum):
    """Names of the values in the system region."""

    BOOTS = 1
    FAILED_ATTEMPTS = 3
    LAST_WIPE = 4
    DRAWN_TOKENS = 5
    ANSWERS = 6


@dataclass(frozen=True)
class Wipe:
    """A wipe and how far it came.

    Args:
        state: Where it is.
        nonce: What it was prepared with.
        erase_keys: Whether the key memory is erased first.
        keys_erased: Whether that is done.
        regions: The regions in their order.
        completed: How many wipes the terminal has completed, this one included; kept with the rest, so that no power
            cut comes between a wipe that is done and one that counts.
    """

    state: WipeState = WipeState.IDLE
    nonce: bytes = NO_NONCE
    erase_keys: bool = False
    keys_erased: bool = False
    regions: tuple[RegionOutcome, ...] = ()
    completed: int = 0

    @property
    def total(self) -> int:
        """Erase blocks of the whole wipe."""
        return sum(region.blocks_total for region in self.regions)

    @property
    def done(self) -> int:
        """Erase blocks done."""
        return sum(region.blocks_done for region in self.regions)

    def packed(self) -> bytes:
        """Return it as it is kept in the counters."""
        head = _KEPT.pack(self.state, self.erase_keys, self.keys_erased, self.nonce, self.completed)
        return head + b"".join(
            _KEPT_REGION.pack(each.region, each.result, each.blocks_done, each.blocks_total) for each in self.regions
        )

    @classmethod
    def unpacked(cls, data: bytes) -> Wipe:
        """Read what `packed` wrote."""
        state, erase_keys, keys_erased, nonce, completed = _KEPT.unpack_from(data)
        rows = _KEPT_REGION.iter_unpack(data[_KEPT.size :])
        regions = tuple(
            RegionOutcome(region, RegionResult(result), done, total) for region, result, done, total in rows
        )
        return cls(WipeState(state), nonce, bool(erase_keys), bool(keys_erased), regions, completed)


class Wiper:
    """Wipes the memory in the time that the flash takes.

    Args:
        memory: The memory.
        counters: What outlives the wipe.
        faults: The terminal's faults.
        block_seconds: Time to erase one block.
        secret: 32 bytes that only this device has, for its tokens.
        power_cut: Called where the power goes; does not return.
    """

    def __init__(
        self,
        memory: Memory,
        counters: Counters,
        faults: Faults,
        block_seconds: float,
        secret: bytes,
        power_cut: Callable[[], None],
    ) -> None:
        self._memory = memory
        self._counters = counters
        self._faults = faults
        self._block_seconds = block_seconds
        self._secret = secret
        self._power_cut = power_cut
        self._prepared: tuple[bytes, Wipe] | None = None
        self._started_at = 0.0
        self._next_step = 0.0
        self._next_report = 0.0
        self._done_before = 0
        self._erases_again = False
        kept = counters.get(Counter.LAST_WIPE)
        self.last = Wipe() if kept is None else Wipe.unpacked(kept)

    @property
    def running(self) -> bool:
        """True while blocks are being erased."""
        return self.last.state is WipeState.RUNNING or self._erases_again

    def restart(self) -> None:
        """Forget what was only prepared, and find out that a wipe which was under way has been interrupted."""
        self._prepared = None
        self._erases_again = False
        if self.last.state is WipeState.FILLED:
            self._keep(replace(self.last, regions=tuple(map(_waiting, self.last.regions))))
        if self.last.state is WipeState.RUNNING:
            regions = tuple(
                replace(each, result=RegionResult.FAILED) if each.result is RegionResult.RUNNING else each
                for each in self.last.regions
            )
            self._keep(replace(self.last, state=WipeState.INTERRUPTED, regions=regions))

    def prepare(self, nonce: bytes, erase_keys: bool, regions: tuple[int, ...]) -> tuple[bytes, Wipe]:
        """Draw a token for a wipe; an earlier one is worth nothing any more.

        Args:
            nonce: 32 bytes.
            erase_keys: Whether the key memory is erased first.
            regions: Flash regions, in their order.

        Returns:
            The token of 16 bytes, and the wipe.
        """
        drawn = self._counters.number(Counter.DRAWN_TOKENS) + 1
        self._counters.put_number(Counter.DRAWN_TOKENS, drawn)
        token = hmac.digest(self._secret, b"wipe token %d" % drawn + nonce, "sha256")[:TOKEN_BYTES]
        outcomes = tuple(
            RegionOutcome(number, RegionResult.WAITING, 0, self._memory.blocks(number)) for number in regions
        )
        wipe = Wipe(WipeState.PREPARED, nonce, erase_keys, regions=outcomes, completed=self.last.completed)
        self._prepared = token, wipe
        return token, wipe

    def start(self, token: bytes, now: float) -> bool:
        """Start the prepared wipe; its token is used up.

        Returns:
            False where the token is not that of a prepared wipe.
        """
        if self._prepared is None or not hmac.compare_digest(self._prepared[0], token):
            return False
        wipe, self._prepared = self._prepared[1], None
        self._keep(replace(wipe, state=WipeState.RUNNING))
        self._go(now)
        return True

    def give_up_region(self, number: int) -> None:
        """Note that a region which was erased is not empty any more, before anything is written into it."""
        regions = tuple(
            replace(each, result=RegionResult.WAITING, blocks_done=0) if each.region == number else each
            for each in self.last.regions
        )
        self._prepared = None
        self._keep(replace(self.last, state=WipeState.FILLED, regions=regions))

    def erase_given_up(self, now: float) -> None:
        """Begin to erase the regions that were given up; where that runs already, it goes on."""
        if not self._erases_again:
            self._erases_again = True
            self._go(now)

    def _go(self, now: float) -> None:
        self._done_before = self.last.done
        self._started_at = self._next_step = self._next_report = now

    def status(self, *, started_only: bool = False) -> WipeStatus:
        """Say where the last wipe is.

        Args:
            started_only: Leave out one that is only prepared.
        """
        wipe = self.last if self._prepared is None or started_only else self._prepared[1]
        return WipeStatus(wipe.state, wipe.nonce, self.last.completed, self.keys_erased, wipe.regions)

    @property
    def keys_erased(self) -> bool:
        """True once the key memory is empty, as far as the terminal says."""
        return self.last.keys_erased or not self._memory.keys.any_key

    def erased(self, number: int) -> bool:
        """Tell whether the last wipe erased a region, as far as the terminal says."""
        return self.result(number) is RegionResult.ERASED

    def result(self, number: int) -> RegionResult:
        """Say what became of a region in the last wipe."""
        if number == RegionNumber.KEYS:
            if self.keys_erased:
                return RegionResult.ERASED
            return RegionResult.WAITING if self.last.erase_keys else RegionResult.NOT_ASKED
        results = {each.region: each.result for each in self.last.regions}
        return results.get(number, RegionResult.NOT_ASKED)

    def next_deadline(self) -> float | None:
        """Return when `advance` is wanted, or None."""
        return self._next_step if self.running else None

    def advance(self, now: float) -> list[WipeProgress]:
        """Erase the blocks whose time has come.

        Returns:
            What is to be reported, at most about twenty times a second.
        """
        if not self.running or now < self._next_step:
            return []
        self._next_step = now + min(max(STEP_SECONDS, self._block_seconds), LONGEST_STEP)
        if self.last.erase_keys and not self.last.keys_erased:
            self._erase_keys()
            self._keep(replace(self.last, keys_erased=True))
            return [WipeProgress(0, 0, self.last.total)]
        at_work = self._erase_due(now)
        if self.last.done < self.last.total and now < self._next_report:
            return []
        self._next_report = now + PROGRESS_INTERVAL
        if self.last.done == self.last.total:
            completed = self.last.completed + (not self._erases_again)
            self._erases_again = False
            self.last = replace(self.last, state=WipeState.DONE, completed=completed)
        self._keep(self.last)
        return [WipeProgress(at_work, self.last.done, self.last.total)]

    def _erase_due(self, now: float) -> int:
        """Erase what is due and return the number of the region at work."""
        due = self.last.total
        if self._block_seconds > 0:
            due = min(due, self._done_before + math.floor((now - self._started_at) / self._block_seconds))
        due = min(due, self.last.done + MOST_BLOCKS_A_STEP)
        at_work = self.last.regions[-1].region if self.last.regions else 0
        while self.last.done < due:
            at_work = self._erase_next()
        return at_work

    def _erase_next(self) -> int:
        regions = list(self.last.regions)
        place = next(at for at, each in enumerate(regions) if each.blocks_done < each.blocks_total)
        region = regions[place]
        if region.blocks_done == 0:
            self._keep(replace(self.last, regions=_put(regions, place, replace(region, result=RegionResult.RUNNING))))
        if self._faults.number(Fault.CUT_AT_BLOCK) == self.last.done:
            self._memory.cut_while_erasing(region.region, region.blocks_done)
            self._power_cut()
        kept = self._skips(region.region) or self._spares(region)
        if not kept and not self._memory.hoards(region.region, region.blocks_done):
            self._memory.erase_block(region.region, region.blocks_done)
        done = region.blocks_done + 1
        result = RegionResult.ERASED if done == region.blocks_total else RegionResult.RUNNING
        outcome = replace(region, result=result, blocks_done=done)
        self.last = replace(self.last, regions=_put(regions, place, outcome))
        return region.region

    def _erase_keys(self) -> None:
        if not self._skips(RegionNumber.KEYS):
            self._memory.keys.erase()

    def _skips(self, number: int) -> bool:
        if number == RegionNumber.KEYS and (Fault.KEEPS_KEYS in self._faults or Fault.SWAPS_BETWEEN in self._faults):
            return True
        return Fault.LIES_ABOUT_WIPE in self._faults or self._faults.number(Fault.SKIPS_REGION) == number

    def _spares(self, region: RegionOutcome) -> bool:
        """Tell whether the next block of a region is left as it is, although the region is not skipped as a whole."""
        half = region.blocks_total // 2
        return (
            (Fault.ERASES_HEADERS in self._faults and region.blocks_done > 0)
            or any(fault in self._faults for fault in ERASING_NOTHING)
            or (self._faults.number(Fault.MAP_HALVES_REGION) == region.region and region.blocks_done >= half)
        )

    def _keep(self, wipe: Wipe) -> None:
        self.last = wipe
        self._counters.put(Counter.LAST_WIPE, wipe.packed())


def _waiting(region: RegionOutcome) -> RegionOutcome:
    """Return what a restart makes of a region whose erasing it found under way."""
    if region.result is RegionResult.ERASED:
        return region
    return replace(region, result=RegionResult.WAITING, blocks_done=0)


def _put(regions: list[RegionOutcome], place: int, outcome: RegionOutcome) -> tuple[RegionOutcome, ...]:
    return (*regions[:place], outcome, *regions[place + 1 :])
