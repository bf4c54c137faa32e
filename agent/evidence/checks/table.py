"""Checks: each is a function that says nothing, or raises what is wrong, run from a table."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from agent.evidence.errors import EvidenceRejected, NotCheckable
from agent.evidence.facts import RegionReadBack, Result, worst
from agent.evidence.material import Material
from agent.evidence.wording import sentence
from agent.privacy import LinkFacts

MAX_DETAIL = 500


class Status(StrEnum):
    """What came of a check."""

    OK = "ok"
    FAILED = "failed"
    NOT_CHECKABLE = "not-checkable"

    @property
    def result(self) -> Result:
        """The best result that a case with such a check may have (I5)."""
        return {Status.OK: Result.PASS, Status.FAILED: Result.FAIL, Status.NOT_CHECKABLE: Result.UNKNOWN}[self]


@dataclass(frozen=True)
class Check:
    """One check and what came of it.

    Args:
        id: Stable name of the check.
        status: What came of it.
        code: Stable name of what is wrong or missing; empty where nothing is.
        detail: The same as a sentence in English.
        facts: What a sentence in another language fills in.
    """

    id: str
    status: Status
    code: str = ""
    detail: str = ""
    facts: Mapping[str, str | int] = field(default_factory=dict)


@dataclass(frozen=True)
class Examined:
    """What checks look at.

    Args:
        material: The evidence.
        issued: When the statement was or is made, RFC 3339; None where that cannot be read.
        read_back: What the agent says of the read-back; None where that cannot be read.
        links: What the agent says of its links to the terminal; None where that cannot be read.
        log_key: Key of the log that the statement names, a vkey, or empty; None where that cannot be read.
    """

    material: Material
    issued: str | None
    read_back: tuple[RegionReadBack, ...] | None
    links: tuple[LinkFacts, ...] | None = ()
    log_key: str | None = ""


CheckFunction = Callable[[Examined], None]
CheckTable = tuple[tuple[str, CheckFunction], ...]


def run_check(name: str, check: Callable[[], None]) -> Check:
    """Run one check.

    Args:
        name: Its stable name.
        check: Raises `EvidenceRejected` for what is wrong, `NotCheckable` for what is missing.
    """
    try:
        check()
    except NotCheckable as gap:
        return Check(name, Status.NOT_CHECKABLE, gap.code, _detail(gap), gap.facts)
    except EvidenceRejected as fault:
        return Check(name, Status.FAILED, fault.code, _detail(fault), fault.facts)
    return Check(name, Status.OK)


def run_checks(table: CheckTable, examined: Examined) -> tuple[Check, ...]:
    """Run all checks of a table, whatever becomes of any."""
    return tuple(run_check(name, lambda check=check: check(examined)) for name, check in table)  # type: ignore[misc]


def result_of(checks: Iterable[Check]) -> Result:
    """Return PASS only if every check holds, FAIL if any failed, otherwise UNKNOWN (I5)."""
    return worst(*(check.status.result for check in checks))


def _detail(fault: EvidenceRejected) -> str:
    """Say what is wrong in one printable line: part of it may be the terminal's own words."""
    text = "".join(letter if letter.isprintable() else "?" for letter in sentence(fault))
    return text[:MAX_DETAIL]
