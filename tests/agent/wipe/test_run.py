from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, cast

import pytest

from agent.clearance import WipeTarget, clear_for_wipe
from agent.clock import Clock
from agent.drivers.base import PreparedWipe, WipePlan
from agent.errors import OutcomeUnknown
from agent.policy import Policy
from agent.proofs import EXPORT_SEAL, UnbindingProof, VerifiedExport
from agent.wipe.run import LONGEST_BLOCK_SECONDS, PATIENCE_SECONDS, follow, longest_seconds, prepare, start
from protocols.errors import DeadlineExceeded, LocalProtocolError, StateUnknown
from protocols.terminal import Region, RegionOutcome, WipeProgress, WipeStatus
from protocols.words import Addressable, RegionHolds, RegionResult, Technique, WipeState

TUSN = "9999990200000007"
NONCE = b"n" * 32
LONGEST = 900.0
PREPARED = PreparedWipe(b"t" * 16, 3, 4, 1)
TARGET = WipeTarget(TUSN, 3, NONCE)


class Terminal:
    """Plays a wipe: pieces of news, then states; each wait turns the clock by its time-out."""

    def __init__(self, news, states, nonce=NONCE, answer_lost=False):
        self.answer_lost = answer_lost
        self.news = list(news)
        self.states = list(states)
        self.nonce = nonce
        self.now = 0.0
        self.starts = 0

    def prepare_wipe(self, plan):
        assert plan.nonce == NONCE
        return PREPARED

    def start_wipe(self, prepared, clearance, target):
        clearance.spend(target)
        self.starts += 1
        if self.answer_lost:
            raise StateUnknown("WIPE_START", DeadlineExceeded("WIPE_START", 10))

    def next_wipe_progress(self, timeout):
        if self.news:
            return self.news.pop(0)
        self.now += timeout
        return None

    def wipe_status(self):
        state = self.states.pop(0) if len(self.states) > 1 else self.states[0]
        return WipeStatus(state, self.nonce, 1, True, (RegionOutcome(1, RegionResult.RUNNING, 2, 4),))


def run(terminal, seen=None):
    clock = Clock(wall=lambda: datetime(2026, 11, 22, tzinfo=UTC), steady=lambda: terminal.now)
    export = VerifiedExport("0" * 64, 10, "0" * 64, 1, (), ("age1test",), seal=EXPORT_SEAL)
    clearance = clear_for_wipe(Policy(), TARGET, export=export, unbinding=UnbindingProof((), (), TUSN), platform=None)
    start(terminal, PREPARED, TARGET, clearance)
    return follow(terminal, NONCE, clock, (seen if seen is not None else []).append, LONGEST)


def test_the_target_is_what_the_terminal_prepared():
    plan = WipePlan(NONCE, Technique.BLOCK_ERASE, True, (1,))
    assert prepare(cast(Any, Terminal([], [])), plan, TUSN) == (PREPARED, TARGET)


def test_a_wipe_is_started_once_and_followed_to_its_end():
    news = [WipeProgress(1, done, 4) for done in range(5)]
    terminal = Terminal(news, [WipeState.DONE])
    seen: list[WipeProgress] = []
    assert run(terminal, seen).state is WipeState.DONE
    assert seen == news
    assert terminal.starts == 1


def test_lost_news_does_not_lose_the_end():
    assert run(Terminal([], [WipeState.RUNNING, WipeState.RUNNING, WipeState.DONE])).state is WipeState.DONE


def test_a_failed_wipe_is_told_as_such():
    assert run(Terminal([], [WipeState.FAILED])).state is WipeState.FAILED


def test_i3_a_wipe_without_progress_is_unknown_and_is_not_started_again():
    terminal = Terminal([], [WipeState.RUNNING])
    with pytest.raises(OutcomeUnknown) as fault:
        run(terminal)
    assert fault.value.code == "wipe-stalled"
    assert terminal.now > PATIENCE_SECONDS
    assert terminal.starts == 1


def test_a_wipe_of_another_nonce_is_unknown():
    with pytest.raises(OutcomeUnknown) as fault:
        run(Terminal([], [WipeState.DONE], nonce=b"m" * 32))
    assert fault.value.code == "wipe-of-another"


def test_i2_a_clearance_for_another_start_stops_the_wipe():
    terminal = Terminal([], [WipeState.DONE])
    clearance = clear_for_wipe(
        Policy(waive_export_reason="test"),
        replace(TARGET, boot_count=4),
        export=None,
        unbinding=UnbindingProof((), (), TUSN),
        platform=None,
    )
    with pytest.raises(LocalProtocolError):
        start(cast(Any, terminal), PREPARED, TARGET, clearance)
    assert terminal.starts == 0


class Creeping(Terminal):
    """Always one block further, half a minute apart."""

    def next_wipe_progress(self, timeout):
        self.now += 30.0
        return WipeProgress(1, int(self.now), 1 << 30)


def test_i10_progress_for_ever_is_given_up_once_no_memory_takes_so_long():
    terminal = Creeping([], [WipeState.RUNNING])
    with pytest.raises(OutcomeUnknown) as fault:
        run(terminal)
    assert fault.value.code == "wipe-endless"
    assert LONGEST < terminal.now < 2 * LONGEST
    assert terminal.starts == 1


def test_how_long_a_wipe_may_take_comes_from_the_memory_and_not_from_the_terminals_estimate():
    def region(number, size, block):
        return Region(number, "r", RegionHolds.LOGS, 0, size, block, True, Addressable.YES, 0xFF)

    few = longest_seconds([region(1, 4096, 4096)])
    assert longest_seconds([region(1, 4097, 4096)]) == few + LONGEST_BLOCK_SECONDS
    assert longest_seconds([region(1, 4096, 4096), region(2, 512, 0)]) == few, "keys are no blocks"


class Repeating(Terminal):
    """Tells the same piece of news for ever, a tenth of a second apart."""

    def next_wipe_progress(self, timeout):
        self.now += 0.1
        return WipeProgress(1, 1, 4)


def test_i10_the_same_news_for_ever_is_no_progress():
    terminal = Repeating([], [WipeState.RUNNING])
    with pytest.raises(OutcomeUnknown) as fault:
        run(terminal)
    assert fault.value.code == "wipe-stalled"


def test_i3_a_lost_answer_is_asked_after_and_the_running_wipe_is_followed():
    terminal = Terminal([], [WipeState.RUNNING, WipeState.RUNNING, WipeState.DONE], answer_lost=True)
    assert run(terminal).state is WipeState.DONE
    assert terminal.starts == 1


def test_i3_a_wipe_that_did_not_begin_is_told_as_such_and_not_started_again():
    terminal = Terminal([], [WipeState.PREPARED], answer_lost=True)
    with pytest.raises(OutcomeUnknown) as fault:
        run(terminal)
    assert fault.value.code == "wipe-not-started"
    assert terminal.starts == 1


def test_i3_a_lost_answer_that_cannot_be_cleared_up_stays_unknown():
    with pytest.raises(StateUnknown):
        run(Terminal([], [WipeState.RUNNING], nonce=b"m" * 32, answer_lost=True))
