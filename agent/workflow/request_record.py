"""What is kept of a request, so that its case can be taken up again: all but secrets, merchant numbers and people (I4).

The merchant number and the bindings of the work order are given again; the keyed hashes of ``job.json`` tell whether
they are the same.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

from agent.errors import PreconditionNotMet, UsageFault
from agent.evidence.facts import MediaFacts
from agent.policy import Policy, WorkOrder
from agent.workflow.request import RetireRequest

KEPT_OF_ORDER = ("number", "tusn", "reason", "authorisation", "recipients", "platform_reference")
"""What a work order says that is no merchant's data."""


@dataclass(frozen=True)
class RequestRecord:
    """A request as the ledger keeps it.

    Args:
        target: Where the terminal was.
        out: Folder that the bundle goes into, absolute.
        recipients: age recipients of the export.
        trust_dirs: Folders with trusted roots, absolute.
        profile_dirs: Folders with profiles, absolute.
        policy: Rules of the case.
        work_order: The order without merchant numbers and bindings, or None.
        reason: Why the terminal is retired.
        operator: Name of who opened it.
        operator_id: What the home knew them by, or empty.
        wipe: Whether the memory is wiped.
        by_hand: Whether a person presses the keys though the terminal has remote ones.
        rebinds: Whether a new merchant number is bound afterwards.
        backups: Folders that further copies go into, absolute.
        media: What people said of the terminal.
    """

    target: str
    out: Path
    recipients: tuple[str, ...]
    trust_dirs: tuple[Path, ...]
    profile_dirs: tuple[Path, ...]
    policy: Policy
    work_order: WorkOrder | None
    reason: str
    operator: str
    wipe: bool
    by_hand: bool
    rebinds: bool
    operator_id: str = ""
    backups: tuple[Path, ...] = ()
    media: MediaFacts = field(default_factory=MediaFacts)


def as_json(request: RetireRequest) -> dict[str, Any]:
    """Return what the ledger keeps of a request."""
    order = request.work_order
    return {
        "target": request.target,
        "out": str(request.out.absolute()),
        "recipients": list(request.recipients),
        "trust_dirs": [str(folder.absolute()) for folder in request.trust_dirs],
        "profile_dirs": [str(folder.absolute()) for folder in request.profile_dirs],
        "policy": {each.name: getattr(request.policy, each.name) for each in fields(Policy)},
        "work_order": {name: _plain(getattr(order, name)) for name in KEPT_OF_ORDER} if order else None,
        "reason": request.reason,
        "operator": request.operator,
        "operator_id": request.doer.id,
        "wipe": request.wipe,
        "by_hand": request.by_hand,
        "rebinds": bool(request.new_merchant_number),
        "backups": [str(folder.absolute()) for folder in request.backups],
        "media": dict(vars(request.media)),
    }


def from_json(case: str, kept: Mapping[str, Any] | None) -> RequestRecord:
    """Read what the ledger kept of a request.

    Args:
        case: The case, for the message.
        kept: As `as_json` made it, or None.

    Raises:
        PreconditionNotMet: ``case-request-missing``: nothing was kept, or by a version that kept something else.
    """
    try:
        given = dict(kept or {})
        order = given["work_order"]
        return RequestRecord(
            target=given["target"],
            out=Path(given["out"]),
            recipients=tuple(given["recipients"]),
            trust_dirs=tuple(map(Path, given["trust_dirs"])),
            profile_dirs=tuple(map(Path, given["profile_dirs"])),
            policy=Policy(**given["policy"]),
            work_order=WorkOrder(**{name: _tupled(value) for name, value in order.items()}) if order else None,
            reason=given["reason"],
            operator=given["operator"],
            wipe=given["wipe"],
            by_hand=given["by_hand"],
            rebinds=given["rebinds"],
            operator_id=given.get("operator_id", ""),
            backups=tuple(map(Path, given.get("backups", ()))),  # older versions kept none
            media=MediaFacts(**given.get("media", {})),
        )
    except (KeyError, TypeError, ValueError, UsageFault):
        raise PreconditionNotMet("case-request-missing", case=case) from None


def _plain(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value


def _tupled(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value
