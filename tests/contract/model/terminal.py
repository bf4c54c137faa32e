"""A terminal in a few words, and everything that it would say about an agent that breaks an invariant.

It stands in for the driver: every call is a place where the line or the terminal may fail, in each of the ways that
matter to who asked. What it is told to do it does, also where a real one would refuse: the breach is written down.
"""

from __future__ import annotations

import hmac
from dataclasses import dataclass, field, replace
from types import SimpleNamespace

from agent.clearance import WipeClearance
from agent.drivers.base import PreparedWipe
from agent.errors import OutcomeUnknown, TerminalRefused
from agent.privacy import PLAIN
from agent.wipe.read_back import blank_digest
from protocols.errors import DeadlineExceeded, DeviceRefused, LinkLost, StateUnknown
from protocols.terminal import Binding, Identity, Region, RegionOutcome, Status, WipeProgress, WipeStatus
from protocols.words import (
    Addressable,
    BindingKind,
    BindingState,
    PowerSource,
    RegionHolds,
    RegionResult,
    TamperState,
    TransactionKind,
    WipeState,
)

TUSN, TWIN = "9999990200000007", "9999990200000008"
OLD, NEW = "999290054110001", "999290054110019"
SIZE = 64
REGIONS = (
    Region(1, "journal", RegionHolds.JOURNAL, 0, SIZE, SIZE, True, Addressable.YES, 0xFF),
    Region(5, "keys", RegionHolds.KEYS, SIZE, SIZE, 0, True, Addressable.YES, 0xFF),
)
NO_NONCE = bytes(32)


@dataclass
class Terminal:
    """What outlives a connection.

    ``unasked`` are the acts that were done since anybody was told how they stand: what is done again then is done
    blindly. ``harmed`` says that a fault in this history is none that a case must get over.
    """

    tusn: str = TUSN
    bound: str = OLD
    content: str = "full"
    """``full``, ``torn`` (a wipe began) or ``blank``."""
    told: str = ""
    """What it says of its content where that is not so."""
    wipe: WipeState = WipeState.IDLE
    nonce: bytes = NO_NONCE
    prepared: bytes | None = None
    boots: int = 1
    sales: tuple[str, ...] = ()
    filled: bytes = b""
    erasing: bool = False
    """True while what it was filled with is being erased."""
    unasked: frozenset[str] = frozenset()
    harmed: bool = False

    def key(self, ours: bytes | None) -> tuple:
        """Return what makes two of them the same; nonces and boots only as far as anybody compares them."""
        sales = self.sales[-2:]
        nonces = (self.nonce == ours, self.prepared is not None and self.prepared == ours, self.prepared is None)
        filling = bool(self.filled), self.erasing
        return self.bound, self.content, self.told, self.wipe, nonces, sales, filling, self.unasked, self.harmed

    def restart(self):
        self.boots += 1
        self.prepared, self.erasing = None, False
        if self.wipe is WipeState.RUNNING:
            self.wipe = WipeState.INTERRUPTED

    def finish(self, how="done"):
        """Let a running wipe come to its end."""
        self.wipe = WipeState.FAILED if how == "failed" else WipeState.DONE
        self.filled, self.erasing = b"", False
        if how == "done":
            self.content, self.told = "blank", ""
        elif how == "lies":
            self.told = "blank"

    @property
    def shown(self):
        return WipeState.PREPARED if self.prepared is not None else self.wipe


