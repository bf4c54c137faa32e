import hashlib
import hmac
from datetime import UTC, datetime
from types import SimpleNamespace

import pytest

from agent.clock import Clock
from agent.erasure import milliseconds_allowed
from agent.errors import OutcomeUnknown
from agent.evidence.erasure_proof import ERASURE_PROOF, check_answers, parse_erasure_proof
from agent.evidence.intent import wipe_nonce
from agent.evidence.job import digest_of
from agent.journal import JournalEvent
from agent.policy import Policy
from agent.wipe.read_back import ReadBack
from agent.workflow.steps.prove import recall, run, take_up
from protocols.errors import DeadlineExceeded, DeviceRefused, StateUnknown
from protocols.terminal import Region, WipeStatus
from protocols.words import Addressable, RegionHolds, WipeState

INTENT = b"intent"
NONCE = wipe_nonce(INTENT)
REGION = Region(1, "journal", RegionHolds.JOURNAL, 0, 8192, 4096, True, Addressable.YES, 0xFF)
KEYS = Region(5, "keys", RegionHolds.KEYS, 0, 512, 0, True, Addressable.YES, 0)
BLANK = b"\xff" * REGION.size


def blank(region):
    return ReadBack(region.region, region.name, region.size, "full", region.size, 0, -1, True)


class Swapped(Exception):
    pass


class Terminal:
    """A region that is filled and emptied as it should be, unless told otherwise."""

    def __init__(self, *, state=WipeState.DONE, fillable=(1,), nonce=NONCE):
        self.state = state
        self.nonce = nonce
        self.fillable = fillable
        self.content = BLANK if state is WipeState.DONE else b"old filling".ljust(REGION.size, b"\xff")
        self.calls = []
        self.now = 0.0
        self.takes = 1 << 30
        self.answers_in = 0.5
        self.stores = lambda data: data
        self.erases = True
        self.lost = False

    def wipe_status(self):
        return WipeStatus(self.state, self.nonce, 1, True, ())

    def fillable_regions(self):
        return self.fillable

    def fill_memory(self, nonce, region, size, content, progress):
        assert (nonce, region, size, self.state) == (NONCE, 1, REGION.size, WipeState.DONE)
        self.calls.append("fill")
        self.state = WipeState.FILLED
        self.content = self.stores(content(size))[: self.takes].ljust(size, b"\xff")
        progress(min(size, self.takes))
        if self.lost:
            raise StateUnknown("MEMORY_FILL", DeadlineExceeded("MEMORY_FILL", 60))
        if self.takes < size:
            raise DeviceRefused("MEMORY_FILL", 4, "WRONG_STATE")

    def memory_digest(self, _region, _offset, _length, key):
        self.calls.append("ask" if self.state is WipeState.FILLED else "ask blank")
        self.now += self.answers_in
        return hmac.digest(key, self.content, hashlib.sha256)

    def erase_fill(self, nonce):
        assert nonce == NONCE
        self.calls.append("erase")
        self.state = WipeState.DONE
        self.content = BLANK if self.erases else self.content

    def next_wipe_progress(self, _timeout):
        return None

    def read_memory(self, _region, offset, length):
        assert self.state is WipeState.DONE
        return self.content[offset : offset + length]


def case(tmp_path, terminal, *, policy=None, swapped=False, read_backs=(REGION, KEYS), attempts=1):
    def require_same_terminal():
        if swapped:
            raise Swapped

    found = []
    (tmp_path / "intent.json").write_bytes(INTENT)
    return SimpleNamespace(
        number="R1",
        ledger=SimpleNamespace(
            entries=lambda _number: [
                *[SimpleNamespace(step="prove", event=JournalEvent.INTENT)] * attempts,
                SimpleNamespace(step="prove", event=JournalEvent.UNKNOWN),
                SimpleNamespace(step="wipe", event=JournalEvent.INTENT),
            ]
        ),
        require_same_terminal=require_same_terminal,
        driver=terminal,
        inspected=SimpleNamespace(regions=(REGION, KEYS)),
        request=SimpleNamespace(policy=policy or Policy(prove_erasure=True)),
        folder=SimpleNamespace(
            path=lambda name: tmp_path / name,
            read=lambda name: (tmp_path / name).read_bytes(),
            write=lambda name, data: (tmp_path / name).write_bytes(data),
        ),
        clock=Clock(wall=lambda: datetime(2026, 11, 25, tzinfo=UTC), steady=lambda: terminal.now),
        report=lambda _event: None,
        find=lambda code, **facts: found.append((code, facts)),
        found=found,
        read_backs=tuple(map(blank, read_backs)),
    )


