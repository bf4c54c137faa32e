"""What an inspection shows: everything a terminal says of itself, masked, and what stands out."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum
from typing import TYPE_CHECKING

from agent.cli.masking import masked_binding
from agent.drivers.base import TerminalDriver
from agent.privacy import PLAIN, LinkFacts
from protocols.terminal import Binding, Identity, KeySlot, Region, Status
from protocols.words import Addressable, BindingState, KeyKind, KeyState, PowerSource, TamperState

if TYPE_CHECKING:
    from agent.evidence.trust.store import TrustStore

LOW_BATTERY_PERCENT = 20
"""The default policy's limit; a case's own policy decides."""

Found = dict[str, object]


@dataclass(frozen=True)
class Genuine:
    """Whether the terminal proved with its own key that it is the one it says.

    Args:
        state: ``yes``, ``no`` or ``unknown`` (nobody is trusted here who could vouch for it).
        maker: Name of the maker's root, where it is genuine.
        why: Stable name of what is wrong or missing, where it is not.
    """

    state: str
    maker: str = ""
    why: str = ""


@dataclass(frozen=True)
class InspectionReport:
    """One terminal as it presents itself.

    Args:
        target: Where it was found.
        family: The protocol it speaks.
        identity: Who it is.
        status: The state it is in.
        bindings: Its bindings.
        key_slots: Its key slots.
        regions: Its memory map.
        profile_known: Whether there is a profile of its model.
        genuine: Whether it proved who it is.
        baud: Bits per second that the line was opened with or found to have; None where it has no speed of its own.
        link: How private the link is.
        downgraded: Whether it is plain although the profile says that it can be private.
    """

    target: str
    family: str
    identity: Identity
    status: Status
    bindings: tuple[Binding, ...]
    key_slots: tuple[KeySlot, ...]
    regions: tuple[Region, ...]
    profile_known: bool
    genuine: Genuine
    baud: int | None = None
    link: LinkFacts = PLAIN
    downgraded: bool = False

    def findings(self) -> Iterator[Found]:
        """Yield what stands out, as the workflow's findings are written."""
        status = self.status
        if not self.link.private:
            yield _found("link-downgraded" if self.downgraded else "link-plain")
        if not self.profile_known:
            yield _found("profile-unknown", model=self.identity.model)
        if self.genuine.state == "no":
            yield _found("not-genuine", why=self.genuine.why)
        if self.genuine.state == "unknown":
            yield _found("maker-not-trusted", maker=self.identity.maker)
        if status.tamper is not TamperState.INTACT:
            yield _found("tamper", state=word(status.tamper))
        if status.debug_enabled:
            yield _found("debug-enabled")
        if status.power is PowerSource.BATTERY and status.battery_percent < LOW_BATTERY_PERCENT:
            yield _found("battery-low", percent=status.battery_percent)
        if status.unsettled_count:
            yield _found("batch-unsettled", count=status.unsettled_count, amount=money(status.unsettled_amount))
        if status.reversals_pending:
            yield _found("reversals-pending", count=status.reversals_pending)
        if status.locked:
            yield _found("password-locked")
        elif status.password_attempts_left < 2:
            yield _found("attempts-low", left=status.password_attempts_left)
        if not self.identity.tusn.endswith(self.identity.label_number.rpartition("-")[2]):
            yield _found("label-differs", label=self.identity.label_number, tusn=self.identity.tusn)
        for slot in self.key_slots:
            if slot.escrowed and slot.state is KeyState.LOADED:
                yield _found("key-escrowed", slot=slot.slot)
            if slot.survives_wipe and slot.kind is not KeyKind.IDENTITY:
                yield _found("key-survives", slot=slot.slot)
        for region in self.regions:
            if region.wipeable and region.addressable is not Addressable.YES:
                yield _found("region-not-addressable", region=region.name, addressable=word(region.addressable))

    def as_json(self) -> dict[str, object]:
        """Return the document for ``--json``; bindings are masked."""
        identity, status = self.identity, self.status
        return {
            "target": self.target,
            "family": self.family,
            "identity": {
                "tusn": identity.tusn,
                "maker": identity.maker,
                "model": identity.model,
                "hardware_version": identity.hardware_version,
                "firmware_name": identity.firmware_name,
                "firmware_version": identity.firmware_version,
                "label_number": identity.label_number,
                "boot_count": identity.boot_count,
                "wipe_count": identity.wipe_count,
                "key_fingerprint": identity.key_fingerprint.hex(),
            },
            "status": {
                "tamper": word(status.tamper),
                "power": word(status.power),
                "battery_percent": status.battery_percent,
                "paper": status.paper,
                "debug_enabled": status.debug_enabled,
                "unsettled_count": status.unsettled_count,
                "unsettled_amount": status.unsettled_amount,
                "reversals_pending": status.reversals_pending,
                "password_attempts_left": status.password_attempts_left,
                "locked": status.locked,
            },
            "peripherals": [{"name": each.name, "ready": each.ready} for each in status.peripherals],
            "bindings": [
                {
                    "kind": word(each.kind),
                    "name": each.name,
                    "state": word(each.state),
                    "value": masked_binding(each),
                }
                for each in self.bindings
            ],
            "key_slots": [
                {
                    "slot": each.slot,
                    "kind": each.kind.name,
                    "state": word(each.state),
                    "survives_wipe": each.survives_wipe,
                    "escrowed": each.escrowed,
                    "check_value": each.check_value.hex(),
                }
                for each in self.key_slots
            ],
            "regions": [
                {
                    "region": each.region,
                    "name": each.name,
                    "holds": word(each.holds),
                    "start": each.start,
                    "size": each.size,
                    "block_size": each.block_size,
                    "wipeable": each.wipeable,
                    "addressable": word(each.addressable),
                    "blank": each.blank,
                }
                for each in self.regions
            ],
            "baud": self.baud,
            "link_security": "private" if self.link.private else "plain",
            "link": dict(vars(self.link)),
            "profile_known": self.profile_known,
            "genuine": {"state": self.genuine.state, "maker": self.genuine.maker, "why": self.genuine.why},
            "findings": list(self.findings()),
        }

    @property
    def bound(self) -> int:
        """How many bindings hold."""
        return sum(each.state is not BindingState.UNBOUND for each in self.bindings)


