"""A simulated terminal as a device: who it is, what state it is in, and what it does when it is asked."""

from __future__ import annotations

import hmac
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path

from protocols.eat import ClaimedRegion, TerminalClaims
from protocols.pmp.commands import EventId
from protocols.pmp.facts import Dataset, Phase, Refusal
from protocols.pmp.messages import FillErase, FillRegions, MemoryFill, WipePrepare, WipePrepared
from protocols.terminal import Binding, Identity, KeySlot, Peripheral, Region, Screen, Status, WipeStatus
from protocols.words import (
    BindingKind,
    BindingState,
    Key,
    KeyKind,
    KeyState,
    PowerSource,
    TamperState,
    Technique,
    WipeState,
)
from simulators.board import factory
from simulators.board.filling import Filler, Firmware
from simulators.board.journal import Journal, JournalView, MiscountedView
from simulators.board.layout import RegionNumber, journal_geometry, memory_map
from simulators.board.memory import Memory
from simulators.board.model import BoardModel
from simulators.board.parameters import Parameters
from simulators.board.receipts import Receipts
from simulators.board.unbinding import CODE_SECONDS, Unbinding
from simulators.board.wiping import Counter, Wiper
from simulators.faults import Fault, Faults
from simulators.hardware.attestation import sign_claims
from simulators.hardware.counters import Counters
from simulators.hardware.firmware import measure
from simulators.hardware.flash import BLOCK_BYTES
from simulators.hardware.identity import EXPIRED, STRANGER, DeviceIdentity, certify, load_identity, make_identity
from simulators.menus.console import Console
from simulators.menus.situation import ListedDevice, Situation
from simulators.pmp.claims import make_claims
from simulators.pmp.device import DatasetView, DeviceEvent, Refused
from simulators.power import Power, PowerPoint
from simulators.state import Blueprint

FULL_BATTERY = 90
LOWEST_BATTERY_FOR_WIPE = 30
CHECK_VALUE_BYTES = 3
IDENTITY_SLOT = 6

Recorder = Callable[..., None]