def proof_in(tmp_path):
    return parse_erasure_proof((tmp_path / ERASURE_PROOF).read_bytes())


def test_an_honest_terminal_proves_that_it_erased_and_ends_empty(tmp_path):
    terminal = Terminal()
    proving = case(tmp_path, terminal)
    facts = run(proving)
    assert terminal.calls == ["fill", "ask", "erase", "ask blank"]
    assert (terminal.state, terminal.content, proving.found) == (WipeState.DONE, BLANK, [])
    assert facts["proof"] == digest_of((tmp_path / ERASURE_PROOF).read_bytes())
    proof = proof_in(tmp_path)
    assert (proof.case, proof.wipe_nonce, proof.regions[0].milliseconds) == ("R1", NONCE.hex(), 500)
    check_answers(proof, (REGION,))
    assert [each.region for each in proving.read_backs] == [1, 5]
    recalled = case(tmp_path, terminal, read_backs=())
    recall(recalled, facts)
    assert recalled.read_backs == proving.read_backs


def test_the_bytes_are_others_each_time(tmp_path):
    seeds = set()
    for _ in range(2):
        run(case(tmp_path, Terminal()))
        seeds.add((proof_in(tmp_path).seed, proof_in(tmp_path).regions[0].key))
    assert len(seeds) == 2


def test_i5_a_terminal_that_stores_less_gets_its_finding_and_its_evidence(tmp_path):
    terminal = Terminal()
    terminal.stores = lambda data: b"4111111111111111" + data[16:]
    proving = case(tmp_path, terminal)
    assert run(proving)["proven"]
    assert proving.found == [("erasure-disproven", {"region": "journal"})]
    assert terminal.content == BLANK
    assert proof_in(tmp_path).regions


def test_an_answer_that_took_too_long_is_a_finding(tmp_path):
    terminal = Terminal()
    terminal.answers_in = milliseconds_allowed(REGION.size) / 1000 + 1
    proving = case(tmp_path, terminal)
    run(proving)
    assert proving.found == [("erasure-answer-late", {"region": "journal", "seconds": 6})]


@pytest.mark.parametrize("level", [2, 3])
@pytest.mark.parametrize(
    ("terminal", "why"),
    [
        (Terminal(fillable=()), "unknown-to-terminal"),
        (Terminal(fillable=(2, 3)), "region-not-fillable"),
        (Terminal(state=WipeState.FAILED), "not-wiped"),
    ],
)
def test_where_there_is_no_proof_to_be_had_nothing_is_filled_and_the_reason_stands(tmp_path, terminal, why, level):
    (tmp_path / ERASURE_PROOF).write_bytes(b"of an attempt that broke off")
    proving = case(tmp_path, terminal, policy=Policy(prove_erasure=True, minimum_evidence_level=level))
    assert run(proving) == {"proven": False, "why": why}
    wanted = [("erasure-not-proven", {"why": why}), ("level-not-reached", {"level": 3})]
    assert proving.found == wanted[: level - 1]
    assert terminal.calls == []
    assert not (tmp_path / ERASURE_PROOF).exists()


def test_memory_that_is_not_blank_is_not_filled(tmp_path):
    terminal = Terminal()
    proving = case(tmp_path, terminal)
    proving.read_backs = (ReadBack(1, "journal", 8192, "full", 8192, 1, 0, False),)
    assert run(proving)["why"] == "not-blank"
    assert terminal.calls == []


