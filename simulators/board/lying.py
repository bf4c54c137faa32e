"""A terminal that lies: what it says of itself, its data and its wipe is bent here, after the honest board said it.

How much it erases stands in `simulators.board.wiping`, where it shows; how it misuses its line in
`simulators.pmp.lying`. What becomes of each is listed in ``firmware-notes/liars.md``.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

from protocols.eat import DEBUG_ENABLED, ClaimedRegion, TerminalClaims, oemid_of
from protocols.pmp.commands import EventId
from protocols.pmp.facts import Dataset, Phase
from protocols.pmp.records import parse_parameters
from protocols.terminal import Identity, KeySlot, Region, WipeProgress, WipeStatus
from protocols.words import KeyKind, KeyState, RegionResult, WipeState
from simulators.board import factory
from simulators.board.foreign import EndlessJournal, foreign_journal, foreign_parameters
from simulators.board.layout import RegionNumber
from simulators.board.model import BoardModel
from simulators.board.terminal import Board, Recorder
from simulators.board.wiping import NO_NONCE
from simulators.faults import EXPORT, WIPE, Fault, Faults
from simulators.hardware.firmware import measure
from simulators.hardware.identity import STRANGER, DeviceIdentity, make_identity
from simulators.pmp.device import DatasetView
from simulators.state import Blueprint

NEWS_SECONDS = 5.0
"""How often a wipe that gets nowhere, or never to its end, is told of."""

ENDLESS_BLOCKS = 1 << 30
OLD_NONCE = hashlib.sha256(b"posretire TEST nonce of an earlier case").digest()
SHRUNK_REGION = RegionNumber.RECEIPTS

LIES = frozenset(
    {
        Fault.ANSWERS_BLANK,
        Fault.DIGESTS_FROM_IMAGE,
        Fault.KEEPS_KEYS,
        Fault.WIPE_COUNT_STAYS,
        Fault.NEVER_FINISHES,
        Fault.STUCK_PROGRESS,
        Fault.ENDLESS_PROGRESS,
        Fault.MAP_LACKS_REGION,
        Fault.MAP_HALVES_REGION,
        Fault.REPLAYS_PRE,
        Fault.SWAP_KEY,
        Fault.LIES_IN_IDENTIFY,
        Fault.SWAPS_BETWEEN,
        Fault.OTHERS_JOURNAL,
        Fault.OTHERS_EXPORT,
        Fault.ENDLESS_JOURNAL,
        Fault.MAP_SHRINKS,
        Fault.REPLAYS_ATTESTATION,
        Fault.REBOOTS_AS_TWIN,
        Fault.CHANGES_TUSN,
        Fault.CHANGES_FIRMWARE,
        Fault.DEBUG_ENABLED,
        Fault.OTHERS_OEMID,
    }
)
"""Faults that are of a terminal that lies."""

_NO_END = (Fault.NEVER_FINISHES, Fault.STUCK_PROGRESS, Fault.ENDLESS_PROGRESS)


def start_board(
    model: BoardModel,
    folder: Path,
    blueprint: Blueprint,
    faults: Faults,
    block_seconds: float,
    record: Recorder,
    power_cut: Callable[[], None],
    options: Mapping[str, str] | None = None,
) -> Board:
    """Start a board from its folder: an honest one, or one that lies as its faults say.

    Args:
        model: See `simulators.board.terminal.Board`, as for all others.
        folder: The state folder.
        blueprint: What it was made from.
        faults: What is wrong with it.
        block_seconds: Time to erase one block of flash.
        record: Told what happened to it.
        power_cut: Called where the power goes.
        options: What the model was set up with.
    """
    kind = LyingBoard if any(fault in faults for fault in LIES) else Board
    return kind(model, folder, blueprint, faults, block_seconds, record, power_cut, options)


class LyingBoard(Board):
    """A terminal that lies; see `simulators.board.terminal.Board` for what it is made from."""

    def __init__(
        self,
        model: BoardModel,
        folder: Path,
        blueprint: Blueprint,
        faults: Faults,
        block_seconds: float,
        record: Recorder,
        power_cut: Callable[[], None],
        options: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(model, folder, blueprint, faults, block_seconds, record, power_cut, options)
        self._blueprint = blueprint
        own = self._identity.tusn
        twin = factory.identity_label(model, blueprint.seed, swapped=True) + " with the same serial number"
        self._same_number = make_identity(model.maker, own, twin)
        self._first_wipes = self._wiper.last.completed
        self._memory.discards_fill = Fault.ANSWERS_BLANK in faults
        self._reached: set[str] = set()
        self._attesting = False
        self._came_back = False
        self._first_token = b""
        self._moved = 0
        self._next_news: float | None = None
        self._map = tuple(self._bent(each) for each in self._map if not self._lacks(each))

    # ------------------------------------------------------------------ starting and time
    def boot(self) -> None:
        """Start; after its wipe, maybe as another one."""
        super().boot()
        self._came_back = self._wiper.last.state is WipeState.DONE

    def next_deadline(self) -> float | None:
        """Return when `advance` is wanted, or None."""
        if not self._endless:
            return super().next_deadline()
        deadlines = (self._console.next_deadline(), self._next_news)
        return min((each for each in deadlines if each is not None), default=None)

    def advance(self, now: float) -> None:
        """Erase the next blocks, or tell of it alone."""
        if not self._endless:
            super().advance(now)
            if "after" in self._faults.words(Fault.MAP_SHRINKS) and self._done:
                self._map = tuple(each for each in self._map if each.region != SHRUNK_REGION)
            return
        self._console.advance(now)
        self._report_screens()
        if self._next_news is not None and now >= self._next_news:
            self._next_news = now + NEWS_SECONDS
            self._moved += Fault.ENDLESS_PROGRESS in self._faults or not self._moved
            self._events.append((EventId.WIPE_PROGRESS, WipeProgress(1, self._moved, self._blocks_told)))

    # ------------------------------------------------------------------ what it tells of itself
    def identity(self) -> Identity:
        """Say who it is."""
        said = super().identity()
        if self._reached & set(self._faults.words(Fault.CHANGES_TUSN)):
            said = replace(said, tusn=self._other.tusn)
        return replace(said, wipe_count=self._wipes) if Fault.WIPE_COUNT_STAYS in self._faults else said

    def wipe_status(self) -> WipeStatus:
        """Say where the last wipe is."""
        said = replace(super().wipe_status(), wipe_count=self._wipes)
        if not self._endless or Fault.NEVER_FINISHES in self._faults:
            return said
        first, *rest = said.regions
        return replace(said, regions=(replace(first, blocks_done=self._moved, blocks_total=self._blocks_told), *rest))

    # ------------------------------------------------------------------ datasets, wipe and memory
    def open_dataset(self, dataset: Dataset) -> DatasetView:
        """Freeze a view of a dataset, maybe of another terminal's."""
        view = super().open_dataset(dataset)
        self._reach(EXPORT)
        if Fault.OTHERS_EXPORT in self._faults and dataset is Dataset.PARAMETERS:
            other = factory.other_merchant(self._tables, self._blueprint.seed)
            return foreign_parameters(parse_parameters(view.read(0, view.size)), other)
        if Fault.ENDLESS_JOURNAL in self._faults and dataset is Dataset.JOURNAL:
            return EndlessJournal(self._journal.view())
        others = Fault.OTHERS_EXPORT in self._faults or Fault.OTHERS_JOURNAL in self._faults
        return foreign_journal(self._blueprint) if others and dataset is Dataset.JOURNAL else view

    def start_wipe(self, token: bytes, now: float) -> None:
        """Start the prepared wipe."""
        super().start_wipe(token, now)
        self._reach(WIPE)
        self._next_news = None if Fault.NEVER_FINISHES in self._faults else now

    def read_memory(self, region: int, offset: int, length: int) -> bytes:
        """Return bytes of an erased region, or blank ones."""
        data = super().read_memory(region, offset, length)
        return self._blanks(region, length) if self._shows_blank(region) else data

    def memory_digest(self, region: int, offset: int, length: int, key: bytes) -> bytes:
        """Return a keyed digest of an erased region, or of blank memory."""
        digest = super().memory_digest(region, offset, length, key)
        blank = self._shows_blank(region) or Fault.DIGESTS_FROM_IMAGE in self._faults
        return hmac.digest(key, self._blanks(region, length), "sha256") if blank else digest

    def attest(self, phase: Phase, nonce: bytes, binding: bytes = b"") -> bytes:
        """Return a signed token, maybe one that was made for something else."""
        if self._at(phase, Fault.REPLAYS_ATTESTATION):
            nonce = OLD_NONCE
        if Fault.REPLAYS_PRE in self._faults and phase is Phase.POST:
            return self._first_token
        self._attesting = True
        try:
            token = super().attest(phase, nonce, binding)
        finally:
            self._attesting = False
        self._first_token = self._first_token or token
        return token

    # ------------------------------------------------------------------ helpers
    @property
    def _done(self) -> bool:
        return self._wiper.last.state is WipeState.DONE

    @property
    def _endless(self) -> bool:
        """True while a wipe runs that will never end."""
        return self._wiper.running and any(fault in self._faults for fault in _NO_END)

    @property
    def _blocks_told(self) -> int:
        return ENDLESS_BLOCKS if Fault.ENDLESS_PROGRESS in self._faults else self._wiper.last.total

    @property
    def _wipes(self) -> int:
        stays = Fault.WIPE_COUNT_STAYS in self._faults
        return self._first_wipes if stays else self._wiper.last.completed

    @property
    def _presented(self) -> DeviceIdentity:
        """The identity that it shows: its own, or that of a twin."""
        if self._done and Fault.SWAP_KEY in self._faults:
            return self._same_number
        if self._done and Fault.LIES_IN_IDENTIFY in self._faults and self._attesting:
            return self._other
        twins = self._faults.words(Fault.REBOOTS_AS_TWIN)
        if self._came_back and twins:
            return self._same_number if "key" in twins else self._other
        return super()._presented

    def _claims(self, phase: Phase, nonce: bytes, binding: bytes) -> TerminalClaims:
        claims = super()._claims(phase, nonce, binding)
        if Fault.CHANGES_FIRMWARE in self._faults and phase is Phase.POST:
            changed = [measure(m.maker, m.name, m.version, changed=True) for m in claims.measurements]
            claims = replace(claims, measurements=tuple(changed))
        if self._at(phase, Fault.DEBUG_ENABLED):
            claims = replace(claims, debug_status=DEBUG_ENABLED)
        if Fault.OTHERS_OEMID in self._faults:
            claims = replace(claims, oemid=oemid_of(STRANGER))
        if Fault.SWAPS_BETWEEN not in self._faults or phase is Phase.PRE:
            return claims
        # This one was never wiped, and says so: it does not lie, the other one has been shown in its place.
        regions = tuple(replace(each, result=RegionResult.NOT_ASKED, digest=b"") for each in claims.regions)
        idle = replace(claims, wipe_state=WipeState.IDLE, wipe_nonce=NO_NONCE, wipe_count=self._first_wipes)
        return replace(idle, regions=regions)

    def _claimed(self, region: Region, phase: Phase) -> ClaimedRegion:
        said = super()._claimed(region, phase)
        if said.digest and said.size != self._memory.regions[region.region].size:
            part = self._memory.read(region.region, 0, region.size)
            said = replace(said, digest=hashlib.sha256(part).digest())
        if said.digest and (self._shows_blank(region.region) or Fault.DIGESTS_FROM_IMAGE in self._faults):
            said = replace(said, digest=hashlib.sha256(self._blanks(region.region, region.size)).digest())
        return said

    def _key_slot(self, slot: int, kind: KeyKind) -> KeySlot:
        said = super()._key_slot(slot, kind)
        keys = self._memory.keys
        if Fault.KEEPS_KEYS in self._faults and keys.holds_key(slot):
            return replace(said, state=KeyState.LOADED, check_value=keys.check_value(slot))
        return said

    def _shows_blank(self, region: int) -> bool:
        """Tell whether blank memory is shown in the place of a region."""
        if region == RegionNumber.KEYS:
            return Fault.KEEPS_KEYS in self._faults or Fault.SWAPS_BETWEEN in self._faults
        return Fault.ANSWERS_BLANK in self._faults or Fault.SWAPS_BETWEEN in self._faults

    def _blanks(self, region: int, length: int) -> bytes:
        return bytes([self._memory.regions[region].blank]) * length

    def _at(self, phase: Phase, fault: Fault) -> bool:
        """Tell whether it has a fault at this attestation."""
        return ("before" if phase is Phase.PRE else "after") in self._faults.words(fault)

    def _lacks(self, region: Region) -> bool:
        return self._faults.number(Fault.MAP_LACKS_REGION) == region.region

    def _bent(self, region: Region) -> Region:
        halved = self._faults.number(Fault.MAP_HALVES_REGION) == region.region
        return replace(region, size=region.size // 2) if halved else region

    def _reach(self, moment: str) -> None:
        self._reached.add(moment)
        if moment == EXPORT and "before" in self._faults.words(Fault.MAP_SHRINKS):
            self._map = tuple(each for each in self._map if each.region != SHRUNK_REGION)
