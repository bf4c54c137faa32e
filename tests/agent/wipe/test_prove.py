import hashlib
import hmac
from datetime import UTC, datetime

import pytest

from agent.clock import Clock
from agent.erasure import expected_answer
from agent.errors import OutcomeUnknown
from agent.wipe.prove import RegionAnswer, ask, erase_again, fill
from protocols.errors import DeviceRefused
from protocols.terminal import Region, RegionOutcome, WipeProgress, WipeStatus
from protocols.words import Addressable, RegionHolds, RegionResult, WipeState

NONCE = b"n" * 32
SEED = b"s" * 32
REGIONS = (
    Region(1, "journal", RegionHolds.JOURNAL, 0, 20_000, 4096, True, Addressable.YES, 0xFF),
    Region(2, "logs", RegionHolds.LOGS, 20_000, 5_000, 4096, True, Addressable.YES, 0xFF),
)


class Terminal:
    """Keeps what it is filled with, and writes down in which order it is asked what."""

    def __init__(self, states=(WipeState.DONE,), news=(), refuses=False):
        self.memory = {}
        self.calls = []
        self.now = 0.0
        self.states = list(states)
        self.news = list(news)
        self.refuses = refuses

    @property
    def clock(self):
        return Clock(wall=lambda: datetime(2026, 11, 25, tzinfo=UTC), steady=lambda: self.now)

    def fill_memory(self, nonce, region, size, content, progress):
        assert nonce == NONCE
        self.calls.append(("fill", region))
        self.memory[region] = content(size)
        progress(size)

    def memory_digest(self, region, offset, length, key):
        assert (offset, length) == (0, len(self.memory[region]))
        self.calls.append(("ask", region))
        self.now += 1.25
        return hmac.digest(key, self.memory[region], hashlib.sha256)

    def erase_fill(self, nonce):
        assert nonce == NONCE
        self.calls.append(("erase", 0))
        if self.refuses:
            raise DeviceRefused("FILL_ERASE", 9, "LOW_BATTERY")

    def next_wipe_progress(self, timeout):
        if self.news:
            return self.news.pop(0)
        self.now += timeout
        return None

    def wipe_status(self):
        state = self.states.pop(0) if len(self.states) > 1 else self.states[0]
        return WipeStatus(state, NONCE, 1, True, (RegionOutcome(1, RegionResult.ERASED, 2, 4),))


def test_all_regions_are_full_before_a_key_is_drawn_and_each_has_its_own():
    terminal = Terminal()
    filled = []

    def draw(count):
        terminal.calls.append(("draw", count))
        return bytes([len(terminal.calls)]) * count

    fill(terminal, REGIONS, NONCE, SEED, filled.append)
    answers = ask(terminal, REGIONS, terminal.clock, draw)
    assert [name for name, _ in terminal.calls] == ["fill", "fill", "draw", "ask", "draw", "ask"]
    assert filled == [20_000, 5_000]
    assert answers[0].key != answers[1].key
    assert answers == tuple(
        RegionAnswer(each.region, each.size, each.key, expected_answer(SEED, each.region, each.size, each.key), 1250)
        for each in answers
    )


def test_a_byte_that_was_not_stored_changes_the_answer():
    terminal = Terminal()
    fill(terminal, REGIONS, NONCE, SEED, lambda _count: None)
    terminal.memory[1] = terminal.memory[1][:-1] + bytes([terminal.memory[1][-1] ^ 1])
    (first, second) = ask(terminal, REGIONS, terminal.clock, lambda count: b"k" * count)
    assert first.answer != expected_answer(SEED, 1, 20_000, first.key)
    assert second.answer == expected_answer(SEED, 2, 5_000, second.key)


def test_erasing_again_is_followed_to_its_end_and_old_news_is_none_of_it():
    old = WipeProgress(1, 4, 4)
    terminal = Terminal(states=[WipeState.FILLED, WipeState.FILLED, WipeState.DONE], news=[old, old])
    seen = []
    assert erase_again(terminal, NONCE, terminal.clock, seen.append, 600.0).state is WipeState.DONE
    assert seen == []
    assert [name for name, _ in terminal.calls] == ["erase"]


@pytest.mark.parametrize(
    ("terminal", "code"),
    [
        (Terminal(refuses=True), "fill-not-erased"),
        (Terminal(states=[WipeState.INTERRUPTED]), "fill-not-erased"),
        (Terminal(states=[WipeState.FILLED]), "wipe-stalled"),
    ],
)
def test_what_may_still_be_filled_is_no_end(terminal, code):
    with pytest.raises(OutcomeUnknown) as fault:
        erase_again(terminal, NONCE, terminal.clock, lambda _news: None, 600.0)
    assert fault.value.code == code