class Board:
    """A terminal in its state folder. `boot` has to be called before anything else.

    Args:
        model: Which model.
        folder: The state folder of a finished terminal.
        blueprint: What it was made from.
        faults: What is wrong with it.
        block_seconds: Time to erase one block of flash.
        record: Called with a word and facts for what happened to it.
        power_cut: Called where the power goes; does not return.
        options: What the model was set up with; see `simulators.board.model.BoardModel`.

    Raises:
        SimulationError: ``state-broken`` where a file is missing or damaged.
    """

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
        self._tables = model
        self._faults = faults
        self._block_seconds = block_seconds
        self._record = record
        self._map = memory_map(blueprint.transactions)
        geometry = journal_geometry(blueprint.transactions)
        kept = geometry.bodies_offset // BLOCK_BYTES
        hoarded = range(kept, kept + (faults.number(Fault.TOO_LITTLE_MEMORY) or 0))
        self._memory = Memory(folder, self._map, hoarded)
        if Fault.CUT_AT_WRITE in faults:
            self._memory.flash.half_way = partial(Power(faults, power_cut).passes, PowerPoint.IN_WRITE)
        self._identity = load_identity(folder / factory.IDENTITY_FILE)
        other = factory.tusn_of(model, blueprint.seed, swapped=True)
        self._other = make_identity(model.maker, other, factory.identity_label(model, blueprint.seed, swapped=True))
        chip, regions = self._memory.flash, self._memory.regions
        flash = Firmware(chip)
        system = regions[RegionNumber.SYSTEM]
        self._journal = Journal(flash, regions[RegionNumber.JOURNAL].start, geometry)
        self._parameters = Parameters(factory.region_log(flash, regions[RegionNumber.PARAMETERS]), model.peripherals)
        self._receipts = Receipts(factory.region_log(flash, regions[RegionNumber.RECEIPTS]))
        self._counters = Counters(chip, system.start, system.size)
        self._wiper = Wiper(self._memory, self._counters, faults, block_seconds, self._identity.secret, power_cut)
        flash.wiper = self._wiper
        self._filler = Filler(self._memory, self._wiper, self._counters, faults)
        own = ListedDevice(self._identity.tusn, model.own_label, is_terminal=True)
        peripherals = factory.peripheral_numbers(model, blueprint.seed).items()
        listed = tuple(ListedDevice(number, model.device_labels[name]) for name, number in peripherals)
        self._merchant = factory.seeded_merchant(model, blueprint.seed)
        self._unbinding = Unbinding(
            own.number,
            self._merchant.verification_code,
            0.0 if Fault.CODE_EXPIRED in faults else CODE_SECONDS,
            self._parameters,
            self._counters,
            self._journal,
            self._memory.keys,
            self._wiper,
            record,
        )
        chosen = {name: values[0] for name, values in model.options.items()} | dict(options or {})
        others = factory.look_alikes(own.number) if Fault.SEVERAL_DEVICES in faults else ()
        alike = tuple(ListedDevice(number, model.own_label, is_terminal=True) for number in others)
        situation = Situation(self._unbinding, (*alike, own, *listed), own, model.firmware_version, chosen)
        self._console = Console(model.menu, situation, faults, blueprint.seed, record)
        self._other_merchant = factory.other_merchant(model, blueprint.seed)
        self._events: list[DeviceEvent] = []

    # ------------------------------------------------------------------ starting and time
    @property
    def boot_id(self) -> int:
        """The number it drew at its last start; see `Device`."""
        drawn = hmac.digest(self._identity.secret, b"boot %d" % self._boots, "sha256")
        return int.from_bytes(drawn[:4], "big")

    def boot(self) -> None:
        """Start; see `Device`."""
        self._counters.put_number(Counter.BOOTS, self._boots + 1)
        self._wiper.restart()
        self._filler.forget()
        self._unbinding.restart()
        self._console.restart()
        if Fault.LOCKOUT_NEAR in self._faults:
            self._unbinding.use_up_attempts()
        if Fault.OTHER_MERCHANT in self._faults and self._unbinding.merchant_number == self._merchant.merchant_number:
            self._parameters.rebind({name: value for _, name, value in self._other_merchant.bindings})
        self._record("boot", boot_count=self._boots, last_wipe=self._wiper.last.state.name)

    def refuse_while_wiping(self) -> None:
        """Refuse with WRONG_STATE while a wipe runs."""
        if self._wiper.running:
            raise Refused(Refusal.WRONG_STATE, "wiping")

    def _refuse_while_filled(self) -> None:
        """Refuse what needs the merchant's data, or would write some, while the memory holds the agent's bytes."""
        if self._wiper.last.state is WipeState.FILLED:
            raise Refused(Refusal.WRONG_STATE, "filled")

    def next_deadline(self) -> float | None:
        """Return when `advance` is wanted, or None."""
        deadlines = (self._wiper.next_deadline(), self._console.next_deadline())
        return min((each for each in deadlines if each is not None), default=None)

    def advance(self, now: float) -> None:
        """Erase the next blocks, and take away what goes from the display by itself."""
        self._console.advance(now)
        self._report_screens()
        refilled = self._wiper.last.state is WipeState.FILLED
        reports = self._wiper.advance(now)
        self._events += [(EventId.WIPE_PROGRESS, report) for report in reports]
        if reports and self._wiper.last.state is WipeState.DONE:
            self._show_idle()
            self._record("fill-erase" if refilled else "wipe", outcome="DONE", blocks=self._wiper.last.done)

    def take_events(self) -> list[DeviceEvent]:
        """Return the events since the last call."""
        events, self._events = self._events, []
        return events

    def close(self) -> None:
        """Let go of the flash."""
        self._memory.flash.close()

    # ------------------------------------------------------------------ what it tells of itself
    def identity(self) -> Identity:
        """Say who it is."""
        device = self._presented
        return Identity(
            tusn=device.tusn,
            maker=self._tables.maker,
            model=self._model,
            hardware_version=self._tables.hardware_version,
            firmware_name=self._tables.firmware_name,
            firmware_version=self._tables.firmware_version,
            label_number=self._tables.label_number(device.tusn),
            boot_count=self._boots,
            wipe_count=self._wiper.last.completed,
            key_fingerprint=device.fingerprint,
        )

    def status(self) -> Status:
        """Say what state it is in."""
        battery = self._faults.number(Fault.LOW_BATTERY)
        unsettled = self._journal.unsettled()
        paper = Fault.PAPER_OUT not in self._faults
        return Status(
            tamper=TamperState.TAMPERED if self._tampered else TamperState.INTACT,
            power=PowerSource.MAINS if battery is None else PowerSource.BATTERY,
            battery_percent=FULL_BATTERY if battery is None else battery,
            paper=paper,
            debug_enabled=False,
            unsettled_count=unsettled.count,
            unsettled_amount=unsettled.amount,
            reversals_pending=0,
            password_attempts_left=self._unbinding.attempts_left,
            locked=self._unbinding.attempts_left == 0,
            peripherals=tuple(Peripheral(name, name != "printer" or paper) for name in self._tables.peripherals),
        )

    def bindings(self) -> tuple[Binding, ...]:
        """List its bindings."""
        return self._parameters.bindings()

    def key_slots(self) -> tuple[KeySlot, ...]:
        """List its key slots; the identity key is the one that survives a wipe."""
        slots = [self._key_slot(slot, kind) for slot, kind in factory.KEY_SLOTS.items()]
        check = self._presented.fingerprint[:CHECK_VALUE_BYTES]
        return (*slots, KeySlot(IDENTITY_SLOT, KeyKind.IDENTITY, KeyState.LOADED, True, False, check))

    def memory_map(self) -> tuple[Region, ...]:
        """List its regions."""
        return self._map

    def screen(self) -> Screen:
        """Return what the display shows."""
        self._refuse_without_remote()
        return self._console.reading()

    def press(self, keys: tuple[Key, ...], now: float) -> None:
        """Press keys together."""
        self._refuse_without_remote()
        self.refuse_while_wiping()
        self._refuse_while_filled()
        self._refuse_tampered()
        if not self._tables.menu.keyboard.issuperset(keys):
            raise Refused(Refusal.NO_SUCH_KEY)
        self._console.press(frozenset(keys), now)
        self._report_screens()

    def panel_screen(self) -> Screen:
        """Return what a person before the terminal sees."""
        return self._console.screen()

    def panel_press(self, keys: tuple[Key, ...], now: float) -> None:
        """Press keys together with one's own fingers."""
        self.refuse_while_wiping()
        self._refuse_while_filled()
        self._refuse_tampered()
        if not self._tables.menu.keyboard.issuperset(keys):
            raise Refused(Refusal.NO_SUCH_KEY)
        self._console.press(frozenset(keys), now, over_line=False)
        self._report_screens()

    # ------------------------------------------------------------------ datasets
    def open_dataset(self, dataset: Dataset) -> DatasetView:
        """Freeze a view of a dataset."""
        self._refuse_tampered()
        self.refuse_while_wiping()
        self._refuse_while_filled()
        if self._wiper.last.state is WipeState.INTERRUPTED:
            raise Refused(Refusal.WRONG_STATE, "wipe interrupted")
        if dataset is Dataset.PARAMETERS:
            return self._parameters.view()
        if dataset is Dataset.RECEIPTS:
            return self._receipts.view()
        return self._journal.view(MiscountedView if Fault.WRONG_TOTALS in self._faults else JournalView)

    # ------------------------------------------------------------------ wipe and memory
    def prepare_wipe(self, request: WipePrepare) -> WipePrepared:
        """Get ready for a wipe."""
        self.refuse_while_wiping()
        self._refuse_unfit()
        numbers = tuple(each.region for each in request.regions)
        flash = {region.region for region in self._map if region.wipeable and region.block_size}
        if request.technique is not Technique.BLOCK_ERASE or not (numbers or request.erase_keys):
            raise Refused(Refusal.BAD_REQUEST, "technique" if numbers else "nothing to erase")
        if not flash.issuperset(numbers) or len(set(numbers)) != len(numbers):
            raise Refused(Refusal.NO_SUCH_REGION)
        if any(each.kind is BindingKind.MERCHANT and each.state is BindingState.BOUND for each in self.bindings()):
            raise Refused(Refusal.STILL_BOUND)
        token, wipe = self._wiper.prepare(request.nonce, request.erase_keys, numbers)
        return WipePrepared(token, self._boots, wipe.total, int(wipe.total * self._block_seconds) + 1)

    def start_wipe(self, token: bytes, now: float) -> None:
        """Start the prepared wipe."""
        self.refuse_while_wiping()
        self._refuse_unfit()
        if not self._wiper.start(token, now):
            raise Refused(Refusal.NOT_PREPARED)
        self._filler.begin_wipe()
        self._show_idle()

    def wipe_status(self) -> WipeStatus:
        """Say where the last wipe is."""
        return self._wiper.status()

    def read_memory(self, region: int, offset: int, length: int) -> bytes:
        """Return bytes of an erased region."""
        self._check_range(region, offset, length)
        if not self._wiper.erased(region):
            raise Refused(Refusal.NOT_ERASED)
        return self._memory.read(region, offset, length)

    def memory_digest(self, region: int, offset: int, length: int, key: bytes) -> bytes:
        """Return a keyed digest. Of what was not erased it would let short secrets be guessed byte by byte."""
        self._check_range(region, offset, length)
        if self._filler.holds(region, offset, length):
            return self._filler.digest(region, offset, length, key)
        if not self._wiper.erased(region):
            raise Refused(Refusal.NOT_ERASED)
        return self._memory.keyed_digest(region, offset, length, key)

    def fill_regions(self) -> FillRegions:
        """Say which regions can be filled."""
        return self._filler.told()

    def fill_memory(self, request: MemoryFill) -> None:
        """Program the next bytes of a region that the last wipe erased."""
        self.refuse_while_wiping()
        self._refuse_unfit()
        self._filler.fill(request)

    def erase_fill(self, request: FillErase, now: float) -> None:
        """Begin to erase what was filled."""
        self._refuse_unfit()
        self._filler.erase(request, now)

    def attest(self, phase: Phase, nonce: bytes, binding: bytes = b"") -> bytes:
        """Return a signed token; see `Device`."""
        self.refuse_while_wiping()
        return sign_claims(self._presented, self._claims(phase, nonce, binding))

    def _claims(self, phase: Phase, nonce: bytes, binding: bytes) -> TerminalClaims:
        """Put together what it attests."""
        return make_claims(
            phase,
            nonce,
            self.identity(),
            self._wiper.status(started_only=True),
            self.key_slots(),
            self.bindings(),
            [self._claimed(region, phase) for region in self._map],
            self._journal.unsettled().count,
            binding,
            self._filler.answers,
            [measure(self._tables.maker, self._tables.firmware_name, self._tables.firmware_version)],
        )

    def channel_identity(self) -> DeviceIdentity:
        """Return key and certificate for private links; a fault may have given it a certificate that is none."""
        if Fault.TLS_OTHER_ROOT in self._faults:
            return certify(self._identity, STRANGER)
        if Fault.TLS_EXPIRED in self._faults:
            return certify(self._identity, self._tables.maker, not_after=EXPIRED)
        return self._identity

    # ------------------------------------------------------------------ helpers
    @property
    def _boots(self) -> int:
        return self._counters.number(Counter.BOOTS)

    @property
    def _tampered(self) -> bool:
        return Fault.TAMPER in self._faults

    @property
    def _model(self) -> str:
        return self._tables.unknown_name if Fault.UNKNOWN_MODEL in self._faults else self._tables.name

    @property
    def _presented(self) -> DeviceIdentity:
        """The identity that it shows: its own, unless it was swapped for another terminal during the wipe."""
        if Fault.SWAP_IDENTITY in self._faults and self._wiper.last.state is WipeState.DONE:
            return self._other
        return self._identity

    def _show_idle(self) -> None:
        self._console.show_idle()
        self._report_screens()

    def _report_screens(self) -> None:
        reports = self._console.take_reports()
        if self._tables.remote:
            self._events += [(EventId.SCREEN_CHANGED, screen) for screen in reports]

    def _key_slot(self, slot: int, kind: KeyKind) -> KeySlot:
        keys = self._memory.keys
        if self._wiper.keys_erased or not keys.holds_key(slot):
            return KeySlot(slot, kind, KeyState.ERASED, False, False, bytes(CHECK_VALUE_BYTES))
        return KeySlot(slot, kind, KeyState.LOADED, False, False, keys.check_value(slot))

    def _claimed(self, region: Region, phase: Phase) -> ClaimedRegion:
        wiped = self._wiper.last.state is not WipeState.IDLE  # before that a digest would tell of what it holds
        tells = phase is Phase.POST and region.wipeable and wiped
        digest = self._memory.digest(region.region) if tells else b""
        result = self._wiper.result(region.region)
        return ClaimedRegion(region.region, region.start, region.size, region.wipeable, result, digest)

    def _check_range(self, number: int, offset: int, length: int) -> None:
        self.refuse_while_wiping()
        region = self._memory.regions.get(number)
        if region is None:
            raise Refused(Refusal.NO_SUCH_REGION)
        if length == 0 or offset + length > region.size:
            raise Refused(Refusal.OUT_OF_RANGE)

    def _refuse_without_remote(self) -> None:
        if not self._tables.remote:
            raise Refused(Refusal.WRONG_STATE, "no remote screen")

    def _refuse_tampered(self) -> None:
        if self._tampered:
            raise Refused(Refusal.TAMPERED)

    def _refuse_unfit(self) -> None:
        """Refuse a wipe that could not be finished."""
        self._refuse_tampered()
        battery = self._faults.number(Fault.LOW_BATTERY)
        if battery is not None and battery < LOWEST_BATTERY_FOR_WIPE:
            raise Refused(Refusal.LOW_BATTERY, f"{battery}%")
