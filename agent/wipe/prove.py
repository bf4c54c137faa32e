"""Proof of secure erasure: regions are filled with bytes of ours, answer a digest of them, and are erased again.

All regions are filled before the first of them is asked: of regions filled in turn, one could hold what another held.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from agent.clock import Clock
from agent.drivers.base import TerminalDriver
from agent.erasure import KEY_BYTES, Expansion
from agent.errors import OutcomeUnknown
from agent.wipe.run import follow
from protocols.errors import DeviceRefused
from protocols.terminal import Region, WipeProgress, WipeStatus
from protocols.words import WipeState

ERASING_AGAIN = frozenset({WipeState.FILLED})
MOST_OLD_NEWS = 1_000


@dataclass(frozen=True)
class RegionAnswer:
    """What a region answered.

    Args:
        region: Its number.
        size: Bytes, all of them filled.
        key: Key of the digest, 32 bytes, drawn when all regions were full.
        answer: HMAC-SHA-256 as the terminal says, 32 bytes.
        milliseconds: How long it took.
    """

    region: int
    size: int
    key: bytes
    answer: bytes
    milliseconds: int


def fill(
    driver: TerminalDriver, regions: Sequence[Region], nonce: bytes, seed: bytes, progress: Callable[[int], None]
) -> None:
    """Fill regions, every byte of each.

    Args:
        driver: The terminal.
        regions: All regions that the wipe emptied.
        nonce: What the wipe was prepared under, 32 bytes.
        seed: What the bytes are expanded from, 32 bytes.
        progress: Called with the number of bytes filled since the last call.

    Raises:
        DeviceRefused: The terminal takes no more.
        StateUnknown: An answer was lost.
    """
    for region in regions:
        driver.fill_memory(nonce, region.region, region.size, Expansion(seed, region.region).take, progress)


def ask(
    driver: TerminalDriver, regions: Sequence[Region], clock: Clock, draw: Callable[[int], bytes]
) -> tuple[RegionAnswer, ...]:
    """Ask each region for the digest of all that it was filled with, under a key that did not exist before.

    Args:
        driver: The terminal.
        regions: The regions, all of them full.
        clock: Tells how long each answer takes.
        draw: Returns that many random bytes.
    """
    answers = []
    for region in regions:
        key = draw(KEY_BYTES)
        asked = clock.steady()
        answer = driver.memory_digest(region.region, 0, region.size, key)
        took = int((clock.steady() - asked) * 1000)
        answers.append(RegionAnswer(region.region, region.size, key, answer, took))
    return tuple(answers)


def erase_again(
    driver: TerminalDriver, nonce: bytes, clock: Clock, progress: Callable[[WipeProgress], None], longest: float
) -> WipeStatus:
    """Have the terminal erase whatever it was filled with, and follow it to the end.

    Args:
        driver: The terminal.
        nonce: What the wipe was prepared under, 32 bytes.
        clock: Tells how long the terminal has made no progress.
        progress: Called with every piece of news.
        longest: Seconds after which it is not waited for any more; see `agent.wipe.run.longest_seconds`.

    Raises:
        OutcomeUnknown: ``fill-not-erased``: the terminal refuses, or says that it did not; or see `follow`.
        StateUnknown: The answer was lost.
    """
    for _ in range(MOST_OLD_NEWS):  # what is left of the wipe would be taken for news of this
        if driver.next_wipe_progress(0) is None:
            break
    try:
        driver.erase_fill(nonce)
    except DeviceRefused:
        raise OutcomeUnknown("fill-not-erased") from None
    status = follow(driver, nonce, clock, progress, longest, running=ERASING_AGAIN)
    if status.state is not WipeState.DONE:
        raise OutcomeUnknown("fill-not-erased")
    return status
