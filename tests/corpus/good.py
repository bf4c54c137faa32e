"""Honest bundles, which both verifiers must accept."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping

from protocols.eat import TerminalClaims
from protocols.words import WipeState
from tests.agent.evidence.attacks import LINK, over
from tests.agent.evidence.made import SLOTS, Bend, Row, claims_before, replaced, same

OTHER_CASE = "R20260504-TEST02"


def _not_wiped(claims: TerminalClaims) -> TerminalClaims:
    before = claims_before(claims.nonce)
    return dataclasses.replace(
        claims,
        wipe_count=before.wipe_count,
        wipe_state=WipeState.IDLE,
        wipe_nonce=before.wipe_nonce,
        key_slots=SLOTS,
        regions=before.regions,
    )


def _without_wipe(rows: list[Row]) -> list[Row]:
    return [row for row in rows if row[1] not in ("wipe", "validate")]


GOOD: Mapping[str, Bend] = {
    "retirement": Bend(),
    "without-export": Bend(export=False),
    "private-link": over(LINK),
    "proof-of-erasure": Bend(proof=same),
    "unbinding": Bend(
        intent=replaced(wipe=None),
        after=_not_wiped,
        journal=_without_wipe,
        facts=replaced(read_back=(), wipe_started="", wipe_ended=""),
    ),
    "another-case": Bend(case=OTHER_CASE),
}
"""Name, and what is different in it from the plainest one."""