@dataclass
class ModelDriver:
    """A connection to a terminal: `agent.drivers.base.TerminalDriver` as far as the workflow uses it."""

    world: object
    terminal: Terminal
    family: str = "model"
    link: object = PLAIN
    lost: bool = False
    done: list = field(default_factory=list)

    # ------------------------------------------------------------------ asking
    def _ask(self, name, *more):
        """Ask something that changes nothing; say which of the other ways it went."""
        self._require_line()
        how = self.world.choose(name, ("ok", "lost", "refused", "slow", *more))
        if how == "lost":
            self._lose()
        if how == "refused":
            self.terminal.harmed = True
            raise DeviceRefused(name, 1, "REFUSED")
        if how == "slow":
            raise DeadlineExceeded(name, 1)
        return how

    def _require_line(self):
        self.world.require_life()
        if self.lost:
            raise LinkLost("model")

    def _lose(self):
        self.lost = True
        raise LinkLost("model")

    def identity(self):
        self._ask("IDENTIFY")
        at = self.terminal
        return Identity(at.tusn, "TEST", "haike-h60", "1", "fw", "1", "L1", at.boots, 0, at.tusn.encode() * 2)

    def status(self):
        self._ask("STATUS")
        return Status(TamperState.INTACT, PowerSource.MAINS, 100, True, False, 0, 0, 0, 5, False, ())

    def bindings(self):
        self._ask("BINDINGS")
        bound = self.terminal.bound
        self.terminal.unasked -= {"unbind" if bound == OLD else "bind" if not bound else ""}
        state = BindingState.BOUND if bound else BindingState.UNBOUND
        return (Binding(BindingKind.MERCHANT, state, "merchant_number", bound),)

    def key_slots(self):
        self._ask("KEY_SLOTS")
        return ()

    def memory_map(self):
        self._ask("MEMORY_MAP")
        return REGIONS

    def expect_datasets(self, _protocol):
        return None

    def open_journal(self):
        self._ask("DATASET_OPEN")
        sales = list(self.terminal.sales)
        return SimpleNamespace(records=len(sales), transactions=lambda: iter(map(_transaction, sales, range(99))))

    def attest(self, *, after_wipe, nonce):
        self._ask("ATTEST")
        at = self.terminal
        return f"{after_wipe} {nonce.hex()} {at.told or at.content} {'bound' if at.bound else 'unbound'}".encode()

    # ------------------------------------------------------------------ changing
    def commit(self, act, change):
        """Confirm something on its menu; the ways to fail are those of `agent.menu.runner`."""
        self._require_line()
        how = self.world.choose(f"commit {act}", ("ok", "refused", "before", "undone", "done", "asked-undone", "asked"))
        if how == "before":
            self._lose()
        if how == "refused":
            self.terminal.harmed = True
            raise TerminalRefused("wrong-password")
        self._check_changes(act)
        if act in self.terminal.unasked:
            self.world.breach("I3", f"{act} was confirmed again, and nobody had asked whether it was done")
        self.terminal.unasked |= {act}
        if how not in ("undone", "asked-undone"):
            change(self.terminal)
        if how in ("undone", "done"):
            self.lost = True
            raise OutcomeUnknown("menu-outcome-unknown")
        if how.startswith("asked"):
            self.terminal.unasked -= {act} if how == "asked-undone" else set()
            self.terminal.harmed |= how == "asked-undone"
            if how == "asked-undone":
                raise TerminalRefused("unbind-not-done")

    def prepare_wipe(self, plan):
        self._require_line()
        how = self.world.choose("WIPE_PREPARE", ("ok", "refused", "undone", "done"))
        if how == "refused" or self.terminal.wipe is WipeState.RUNNING:
            self.terminal.harmed = True
            raise DeviceRefused("WIPE_PREPARE", 1, "WRONG_STATE")
        if how != "undone":
            self.terminal.prepared = plan.nonce
        if how != "ok":
            self.lost = True
            raise StateUnknown("WIPE_PREPARE", LinkLost("model"))
        return PreparedWipe(b"token of %d" % self.terminal.boots, self.terminal.boots, 1, 1)

    def start_wipe(self, prepared, clearance, target):
        self._require_line()
        clearance.spend(target)
        self._check_clearance(clearance, target)
        how = self.world.choose("WIPE_START", ("ok", "refused", "undone", "done", "asked-undone", "asked"))
        at = self.terminal
        if how == "refused" or at.prepared is None or at.boots != prepared.boot_count:
            at.harmed = True
            raise DeviceRefused("WIPE_START", 1, "REFUSED")
        self._check_changes("wipe")
        if "wipe" in at.unasked:
            self.world.breach("I3", "the wipe was started again, and the terminal had not said that it is not done")
        at.unasked |= {"wipe"}
        if how not in ("undone", "asked-undone"):
            at.nonce, at.prepared, at.wipe, at.content, at.told = at.prepared, None, WipeState.RUNNING, "torn", ""
        if how != "ok":
            self.lost = how in ("undone", "done")
            raise StateUnknown("WIPE_START", LinkLost("model"))
        self.world.died_after("WIPE_START")

    def _check_clearance(self, clearance, target):
        at = self.terminal
        if type(clearance) is not WipeClearance or not clearance.spent:
            self.world.breach("I2", "WIPE_START without a clearance that it spends")
        if id(clearance) in map(id, self.done):
            self.world.breach("I2", "a clearance was used twice")
        self.done.append(clearance)
        if (target.tusn, target.boot_count, target.nonce) != (at.tusn, at.boots, at.prepared):
            self.world.breach("I2", "the clearance is not for what is being wiped")

    def _check_changes(self, act):
        if self.terminal.tusn != TUSN:
            self.world.breach("I9", f"{act} on another terminal than the one of the case")
        if not self.world.export_proven:
            self.world.breach("I1", f"{act} before the export was verified or waived")
        if act == "wipe" and self.terminal.bound == OLD:
            self.world.breach("I2", "the wipe was started while the terminal is bound")

    # ------------------------------------------------------------------ the wipe and what it left
    def wipe_status(self):
        self._ask("WIPE_STATUS")
        at = self.terminal
        if at.shown in (WipeState.IDLE, WipeState.PREPARED, WipeState.INTERRUPTED):
            at.unasked -= {"wipe"}
        blocks = int(at.wipe is WipeState.DONE)
        regions = (RegionOutcome(1, RegionResult.ERASED if blocks else RegionResult.RUNNING, blocks, 1),)
        nonce = at.prepared if at.prepared is not None else at.nonce
        return WipeStatus(at.shown, nonce, 0, bool(blocks), regions)

    def next_wipe_progress(self, timeout):
        self._require_line()
        self.world.steady += timeout
        if self.terminal.wipe is not WipeState.RUNNING and not self.terminal.erasing:
            return None
        if self.done and self.done[-1] == "stalled":
            return None
        how = self.world.choose("WIPE_PROGRESS", ("done", "lies", "failed", "stalled", "lost", "silent"))
        if how == "lost":
            self._lose()
        if how == "stalled":
            self.done.append("stalled")
            return None
        self.terminal.harmed |= how in ("lies", "failed")
        self.terminal.finish("done" if how == "silent" else how)
        return None if how == "silent" else WipeProgress(1, 1, 1)

    # ------------------------------------------------------------------ the proof of erasure
    def fillable_regions(self):
        self._ask("FILL_REGIONS")
        return (REGIONS[0].region,)

    def fill_memory(self, nonce, region, size, content, progress):
        def fill(at):
            at.wipe, at.content, at.told, at.filled = WipeState.FILLED, "filled", "", content(size)

        self._write("MEMORY_FILL", nonce, fill)
        progress(size)

    def erase_fill(self, nonce):
        self._write("FILL_ERASE", nonce, lambda at: setattr(at, "erasing", at.wipe is WipeState.FILLED))

    def _write(self, name, nonce, change):
        """Do what only a wiped terminal does, and only under the nonce of its wipe; done twice it does no harm."""
        self._require_line()
        how = self.world.choose(name, ("ok", "refused", "undone", "done"))
        at = self.terminal
        if how == "refused" or at.nonce != nonce or at.wipe not in (WipeState.DONE, WipeState.FILLED):
            at.harmed = True
            raise DeviceRefused(name, 1, "REFUSED")
        if at.tusn != TUSN:
            self.world.breach("I9", f"{name} on another terminal than the one of the case")
        if how != "undone":
            change(at)
        if how != "ok":
            self.lost = True
            raise StateUnknown(name, LinkLost("model"))
        self.world.died_after(name)

    def read_memory(self, region, offset, length):
        self._ask("MEMORY_READ")
        return (b"\xff" if self.terminal.content == "blank" else b"\x00") * length

    def memory_digest(self, region, offset, length, key):
        self._ask("MEMORY_DIGEST")
        at = next(each for each in REGIONS if each.region == region)
        if self.terminal.filled and at.block_size:
            return hmac.digest(key, self.terminal.filled, "sha256")
        return blank_digest(key, at if "blank" in (self.terminal.content, self.terminal.told) else replace(at, blank=0))


def _transaction(kind, at):
    word = TransactionKind.SALE if kind == "sale" else TransactionKind.REVERSAL
    return SimpleNamespace(kind=word, trace=at, original_trace=at - 1, amount=1, currency="156", time="")
