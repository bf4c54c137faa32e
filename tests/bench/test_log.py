"""What the log of cases costs when it is large: an append, a proof and a search at 1,000 and at 1,000,000 entries."""

import time

import pytest

from agent.evidence.caselog.audit import Contents, check_tree
from agent.evidence.caselog.entries import intent_entry
from agent.evidence.caselog.log import CaseLog
from agent.evidence.caselog.notes import read_checkpoint
from agent.evidence.caselog.search import open_intents, prove_entry, read_note
from agent.evidence.caselog.tiles import Tiles

pytestmark = pytest.mark.bench

SMALL, LARGE, AUDITED = 1_000, 1_000_000, 100_000
ROUNDS = 20
TIME = "2026-05-04T09:30:00.125Z"


def entries(start, end):
    return [intent_entry_bytes(at) for at in range(start, end)]


def intent_entry_bytes(at):
    """Return the bytes of an entry, without checking each: a million of them are wanted."""
    return TEMPLATE.replace(b"R20260504-000000", b"R20260504-%06X" % at).replace(b"00" * 32, b"%064x" % at)


TEMPLATE = intent_entry("R20260504-000000", "00" * 32, TIME).data()


def seconds(act, rounds=1):
    start = time.perf_counter()
    for _ in range(rounds):
        act()
    return (time.perf_counter() - start) / rounds


def test_the_log_at_a_thousand_and_at_a_million_entries(tmp_path):
    log = CaseLog(tmp_path)
    found = {}
    for size in (SMALL, LARGE):
        known = read_checkpoint(read_note(log.folder)).size if (log.folder / "checkpoint").exists() else 0
        for start in range(known, size, 100_000):
            log.extend(entries(start, min(start + 100_000, size)))
        one = entries(0, 1)
        found[size] = (
            seconds(lambda one=one: log.append(one), ROUNDS),
            seconds(lambda: prove_entry(log.folder, 500), ROUNDS),
            seconds(lambda: open_intents(log.folder, "R20260504-000007")),
        )
    for name, small, large in zip(("append and prove", "prove", "search a case"), *found.values(), strict=True):
        print(f"{name}: {small * 1e3:.2f} ms at {SMALL}, {large * 1e3:.2f} ms at {LARGE}, {large / small:.1f} times")
    assert all(spent > 0 for row in found.values() for spent in row)


def test_an_audit(tmp_path):
    log = CaseLog(tmp_path)
    log.extend(entries(0, AUDITED))
    checkpoint = read_checkpoint(read_note(log.folder))
    tiles = Tiles(log.folder, checkpoint.size)
    spent = seconds(lambda: check_tree(tiles, checkpoint, None, Contents(), lambda *_: None))
    print(f"audit: {AUDITED / spent:,.0f} entries a second")
    assert spent > 0
