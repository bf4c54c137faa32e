"""Running one wipe: prepared, cleared, started once, followed to its end."""

from __future__ import annotations

from collections.abc import Callable

from agent.clearance import WipeClearance, WipeTarget
from agent.clock import Clock
from agent.drivers.base import PreparedWipe, TerminalDriver, WipePlan
from agent.errors import OutcomeUnknown
from protocols.terminal import WipeProgress, WipeStatus
from protocols.words import WipeState

POLL_SECONDS = 2.0
PATIENCE_SECONDS = 60.0
RUNNING = frozenset({WipeState.PREPARED, WipeState.RUNNING})


def prepare(driver: TerminalDriver, plan: WipePlan, tusn: str) -> tuple[PreparedWipe, WipeTarget]:
    """Make the terminal ready, and name the one wipe that a clearance may be given for.

    Args:
        driver: The terminal.
        plan: What is to be wiped.
        tusn: Serial number of the terminal as it says now.
    """
    prepared = driver.prepare_wipe(plan)
    return prepared, WipeTarget(tusn, prepared.boot_count, plan.nonce)


def wipe(
    driver: TerminalDriver,
    prepared: PreparedWipe,
    target: WipeTarget,
    clearance: WipeClearance,
    clock: Clock,
    progress: Callable[[WipeProgress], None],
) -> WipeStatus:
    """Start the wipe and follow it until the terminal says that it ended.

    Args:
        driver: The terminal.
        prepared: The prepared wipe.
        target: What is about to be wiped.
        clearance: Leave to do it; used up here (I2).
        clock: Tells how long the terminal has made no progress.
        progress: Called with every piece of news.

    Returns:
        How the wipe ended as the terminal says; whether that is so is for the read-back to find out.

    Raises:
        OutcomeUnknown: The terminal made no progress for a minute, or ended somewhere else than at done or failed.
        StateUnknown: The answer to the start was lost.
    """
    driver.start_wipe(prepared, clearance, target)
    moved_at = clock.steady()
    seen = -1
    while True:
        news = driver.next_wipe_progress(POLL_SECONDS)
        if news is not None:
            if news.blocks_done != seen:
                seen, moved_at = news.blocks_done, clock.steady()
            progress(news)
            if news.blocks_done < news.blocks_total:
                continue
        status = driver.wipe_status()
        if status.nonce != target.nonce:
            raise OutcomeUnknown("wipe-of-another")
        if status.state not in RUNNING:
            return status
        done = sum(region.blocks_done for region in status.regions)
        if done != seen:
            seen, moved_at = done, clock.steady()
        if clock.steady() - moved_at > PATIENCE_SECONDS:
            raise OutcomeUnknown("wipe-stalled", seconds=int(PATIENCE_SECONDS))
