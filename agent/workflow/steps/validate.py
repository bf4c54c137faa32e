"""Step validate: read back what the wipe left.

What is found here goes into the statement; it does not end the case, so that a bad wipe gets its signed FAIL instead
of vanishing.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from typing import Any, cast

from agent.journal import Fact
from agent.wipe.plan import wiped_regions
from agent.wipe.read_back import ReadBack, read_back
from agent.workflow.case import Case
from agent.workflow.events import Progress


def run(case: Case) -> dict[str, Fact]:
    """Read every wiped region back, and check that it is still the same terminal (I9).

    Raises:
        VerificationFailed: Another terminal answers than the one that was inspected.
    """
    case.require_same_terminal()
    regions = wiped_regions(case.inspected.regions)
    total = sum(region.size for region in regions)
    done = 0

    def advance(count: int) -> None:
        nonlocal done
        done += count
        case.report(Progress("validate", done, total, "bytes"))

    outcomes: list[ReadBack] = []
    for region in regions:
        outcomes.append(read_back(case.driver, region, case.request.policy.read_back, secrets.token_bytes, advance))
        if not outcomes[-1].blank:
            found = outcomes[-1]
            case.find("region-not-blank", region=region.name, count=found.not_blank, offset=found.first_not_blank)
    case.read_backs = tuple(outcomes)
    return {"regions": rows(outcomes)}


def rows(outcomes: Sequence[ReadBack]) -> list[Fact]:
    """Return what was read back as facts for the journal, from which `recall` takes it."""
    return [
        {
            "number": each.region,
            "region": each.name,
            "size": each.size,
            "method": each.method,
            "bytes_read": each.bytes_read,
            "not_blank": each.not_blank,
            "first_not_blank": each.first_not_blank,
            "digest_matches": each.digest_matches,
        }
        for each in outcomes
    ]


def recall(case: Case, facts: Mapping[str, Fact]) -> None:
    """Take up what a case that broke off afterwards had read back."""
    found = cast("Sequence[Mapping[str, Any]]", facts["regions"])
    case.read_backs = tuple(
        ReadBack(
            region=row["number"],
            name=row["region"],
            size=row["size"],
            method=row["method"],
            bytes_read=row["bytes_read"],
            not_blank=row["not_blank"],
            first_not_blank=row["first_not_blank"],
            digest_matches=row["digest_matches"],
        )
        for row in found
    )