def test_a_terminal_that_takes_no_more_is_emptied_and_noted(tmp_path):
    terminal = Terminal()
    terminal.takes = 100
    proving = case(tmp_path, terminal)
    facts = run(proving)
    assert (facts["proven"], facts["why"]) == (False, "refused")
    assert terminal.calls == ["fill", "erase", "ask blank"]
    assert terminal.content == BLANK
    assert proving.found == [("erasure-not-proven", {"why": "refused"})]
    assert not (tmp_path / ERASURE_PROOF).exists()


def test_what_the_second_erasing_leaves_is_found(tmp_path):
    terminal = Terminal()
    terminal.erases = False
    proving = case(tmp_path, terminal)
    run(proving)
    assert [code for code, _ in proving.found] == ["region-not-blank"]
    assert [each.blank for each in proving.read_backs] == [False, True]


def test_i7_what_a_filling_that_broke_off_left_is_erased_before_all_is_done_anew(tmp_path):
    terminal = Terminal(state=WipeState.FILLED)
    proving = case(tmp_path, terminal)
    assert take_up(proving, "2026-11-25T00:00:00Z")["proven"]
    assert terminal.calls == ["erase", "ask blank", "fill", "ask", "erase", "ask blank"]
    assert proving.found == []


def test_i7_a_proof_that_was_not_begun_is_simply_made(tmp_path):
    terminal = Terminal()
    take_up(case(tmp_path, terminal), "2026-11-25T00:00:00Z")
    assert terminal.calls == ["fill", "ask", "erase", "ask blank"]


def test_what_the_terminal_failed_to_erase_is_said_again_when_it_is_taken_up(tmp_path):
    terminal = Terminal(state=WipeState.FAILED)
    with pytest.raises(OutcomeUnknown) as fault:
        take_up(case(tmp_path, terminal), "2026-11-25T00:00:00Z")
    assert fault.value.code == "fill-not-erased"
    assert terminal.calls == []


@pytest.mark.parametrize(("attempts", "proven"), [(3, True), (4, False)])
def test_i7_a_proof_that_broke_off_time_and_again_is_given_up_and_the_memory_emptied(tmp_path, attempts, proven):
    terminal = Terminal(state=WipeState.FILLED)
    proving = case(tmp_path, terminal, policy=Policy(minimum_evidence_level=3), attempts=attempts)
    assert take_up(proving, "2026-11-25T00:00:00Z")["proven"] is proven
    assert (terminal.state, terminal.content) == (WipeState.DONE, BLANK)
    assert [code for code, _ in proving.found] == ([] if proven else ["erasure-not-proven", "level-not-reached"])


@pytest.mark.parametrize(
    "terminal", [Terminal(nonce=bytes(32)), Terminal(state=WipeState.INTERRUPTED), Terminal(state=WipeState.RUNNING)]
)
def test_i3_nothing_is_done_to_a_terminal_that_tells_of_another_wipe(tmp_path, terminal):
    with pytest.raises(OutcomeUnknown) as fault:
        take_up(case(tmp_path, terminal), "2026-11-25T00:00:00Z")
    assert fault.value.code == "wipe-of-another"
    assert terminal.calls == []


def test_i3_a_lost_answer_ends_the_step_and_nothing_is_sent_again(tmp_path):
    terminal = Terminal()
    terminal.lost = True
    with pytest.raises(StateUnknown):
        run(case(tmp_path, terminal))
    assert terminal.calls == ["fill"]


@pytest.mark.parametrize("act", [run, lambda each: take_up(each, "2026-11-25T00:00:00Z")])
def test_i9_nothing_is_filled_in_another_terminal(tmp_path, act):
    terminal = Terminal()
    with pytest.raises(Swapped):
        act(case(tmp_path, terminal, swapped=True))
    assert terminal.calls == []