def _found(code: str, **facts: str | int) -> Found:
    return {"event": "finding", "code": code, "facts": facts}


def word(value: IntEnum) -> str:
    """Return the word that JSON uses for a value: ``pin_pad`` for PIN_PAD."""
    return value.name.lower()


def money(amount: int) -> str:
    """Show an amount given in the smallest unit (1/100) of the currency."""
    return f"{amount // 100:,}.{amount % 100:02d}"


def read_inspection(
    target: str, driver: TerminalDriver, *, profile_known: bool, genuine: Genuine, baud: int | None = None
) -> InspectionReport:
    """Ask a terminal everything that an inspection shows; nothing on it is changed.

    Args:
        target: Where it is.
        driver: The connected terminal.
        profile_known: Whether there is a profile of its model.
        genuine: What came of asking for its attestation.
        baud: Bits per second of the line, where it has a speed.

    Raises:
        ProtocolError: The line or the terminal failed.
    """
    return InspectionReport(
        target=target,
        family=driver.family,
        identity=driver.identity(),
        status=driver.status(),
        bindings=driver.bindings(),
        key_slots=driver.key_slots(),
        regions=driver.memory_map(),
        profile_known=profile_known,
        genuine=genuine,
        baud=baud,
        link=driver.link,
    )


def check_genuine(driver: TerminalDriver, trust: TrustStore, identity: Identity, at: datetime) -> Genuine:
    """Ask for an attestation over a nonce that nobody could know before, and check it.

    Args:
        driver: The connected terminal.
        trust: Whose makers are trusted.
        identity: Who the terminal says it is.
        at: Present time.
    """
    from agent.evidence.eat import verify_eat
    from agent.evidence.errors import EvidenceRejected, NotCheckable

    nonce = secrets.token_bytes(32)
    try:
        proven = verify_eat(
            driver.attest(after_wipe=False, nonce=nonce),
            trust,
            nonce,
            at=at,
            binding=bytes.fromhex(driver.link.binding),
        )
    except NotCheckable as missing:
        return Genuine("unknown", why=missing.code)
    except EvidenceRejected as fault:
        return Genuine("no", why=fault.code)
    if (proven.claims.tusn, proven.key_fingerprint) != (identity.tusn, identity.key_fingerprint.hex()):
        return Genuine("no", why="eat-other-terminal")
    return Genuine("yes", maker=proven.maker)
