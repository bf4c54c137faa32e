"""Step wipe: prepared under a nonce of this case, cleared by the policy, started once (I2)."""

from __future__ import annotations

from collections.abc import Mapping

from agent.clearance import clear_for_wipe
from agent.errors import VerificationFailed
from agent.evidence.intent import INTENT, wipe_nonce
from agent.journal import Fact
from agent.wipe.plan import plan_wipe
from agent.wipe.run import follow, longest_seconds, prepare, start
from agent.workflow.case import Case
from agent.workflow.events import Progress
from protocols.terminal import Region, WipeProgress
from protocols.words import WipeState

UNDER_WAY_OR_OVER = frozenset({WipeState.RUNNING, WipeState.DONE, WipeState.FAILED})
"""States of a wipe that was started and needs no second start."""


def run(case: Case) -> dict[str, Fact]:
    """Wipe the terminal. A wipe that the terminal calls failed goes on to be read back and signed as FAIL.

    Raises:
        PreconditionNotMet: The policy check gives no clearance (I2).
        VerificationFailed: ``memory-map-changed``: the terminal shows other regions than it was inspected with.
        OutcomeUnknown: Nobody knows how the wipe ended.
        StateUnknown: The answer to the start was lost.
    """
    case.require_same_terminal()
    tusn = case.inspected.identity.tusn
    nonce = wipe_nonce(case.folder.read(INTENT))
    plan = plan_wipe(_same_map(case), nonce, case.known_profile.wipe.technique)
    prepared, target = prepare(case.driver, plan, tusn)
    clearance = clear_for_wipe(
        case.request.policy, target, export=case.export, unbinding=case.unbinding, platform=case.platform
    )

    case.changed = True
    case.wipe_started = case.clock.stamp()
    start(case.driver, prepared, target, clearance)
    return _to_its_end(case, nonce, prepared.boot_count)


def take_up(case: Case, begun: str) -> dict[str, Fact]:
    """Ask the terminal first: a wipe that was begun may run, be done, or never have been started (I3).

    One that the terminal calls interrupted is not done, and is done anew: prepared, cleared and started as any other.
    """
    case.require_same_terminal()
    case.changed = True
    nonce = wipe_nonce(case.folder.read(INTENT))
    status = case.driver.wipe_status()
    if status.nonce != nonce or status.state not in UNDER_WAY_OR_OVER:
        return run(case)
    case.wipe_started = begun
    return _to_its_end(case, nonce, case.driver.identity().boot_count)


def recall(case: Case, facts: Mapping[str, Fact]) -> None:
    """Take up what a case that broke off afterwards knew of its wipe."""
    case.changed = True
    case.wipe_started, case.wipe_ended = str(facts["started"]), str(facts["ended"])


def _same_map(case: Case) -> tuple[Region, ...]:
    """Ask for the memory map once more: what it does not show any more would not be wiped."""
    regions, seen = case.driver.memory_map(), case.inspected.regions
    for region in (*seen, *regions):
        if region not in seen or region not in regions:
            raise VerificationFailed("memory-map-changed", region=region.name)
    return regions


def _to_its_end(case: Case, nonce: bytes, boot_count: int) -> dict[str, Fact]:
    def advance(news: WipeProgress) -> None:
        case.report(Progress("wipe", news.blocks_done, news.blocks_total, "blocks"))

    status = follow(case.driver, nonce, case.clock, advance, longest_seconds(case.inspected.regions))
    case.wipe_ended = case.clock.stamp()
    if status.state is not WipeState.DONE:
        case.find("wipe-not-done", state=status.state.name.lower())
    return {
        "state": status.state.name.lower(),
        "keys_erased": status.keys_erased,
        "wipe_count": status.wipe_count,
        "boot_count": boot_count,
        "started": case.wipe_started,
        "ended": case.wipe_ended,
        "regions": [
            {"region": each.region, "result": each.result.name.lower(), "blocks": each.blocks_done}
            for each in status.regions
        ],
    }
