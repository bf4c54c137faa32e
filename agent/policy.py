"""What a case may do and must prove, as read from a policy file (TOML); the defaults are the strictest."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Literal, TypeVar, get_args, get_origin, get_type_hints

from agent.errors import UsageFault
from agent.plain_text import plain_text
from agent.privacy import LinkPrivacy

MAX_RULES_BYTES = 65_536
MAX_NAME = 64
MAX_ITEMS = 10_000
MOST_RETENTION_DAYS = 36_525
"""A hundred years."""

PROVEN = 3
"""The evidence level of a proof of secure erasure."""

STRIPPED = frozenset({"accept_unsettled_reason", "waive_export_reason", "platform_reference", "export_retention_basis"})
"""Texts whose being there decides something: blanks at their ends go, and blanks alone are none."""


@dataclass(frozen=True)
class Policy:
    """Rules of a case.

    Args:
        unsettled_batch: What to do about transactions not settled: ``refuse``, or ``accept`` with a reason.
        accept_unsettled_reason: Why an unsettled batch is accepted; stands in the signed statement.
        waive_export_reason: Why the case goes on without a verified export (I1); stands in the signed statement.
        minimum_evidence_level: 0 to 3. With 2 the terminal must attest with a key that a trusted maker certified; with
            3 it must besides prove that it erased, which a terminal that cannot is told before anything is changed.
        platform_approval: Whether the platform's reference number must be there before the wipe.
        read_back: ``full`` reads every byte of the wiped regions, ``digest`` asks for keyed digests only.
        minimum_battery_percent: Below this a terminal on battery waits.
        link_privacy: ``prefer`` takes a private link where the terminal offers one, ``require`` no other, ``plain``
            never a private one.
        prove_erasure: Have terminals prove that they erased that can, also where level 3 is not asked for. Not by
            itself: it sends every byte of the memory over the line, a minute and a half a MiB at 115,200 baud, and
            reads it back once more.
        export_retention_days: How many days the export is kept, counted from the day (UTC) on which it is made; 0
            where nothing is said of that. Goes with a basis, and stands in the export and in the signed statement.
        export_retention_basis: On what basis (PIPL, article 19: no longer than the purpose needs).
        timestamp: ``prefer`` has the statement timestamped where an authority is named; with ``require`` nothing is
            changed on a terminal unless one answers.
        timestamp_authority: Address of the timestamp authority (RFC 3161), or empty.
    """

    unsettled_batch: Literal["refuse", "accept"] = "refuse"
    accept_unsettled_reason: str = ""
    waive_export_reason: str = ""
    minimum_evidence_level: int = 2
    platform_approval: bool = False
    read_back: Literal["full", "digest"] = "full"
    minimum_battery_percent: int = 20
    link_privacy: LinkPrivacy = "prefer"
    prove_erasure: bool = False
    export_retention_days: int = 0
    export_retention_basis: str = ""
    timestamp: Literal["prefer", "require"] = "prefer"
    timestamp_authority: str = ""

    def __post_init__(self) -> None:
        """Refuse rules that contradict each other."""
        if self.unsettled_batch == "accept" and not self.accept_unsettled_reason.strip():
            raise UsageFault("policy-reason-missing", field="accept_unsettled_reason")
        if not 0 <= self.minimum_evidence_level <= PROVEN:
            raise UsageFault("policy-value", field="minimum_evidence_level")
        if not 0 <= self.minimum_battery_percent <= 100:
            raise UsageFault("policy-value", field="minimum_battery_percent")

        if not 0 <= self.export_retention_days <= MOST_RETENTION_DAYS:
            raise UsageFault("policy-value", field="export_retention_days")
        if bool(self.export_retention_days) != bool(self.export_retention_basis.strip()):
            missing = "export_retention_basis" if self.export_retention_days else "export_retention_days"
            raise UsageFault("policy-retention", field=missing)

    def retention_until(self, made: str) -> str:
        """Return until when an export is kept, as a date; empty where nothing is said of that.

        Args:
            made: When it was made, RFC 3339 in UTC.
        """
        if not self.export_retention_days:
            return ""
        return str(date.fromisoformat(made[:10]) + timedelta(days=self.export_retention_days))

    @property
    def proves_erasure(self) -> bool:
        """Whether a terminal is to prove that it erased."""
        return self.prove_erasure or self.minimum_evidence_level == PROVEN

    @property
    def waivers(self) -> dict[str, str]:
        """What this policy waives, with the reasons: they stand in the signed statement."""
        given = {"export-verification": self.waive_export_reason, "unsettled-batch": self.accept_unsettled_reason}
        return {name: reason for name, reason in given.items() if reason}


@dataclass(frozen=True)
class WorkOrder:
    """A case as ordered beforehand.

    Args:
        number: Number of the order.
        tusn: Serial numbers of the terminals that may be retired under it; any other stops the case (I9).
        merchant_number: The merchant number that must be bound, or empty.
        reason: Why.
        authorisation: Who authorised it, and by which document.
        recipients: age recipients of the export.
        platform_reference: Reference number of the platform's deregistration, or empty.
        new_merchant_number: Merchant number to bind after the unbinding, or empty.
        bindings: What each binding is, as the order says; a difference is a finding in the statement.
        platform_bindings: The same as the platform lists it.
        property_number: What the terminal is called in the owner's inventory, or empty.
        media_source: Whom or where the terminal comes from, or empty.
        confidentiality_before: How confidential what it held is, in the owner's words, or empty.
        confidentiality_after: The same of what it holds afterwards, or empty.
        destination: Where it goes afterwards, or empty.
    """

    number: str = ""
    tusn: tuple[str, ...] = ()
    merchant_number: str = ""
    reason: str = ""
    authorisation: str = ""
    recipients: tuple[str, ...] = ()
    platform_reference: str = ""
    new_merchant_number: str = ""
    bindings: Mapping[str, str] = field(default_factory=dict, repr=False)
    platform_bindings: Mapping[str, str] = field(default_factory=dict, repr=False)
    property_number: str = ""
    media_source: str = ""
    confidentiality_before: str = ""
    confidentiality_after: str = ""
    destination: str = ""


RulesT = TypeVar("RulesT", Policy, WorkOrder)


def load_policy(path: Path) -> Policy:
    """Read a policy.

    Raises:
        UsageFault: The file cannot be read, is no TOML, or holds an unknown field or a wrong value.
    """
    return _load(path, Policy, "policy")


def load_work_order(path: Path) -> WorkOrder:
    """Read a work order.

    Raises:
        UsageFault: The file cannot be read, is no TOML, or holds an unknown field or a wrong value.
    """
    return _load(path, WorkOrder, "work-order")


def _load(path: Path, kind: type[RulesT], word: str) -> RulesT:
    try:
        with path.open("rb") as file:
            text = file.read(MAX_RULES_BYTES + 1)
        if len(text) > MAX_RULES_BYTES:
            raise UsageFault(f"{word}-unreadable", path=str(path), why=f"more than {MAX_RULES_BYTES} bytes")
        table = tomllib.loads(text.decode())
    except OSError as fault:
        raise UsageFault(f"{word}-unreadable", path=str(path), why=fault.strerror or type(fault).__name__) from None
    except (ValueError, RecursionError) as fault:
        raise UsageFault(f"{word}-unreadable", path=str(path), why=str(fault) or type(fault).__name__) from None
    hints = get_type_hints(kind)
    given: dict[str, Any] = {}
    for name, value in table.items():
        if name not in hints:
            raise UsageFault(f"{word}-value", field=name if plain_text(name, MAX_NAME) else "?")
        if name in STRIPPED and isinstance(value, str):
            given[name] = value.strip()
            if value and not given[name]:
                raise UsageFault("policy-reason-missing" if name.endswith("_reason") else f"{word}-value", field=name)
        else:
            given[name] = tuple(value) if isinstance(value, list) else value
        if not _fits(given[name], hints[name]):
            raise UsageFault(f"{word}-value", field=name)
    return kind(**given)


def _fits(value: object, hint: Any) -> bool:
    if get_origin(hint) is Literal:
        return value in get_args(hint)
    if get_origin(hint) is Mapping:
        return isinstance(value, dict) and len(value) <= MAX_ITEMS and all(map(_named, value.items()))
    if get_origin(hint) is tuple:
        return isinstance(value, tuple) and len(value) <= MAX_ITEMS and all(map(_plain, value))
    return _plain(value) if hint is str else type(value) is hint


def _named(item: tuple[str, object]) -> bool:
    name, value = item
    return plain_text(name, MAX_NAME) and _plain(value)


def _plain(value: object) -> bool:
    return isinstance(value, str) and plain_text(value)
