"""Running one wipe: prepared, cleared, started once, followed to its end."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from agent.clearance import WipeClearance, WipeTarget
from agent.clock import Clock
from agent.drivers.base import PreparedWipe, TerminalDriver, WipePlan
from agent.errors import OutcomeUnknown
from agent.wipe.plan import flash_regions
from protocols.errors import ProtocolError, StateUnknown
from protocols.terminal import Region, WipeProgress, WipeStatus
from protocols.words import WipeState

POLL_SECONDS = 2.0
PATIENCE_SECONDS = 60.0
LONGEST_BLOCK_SECONDS = 4.0
"""Longer than any erase block of NOR flash may take; data sheets say up to 3 s for 64 KiB."""

LONGEST_REST_SECONDS = 600.0
"""For all that a wipe does besides erasing blocks."""

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


def start(driver: TerminalDriver, prepared: PreparedWipe, target: WipeTarget, clearance: WipeClearance) -> None:
    """Start the wipe, once.

    Args:
        driver: The terminal.
        prepared: The prepared wipe.
        target: What is about to be wiped.
        clearance: Leave to do it; used up here (I2).

    Raises:
        OutcomeUnknown: ``wipe-not-started``: the answer was lost, and the terminal says that it has not begun.
        StateUnknown: The answer was lost, and the terminal cannot be asked or tells of another wipe.
    """
    try:
        driver.start_wipe(prepared, clearance, target)
    except StateUnknown as lost:
        _ask_whether_it_began(driver, target, lost)


def longest_seconds(regions: Sequence[Region]) -> float:
    """Return how long a wipe may take at the most, whatever the terminal says of it.

    Args:
        regions: The memory map that it was planned on.
    """
    blocks = sum(-(-region.size // region.block_size) for region in flash_regions(regions))
    return LONGEST_REST_SECONDS + LONGEST_BLOCK_SECONDS * blocks


def follow(
    driver: TerminalDriver,
    nonce: bytes,
    clock: Clock,
    progress: Callable[[WipeProgress], None],
    longest: float,
    running: frozenset[WipeState] = RUNNING,
) -> WipeStatus:
    """Follow a wipe that was started until the terminal says that it ended.

    Args:
        driver: The terminal.
        nonce: What the wipe was prepared under, 32 bytes.
        clock: Tells how long the terminal has made no progress.
        progress: Called with every piece of news.
        longest: Seconds after which it is not waited for any more, from `longest_seconds`.
        running: The states of one that has not ended.

    Returns:
        How the wipe ended as the terminal says; whether that is so is for the read-back to find out.

    Raises:
        OutcomeUnknown: ``wipe-stalled``: the terminal made no progress for a minute; ``wipe-endless``: it went on for
            longer than such a memory can take; or ``wipe-of-another``: it tells of another wipe.
    """
    began = clock.steady()
    furthest, moved_at = -1, began
    while True:
        news = driver.next_wipe_progress(POLL_SECONDS)
        done = -1
        if news is not None:
            done = news.blocks_done
            progress(news)
        if news is None or news.blocks_done >= news.blocks_total:
            status = driver.wipe_status()
            if status.nonce != nonce:
                raise OutcomeUnknown("wipe-of-another")
            if status.state not in running:
                return status
            done = max(done, sum(region.blocks_done for region in status.regions))
        if done > furthest:  # the same news again, or less of it, is no progress
            furthest, moved_at = done, clock.steady()
        if clock.steady() - moved_at > PATIENCE_SECONDS:
            raise OutcomeUnknown("wipe-stalled", seconds=int(PATIENCE_SECONDS))
        if clock.steady() - began > longest:  # progress can be told for ever, and cost a station its slot
            raise OutcomeUnknown("wipe-endless", seconds=int(longest))


def _ask_whether_it_began(driver: TerminalDriver, target: WipeTarget, lost: StateUnknown) -> None:
    """Ask the terminal after a lost answer (I3); the start itself is never sent again.

    Raises:
        OutcomeUnknown: ``wipe-not-started``: the terminal says that it has not begun.
        StateUnknown: It cannot be asked, or tells of another wipe.
    """
    try:
        status = driver.wipe_status()
    except ProtocolError:
        raise lost from None
    if status.nonce != target.nonce:
        raise lost
    if status.state is WipeState.PREPARED:
        raise OutcomeUnknown("wipe-not-started")
