"""What the workflow tells while it works: for a screen, for JSON Lines, for a station."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from agent.transport.remark import LineRemark

JsonObject = dict[str, object]


@dataclass(frozen=True)
class CaseOpened:
    """A case was opened."""

    case: str

    def as_json(self) -> JsonObject:
        """Return the line for ``--json``."""
        return {"event": "open", "case": self.case}


@dataclass(frozen=True)
class StepChanged:
    """A step began or ended.

    Args:
        step: Name of the step.
        state: What became of it; ``recalled`` where it was done before the case broke off.
    """

    step: str
    state: Literal["started", "done", "failed", "recalled"]

    def as_json(self) -> JsonObject:
        """Return the line for ``--json``."""
        return {"event": "step", "step": self.step, "state": self.state}


@dataclass(frozen=True)
class Progress:
    """How far a step is.

    Args:
        step: Name of the step.
        done: Units done.
        total: Units in all.
        unit: ``bytes`` or ``blocks``.
    """

    step: str
    done: int
    total: int
    unit: Literal["bytes", "blocks"]

    def as_json(self) -> JsonObject:
        """Return the line for ``--json``."""
        return {"event": "progress", "step": self.step, "done": self.done, "total": self.total, "unit": self.unit}


@dataclass(frozen=True)
class Finding:
    """Something that whoever reads the evidence should know.

    Args:
        code: Stable name; the texts stand under it.
        facts: What the texts fill in.
    """

    code: str
    facts: dict[str, str | int]

    def as_json(self) -> JsonObject:
        """Return the line for ``--json``."""
        return {"event": "finding", "code": self.code, "facts": self.facts}


@dataclass(frozen=True)
class Remark:
    """Something that whoever watches should know, and that is no evidence.

    Args:
        code: Stable name; the texts stand under it.
        facts: What the texts fill in.
    """

    code: str
    facts: dict[str, str | int]

    def as_json(self) -> JsonObject:
        """Return the line for ``--json``."""
        return {"event": "remark", "code": self.code, "facts": self.facts}


Event = CaseOpened | StepChanged | Progress | Finding | LineRemark | Remark
